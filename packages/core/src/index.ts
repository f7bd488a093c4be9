export * from './errors/index.ts';
export * from './weeks/index.ts';
export * from './columns/index.ts';
export * from './batch/index.ts';
export * from './panel/index.ts';
export * from './discounts/index.ts';
export * from './tables/index.ts';
export * from './model/index.ts';
