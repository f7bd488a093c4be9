import { liftAt } from './response-basis.ts';
import type { ResponseCurve } from './response-curve.ts';
import type { ResponseRows } from './response-rows.ts';

/** By how much a whole curve is to be multiplied. */
export interface CurveFactor {
  readonly factor: number;
  readonly variance: number;
  /** Weeks of experiments that it rests on. */
  readonly weeks: number;
}

/**
 * What is believed of the bias of a factor by all weeks before any experiment: its standard deviation. In simulated markets it was 0.04 where a planner
 * followed stock, and 0.13 where somebody priced who knew the responses.
 */
const BIAS_DEVIATION = 0.1;

/** Weights of single weeks are confined to this: one of probability 0.001 must not stand for a thousand. */
const MOST_WEIGHT = 50;

const [ROUNDS, ARRIVED] = [50, 1e-9];
/** A round moves the factor by no more. */
const MOST_STEP = 0.5;

/** What the weeks of one experiment sold. */
interface Experiment {
  readonly units: readonly number[];
  readonly means: readonly number[];
  readonly lift: readonly number[];
  /** Inverse of the probability, and of what the count varies by. */
  readonly weight: readonly number[];
  /** Weight of the week in the curve. */
  readonly own: readonly number[];
}

/**
 * Holds the factor on a curve by all weeks, which may be biased, against the weeks of experiments. Within an experiment, weeks weighted by the inverse of the
 * probability of their discount (Horvitz & Thompson 1952) are alike whatever their discount, so that no model of who got which is
 * needed:
 *
 *   E q = exp(log mean + level_e + (factor − 1) · lift(d)),
 *
 * with the mean by the curve and a level for each experiment: a Poisson pseudo-likelihood of the factor, scaled to the variance of its score. The
 * factor by all weeks, with its variance and that of its bias, is what is believed before. So a few weeks, whatever they sold, move
 * the factor by little, and many decide it.
 * @param rows with `experiment` and `propensity`
 * @param curve whose means are used
 * @param factor by all weeks, in units of the curve
 * @param variance of it, from sampling alone
 * @returns the factor, and its variance; as given where no experiment has two discounts
 */
export function calibrate(
  rows: ResponseRows,
  curve: ResponseCurve,
  factor: number,
  variance: number,
): CurveFactor {
  const experiments = experimentsOf(rows, curve);
  const precision = 1 / (variance + BIAS_DEVIATION ** 2);
  const weeks = experiments.reduce((sum, { units }) => sum + units.length, 0);
  for (let [round, found] = [1, factor]; ; round++) {
    const { score, information, noise } = slopeAt(experiments, found, curve.dispersion);
    if (!(information > 0)) return { factor, variance, weeks: 0 };
    const scale = information / noise;
    const all = precision + scale * information;
    const step = (scale * score + precision * (factor - found)) / all;
    if (round === ROUNDS || Math.abs(step) < ARRIVED) return { factor: found, variance: 1 / all, weeks };
    found += Math.max(-MOST_STEP, Math.min(MOST_STEP, step));
  }
}

/** Score of the pseudo-likelihood at a factor, the information, and the variance of the score. */
function slopeAt(
  experiments: readonly Experiment[],
  factor: number,
  dispersion: number,
): { readonly score: number; readonly information: number; readonly noise: number } {
  let [score, information, seen, supposed] = [0, 0, 0, 0];
  for (const { units, means, lift, weight, own } of experiments) {
    const expected = means.map((mean, j) => mean * Math.exp((factor - 1) * lift[j]!));
    const level = weighted(units, weight) / weighted(expected, weight);
    const of = expected.map((mean) => level * mean);
    const mass = of.map((mean, j) => weight[j]! * mean);
    const middle = weighted(lift, mass) / mass.reduce((sum, one) => sum + one, 0);
    lift.forEach((one, j) => {
      const pull = weight[j]! * (one - middle);
      score += pull * (units[j]! - of[j]!);
      information += mass[j]! * (one - middle) ** 2;
      seen += (pull * (units[j]! - of[j]!)) ** 2;
      supposed += (dispersion * (pull * of[j]!) ** 2) / own[j]!;
    });
  }
  // Few residuals tell their variance badly, and those of a level that is fitted to them are too small.
  return { score, information, noise: Math.max(seen, supposed) };
}

function experimentsOf(rows: ResponseRows, curve: ResponseCurve): Experiment[] {
  return weeksByName(rows, curve).map((members) => ({
    units: members.map((i) => rows.demand[curve.rows[i]!]!),
    means: members.map((i) => curve.means[i]!),
    lift: members.map((i) => liftAt(curve.slopes, rows.discount[curve.rows[i]!]!)),
    weight: members.map(
      (i) =>
        (curve.weights[i]! / curve.means[i]!) * Math.min(MOST_WEIGHT, 1 / rows.propensity[curve.rows[i]!]!),
    ),
    own: members.map((i) => curve.weights[i]!),
  }));
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
