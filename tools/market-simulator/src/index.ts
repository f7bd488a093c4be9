export { simulateMarket, type MarketSummary } from './simulate-market.ts';
export type { DemandShift, MarketOptions } from './options.ts';
export { columnAt, type TableSummaries, type TableSummary } from './output/index.ts';
