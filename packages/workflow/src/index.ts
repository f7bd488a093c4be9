export * from './registry/index.ts';
export * from './requirements/index.ts';
