export * from './manifest.ts';
export * from './output-commit.ts';
