import { binomial } from '../random/discrete.ts';
import { lognormalFactor } from '../random/continuous.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** What a unit is worth after the season, as a share of its black price. */
export interface ResidualValue {
  /** Right at the end of the season. */
  readonly share: number;
  /** Share of the value lost every week after it. */
  readonly decay: number;
}

/** A sale of leftover units. */
export interface ClearanceLot {
  /** Weeks after the season's end. */
  readonly weeksAfter: number;
  /** Expected share of the units left that goes. */
  readonly share: number;
}

/** When leftovers are cleared; the last lot comes after the last returns and takes everything. */
export const CLEARANCE_LOTS: readonly ClearanceLot[] = [
  { weeksAfter: 2, share: 0.5 },
  { weeksAfter: 5, share: 0.5 },
  { weeksAfter: 9, share: 0.6 },
  { weeksAfter: 15, share: 1 },
];

const LOT_DEVIATION = 0.2;

/**
 * @param residual the article's parameters in the market
 * @param weeksAfter weeks after the season's end
 * @returns expected value of a unit as a share of the black price
 */
export function residualShare(residual: ResidualValue, weeksAfter: number): number {
  return residual.share * Math.exp(-residual.decay * weeksAfter);
}

/**
 * What a unit is worth before it is cleared, over all the lots that may take it.
 * @param residual the article's parameters in the market
 * @param weeksAfter weeks after the season's end from which on it is there; 0: it is left at the end
 * @returns expected value as a share of the black price
 */
export function expectedResidual(residual: ResidualValue, weeksAfter: number): number {
  let worth = 0;
  let there = 1;
  for (const lot of CLEARANCE_LOTS) {
    if (lot.weeksAfter < weeksAfter) continue;
    worth += there * lot.share * residualShare(residual, lot.weeksAfter);
    there *= 1 - lot.share;
  }
  return worth;
}

/**
 * Draws how many units a lot takes.
 * @param random the stream
 * @param lot which lot
 * @param left units left
 * @returns units
 */
export function drawLotUnits(random: RandomGenerator, lot: ClearanceLot, left: number): number {
  return lot.share === 1 ? left : binomial(random, left, lot.share);
}

/**
 * Draws what a lot brings in all.
 * @param random the stream
 * @param units of the lot
 * @param blackPrice of one
 * @param share expected value as a share of the black price
 * @returns the value, expectation units × black price × share
 */
export function drawLotValue(
  random: RandomGenerator,
  units: number,
  blackPrice: number,
  share: number,
): number {
  return Math.round(units * blackPrice * share * lognormalFactor(random, LOT_DEVIATION) * 100) / 100;
}
