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

/**
 * The factor on a curve that the weeks of experiments ask for. Within an experiment, weeks weighted by the inverse of the probability of
 * their discount (Horvitz & Thompson 1952) are alike whatever their discount, so that no model of who got which is needed: what
 * the forecast leaves of demand is held against the lift of the discount, less the experiment's mean.
 * @param rows with `experiment` and `propensity`
 * @param curve whose residuals are used
 * @returns the factor (1: the curve is right) and its sampling variance; null where no experiment has two discounts
 */
export function experimentEvidence(rows: ResponseRows, curve: ResponseCurve): ExperimentEvidence | null {
  const byName = new Map<string, number[]>();
  curve.rows.forEach((row, i) => {
    const name = rows.experiment[row];
    if (name === null || name === undefined || Number.isNaN(rows.propensity[row]!)) return;
    const weeks = byName.get(name);
    if (weeks === undefined) byName.set(name, [i]);
    else weeks.push(i);
  });
  let [score, information, noise, weeks] = [0, 0, 0, 0];
  for (const members of byName.values()) {
    const lift = members.map((i) => liftAt(curve.slopes, rows.discount[curve.rows[i]!]!));
    const weight = members.map(
      (i) => curve.weights[i]! * Math.min(MOST_WEIGHT, 1 / rows.propensity[curve.rows[i]!]!),
    );
    const total = weight.reduce((sum, one) => sum + one, 0);
    const [meanLift, meanRest] = [lift, members.map((i) => curve.rest[i]!)].map(
      (values) => values.reduce((sum, one, j) => sum + weight[j]! * one, 0) / total,
    ) as [number, number];
    members.forEach((i, j) => {
      const apart = lift[j]! - meanLift;
      score += weight[j]! * apart * (curve.rest[i]! - meanRest);
      information += weight[j]! * apart * apart;
      noise += (weight[j]! * apart) ** 2 / curve.weights[i]!;
    });
    weeks += members.length;
  }
  if (!(information > 0)) return null;
  return { factor: 1 + score / information, variance: (curve.dispersion * noise) / information ** 2, weeks };
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
