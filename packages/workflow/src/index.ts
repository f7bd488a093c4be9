export * from './launch/index.ts';
export * from './registry/index.ts';
export * from './requirements/index.ts';
export * from './runs/index.ts';
