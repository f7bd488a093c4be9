export { demandActuals, type DemandActuals, type DemandActualsOptions } from './demand-actuals.ts';
export { fulfillmentCostActuals, residualValueActuals } from './cost-actuals.ts';
export { nothingObserved, type ItemActuals } from './item-actuals.ts';
export { returnRateActuals, returnTimeActuals } from './return-actuals.ts';
