export * from './hemline-error.ts';
export * from './causes.ts';
export * from './listing.ts';
export * from './pack.ts';
