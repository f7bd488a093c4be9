export * from './schema.ts';
export * from './batch.ts';
export * from './missing.ts';
export * from './rows.ts';
export * from './check.ts';
