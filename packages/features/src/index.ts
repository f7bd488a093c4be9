export * from './cohorts/index.ts';
export * from './shrinkage/index.ts';
