export * from './root.ts';
export * from './hosts.ts';
export * from './training-context.ts';
export * from './processing-context.ts';
export * from './outcome.ts';
