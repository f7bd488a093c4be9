export {
  importOnlineRetail,
  type ImportOptions,
  type ImportSummary,
} from './online-retail/import-online-retail.ts';
export type { LineKindName } from './online-retail/invoice-lines.ts';
export type { Count } from './online-retail/match-returns.ts';
