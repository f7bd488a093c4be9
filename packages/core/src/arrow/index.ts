export * from './to-arrow.ts';
export * from './from-arrow.ts';
