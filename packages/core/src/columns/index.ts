export * from './column.ts';
export * from './build.ts';
export * from './take.ts';
export * from './concat.ts';
export * from './decimal.ts';
