export { simulateMarket, type MarketSummary } from './simulate-market.ts';
export type { DemandShift, MarketOptions } from './options.ts';
export { columnAt } from './output/schemas.ts';
export { type TableSummaries } from './output/market-writers.ts';
export { type TableSummary } from './output/table-writer.ts';
