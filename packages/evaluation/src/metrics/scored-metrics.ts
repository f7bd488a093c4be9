import type { AnyModel } from '@hemline/core';
import { emptyItemScore } from './item-score.ts';
import { DemandScore } from './scores.ts';

/**
 * The metrics that evaluations give of a model: what can be required of its versions, or ranked by.
 * @param model its quantity and quantiles
 * @returns their names
 */
export function scoredMetrics({
  quantity,
  quantiles = [],
}: Pick<AnyModel, 'quantity' | 'quantiles'>): string[] {
  if (quantity !== 'demand') return [...Object.keys(emptyItemScore(quantity).metrics()), 'wapeStandardError'];
  const scores = Object.keys(new DemandScore(quantiles).metrics());
  return [...scores, 'demandErrorStandardError', 'monotoneViolations'];
}
