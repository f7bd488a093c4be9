export * from './schemas.ts';
export * from './descriptor.ts';
export * from './staging.ts';
export * from './market-writers.ts';
export * from './table-writer.ts';
