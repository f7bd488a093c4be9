import type { QuantityName } from '@hemline/core';

/**
 * The one metric that says how good a model is.
 * @param quantity that it forecasts
 * @returns name of the metric; lower is better
 */
export function mainMetric(quantity: QuantityName): string {
  return quantity === 'demand' ? 'demandError' : 'wape';
}

/**
 * @param metric that is main for a quantity
 * @returns name of the metric that says by how much it would scatter with other articles
 */
export function standardErrorOf(metric: string): string {
  return `${metric}StandardError`;
}
