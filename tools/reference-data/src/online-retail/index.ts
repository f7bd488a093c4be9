export { importOnlineRetail, type ImportOptions, type ImportSummary } from './import-online-retail.ts';
export type { LineKindName } from './line-kind.ts';
export type { Count } from './match-returns.ts';
