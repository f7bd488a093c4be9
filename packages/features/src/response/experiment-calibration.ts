import { liftAt } from './response-basis.ts';
import type { ResponseCurve } from './response-curve.ts';
import type { ResponseRows } from './response-rows.ts';

/** What experiments say of the whole curve: by how much it is to be multiplied. */
export interface ExperimentEvidence {
  readonly factor: number;
  readonly variance: number;
  readonly weeks: number;
}

/** Weights of single weeks are confined to this: one of probability 0.001 must not stand for a thousand. */
const MOST_WEIGHT = 50;

const [ROUNDS, ARRIVED] = [50, 1e-9];
/** A round moves the factor by no more. */
const MOST_STEP = 0.5;

/**
 * The factor on a curve that the weeks of experiments ask for. Within an experiment, weeks weighted by the inverse of the probability of
 * their discount (Horvitz & Thompson 1952) are alike whatever their discount, so that no model of who got which is needed:
 *
 *   E q = exp(log mean + level_e + (factor − 1) · lift(d)),
 *
 * with the mean by the curve and a level for each experiment, is solved for the factor by Poisson pseudo-likelihood.
 * @param rows with `experiment` and `propensity`
 * @param curve whose means are used
 * @returns the factor (1: the curve is right) and its sampling variance; null where no experiment has two discounts
 */
export function experimentEvidence(rows: ResponseRows, curve: ResponseCurve): ExperimentEvidence | null {
  const experiments = weeksByName(rows, curve).map((members) => ({
    units: members.map((i) => rows.demand[curve.rows[i]!]!),
    means: members.map((i) => curve.means[i]!),
    lift: members.map((i) => liftAt(curve.slopes, rows.discount[curve.rows[i]!]!)),
    weight: members.map(
      (i) =>
        (curve.weights[i]! / curve.means[i]!) * Math.min(MOST_WEIGHT, 1 / rows.propensity[curve.rows[i]!]!),
    ),
  }));
  let factor = 1;
  for (let round = 1; ; round++) {
    let [score, information, noise, weeks] = [0, 0, 0, 0];
    for (const { units, means, lift, weight } of experiments) {
      const expected = means.map((mean, j) => mean * Math.exp((factor - 1) * lift[j]!));
      const level = weighted(units, weight) / weighted(expected, weight);
      const of = expected.map((mean) => level * mean);
      const mass = of.map((mean, j) => weight[j]! * mean);
      const middle = weighted(lift, mass) / mass.reduce((sum, one) => sum + one, 0);
      lift.forEach((one, j) => {
        const pull = weight[j]! * (one - middle);
        score += pull * (units[j]! - of[j]!);
        information += mass[j]! * (one - middle) ** 2;
        noise += (pull * (units[j]! - of[j]!)) ** 2;
      });
      weeks += units.length;
    }
    if (!(information > 0)) return null;
    const step = Math.max(-MOST_STEP, Math.min(MOST_STEP, score / information));
    if (round === ROUNDS || Math.abs(step) < ARRIVED)
      return { factor, variance: noise / information ** 2, weeks };
    factor += step;
  }
}

/** Positions among the curve's rows, of each experiment in which something was sold. */
function weeksByName(rows: ResponseRows, curve: ResponseCurve): number[][] {
  const byName = new Map<string, number[]>();
  curve.rows.forEach((row, i) => {
    const name = rows.experiment[row] ?? null;
    if (name === null || Number.isNaN(rows.propensity[row]!)) return;
    const weeks = byName.get(name);
    if (weeks === undefined) byName.set(name, [i]);
    else weeks.push(i);
  });
  return [...byName.values()].filter((members) => members.some((i) => rows.demand[curve.rows[i]!]! > 0));
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, one, j) => sum + weights[j]! * one, 0);
}

/**
 * Joins what all weeks say of the factor on the curve with what experiments say. All weeks may be biased, by as much as the two differ
 * beyond their sampling errors (the moment estimate of DerSimonian & Laird 1986 for two studies of which one is unbiased).
 * @param factor by all weeks
 * @param variance of it, from sampling alone
 * @param experiments what they say, null where there are none
 * @returns the factor, weighted by the inverse of the variances, and its variance
 */
export function calibrate(
  factor: number,
  variance: number,
  experiments: ExperimentEvidence | null,
): { readonly factor: number; readonly variance: number } {
  if (experiments === null) return { factor, variance };
  const bias = Math.max(0, (factor - experiments.factor) ** 2 - variance - experiments.variance);
  const [all, own] = [1 / (variance + bias), 1 / experiments.variance];
  return { factor: (all * factor + own * experiments.factor) / (all + own), variance: 1 / (all + own) };
}
