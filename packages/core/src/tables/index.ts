export * from './table-definition.ts';
export * from './definitions.ts';
export * from './tables.ts';
