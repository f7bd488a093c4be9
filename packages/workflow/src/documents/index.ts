export * from './durable-file.ts';
export * from './metric-value.ts';
export * from './read-document.ts';
