import type { QuantityName } from '@hemline/core';

/**
 * The one metric that says how good a model is.
 * @param quantity that it forecasts
 * @returns name of the metric; lower is better
 */
export function mainMetric(quantity: QuantityName): string {
  return quantity === 'demand' ? 'demandError' : 'wape';
}
