import { QUANTITIES, type QuantityName } from '@hemline/core';
import { ShareScore, WeightedScore } from './scores.ts';

/** What forecasts of items are scored by. */
export type ItemScore = ShareScore | WeightedScore;

/**
 * @param quantity that is forecast
 * @returns a score of it without rows
 */
export function emptyItemScore(quantity: Exclude<QuantityName, 'demand'>): ItemScore {
  return quantity === 'return-rate' ? new ShareScore() : new WeightedScore(QUANTITIES[quantity].values);
}
