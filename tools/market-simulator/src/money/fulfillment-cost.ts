import { normal } from '../random/continuous.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** What one unit costs on its way, in currency units. */
export interface FulfillmentCost {
  readonly shipping: number;
  readonly returning: number;
}

/** Coefficient of variation of a single unit's cost. */
const UNIT_VARIATION = 0.25;
const LEAST_SHARE = 0.2;

/**
 * What a number of units cost in all: each varies by itself, so the mean of many is steadier.
 * @param random the stream
 * @param units how many
 * @param unitCost expected cost of one
 * @returns the cost, at least a fifth of what is expected; 0 for no unit
 */
export function drawCost(random: RandomGenerator, units: number, unitCost: number): number {
  if (units === 0) return 0;
  const factor = Math.max(LEAST_SHARE, 1 + (UNIT_VARIATION * normal(random)) / Math.sqrt(units));
  return Math.round(units * unitCost * factor * 100) / 100;
}
