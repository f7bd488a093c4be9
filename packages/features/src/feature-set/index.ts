export * from './ahead.ts';
export * from './feature-columns.ts';
export * from './feature-set.ts';
