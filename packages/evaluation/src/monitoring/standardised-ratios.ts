import type { Week } from '@hemline/core';
import type { NoticePanel } from './notice-panel.ts';
import { classesOf, CONDITION_SIZES } from './row-conditions.ts';
import type { StrataPanel, StrataSums } from './strata-panel.ts';
import { windowRatios, type WindowRatios } from './window-ratios.ts';

/** Sweeps over the conditions: the factors hardly move after so many. */
const SWEEPS = 6;
/** A factor is drawn toward the common one as if so much more had been forecast and sold: a class of few units says little. */
const PRIOR_UNITS = 10;
/** A part with less of all forecasts than this shifts its own yardstick by too little to be left out of it. */
const LEAST_SHARE = 0.02;

/** Factors of the classes, by condition. */
type Factors = readonly Float64Array[];

/**
 * What parts sold over what was to be expected of them, were they like the others under their conditions (indirect standardisation,
 * as in a standardised mortality ratio). The factors of a window's conditions are those of the other parts together: a log-linear
 * model of main effects, fitted by iterative proportional fitting (Deming & Stephan 1940). What a week, a sale or the course of a
 * season does to all alike is then no change of a part, nor is what the forecast could have known of a series and did not.
 * @param sums by part and stratum, of a window
 * @param parts how many there are, at least as many as have rows
 * @returns log( Σ demand / Σ expected ) of each part; not finite where it or the others sold nothing, or nothing was forecast
 */
export function standardisedRatios(sums: StrataSums, parts: number): Float64Array {
  const { part, numerator, denominator } = sums;
  const classes = classesOf(sums.stratum);
  const [demand, forecast] = [new Float64Array(parts), new Float64Array(parts)];
  for (let cell = 0; cell < part.length; cell++) {
    demand[part[cell]!]! += numerator[cell]!;
    forecast[part[cell]!]! += denominator[cell]!;
  }
  const least = LEAST_SHARE * forecast.reduce((sum, each) => sum + each, 0);
  const common = fitFactors(sums, classes, null);
  const factors = Array.from(forecast, (own, i) => (own < least ? common : fitFactors(sums, classes, i)));
  const expected = new Float64Array(parts);
  for (let cell = 0; cell < part.length; cell++) {
    const own = factors[part[cell]!];
    expected[part[cell]!]! += own ? denominator[cell]! * product(own, classes, cell, null) : NaN;
  }
  return demand.map((units, i) => Math.log(units / expected[i]!));
}

/**
 * As `windowRatios`, with the ratios standardised: each is relative to the others, so that no median is taken off.
 * @param panels of all parts of a dimension, with the errors for want of more articles
 * @param kept places of those that are compared
 * @param strata of all parts, in the same places
 * @param weeks all, in order
 * @param length of a window, in weeks
 * @returns ratios and their errors
 */
export function standardisedWindows(
  panels: readonly NoticePanel[],
  kept: readonly number[],
  strata: StrataPanel,
  weeks: readonly Week[],
  length: number,
): WindowRatios {
  const plain = windowRatios(
    kept.map((part) => panels[part]!),
    weeks,
    length,
  );
  const relative = plain.raw.map((ratios, at) => {
    const sums = strata.sums(weeks[at]!, length);
    if (sums === null) return new Float64Array(kept.length).fill(NaN);
    const standardised = standardisedRatios(sums, panels.length);
    // Too few articles for a plain ratio are too few for this one.
    return ratios.map((ratio, i) => (Number.isFinite(ratio) ? standardised[kept[i]!]! : NaN));
  });
  return { ...plain, raw: relative, relative };
}

/** Null where the others sold nothing, or nothing was forecast of them. */
function fitFactors(
  { part, numerator, denominator }: StrataSums,
  classes: readonly Int32Array[],
  leftOut: number | null,
): Factors | null {
  const cells = Uint32Array.from(part.keys()).filter((cell) => part[cell] !== leftOut);
  let [demand, forecast] = [0, 0];
  for (const cell of cells) {
    demand += numerator[cell]!;
    forecast += denominator[cell]!;
  }
  const level = demand / forecast;
  if (!(level > 0 && level < Infinity)) return null;
  // The first condition has the level, which its classes are drawn toward; those of the others toward 1.
  const factors = CONDITION_SIZES.map((size, at) => new Float64Array(size).fill(at === 0 ? level : 1));
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    factors.forEach((own, at) => {
      const toward = at === 0 ? level : 1;
      const sold = new Float64Array(own.length).fill(toward * PRIOR_UNITS);
      const meant = new Float64Array(own.length).fill(PRIOR_UNITS);
      for (const cell of cells) {
        const of = classes[at]![cell]!;
        sold[of]! += numerator[cell]!;
        meant[of]! += denominator[cell]! * product(factors, classes, cell, at);
      }
      own.forEach((_, of) => (own[of] = sold[of]! / meant[of]!));
    });
  return factors;
}

/** Of the factors of a cell, but one. */
function product(
  factors: Factors,
  classes: readonly Int32Array[],
  cell: number,
  without: number | null,
): number {
  let result = 1;
  for (let at = 0; at < factors.length; at++)
    if (at !== without) result *= factors[at]![classes[at]![cell]!]!;
  return result;
}
