export * from './fulfillment-cost.ts';
export * from './residual-value.ts';
