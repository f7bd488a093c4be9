export * from './to-data-frame.ts';
export * from './from-data-frame.ts';
export * from './describe.ts';
