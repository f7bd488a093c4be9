export * from './compute.ts';
export * from './declaration.ts';
export * from './locations.ts';
export * from './model-facts.ts';
export * from './settings.ts';
export * from './steps.ts';
export * from './workflow.ts';
