export { sizeShares, SizeShares, type SizeSharesOptions } from './size-shares.ts';
export { demandLevels, DemandLevels } from './demand-levels.ts';
export { type DynamicsOptions } from './level-dynamics.ts';
export { type LevelDynamics } from './level-filter.ts';
export { recoverDemand, IMPUTED } from './recover-demand.ts';
export { inSeriesOrder, type SizedTables } from './series-order.ts';
