export * from './key-index.ts';
export * from './panel.ts';
