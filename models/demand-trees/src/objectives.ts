import type { Examples } from './examples.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';

/** What trees are grown for. */
export type ObjectiveName = 'squares' | 'tweedie' | 'poisson';

/** Trees that are grown together; forecasts are the mean of all members. */
export interface Member {
  /** Of what is saved of it. */
  readonly name: string;
  readonly objective: ObjectiveName;
  /** Where its trees begin: at demand at the price by the past, or at the level of the series, whatever the price. */
  readonly beginsAt: 'price' | 'level';
}

/**
 * What forecasts are the mean of. Where all begin at demand at the price, all of them have the errors of that; trees that begin at the level have
 * others.
 */
export const MEMBERS: readonly Member[] = [
  { name: 'squares', objective: 'squares', beginsAt: 'price' },
  { name: 'tweedie', objective: 'tweedie', beginsAt: 'price' },
  { name: 'poisson', objective: 'poisson', beginsAt: 'price' },
  { name: 'squares-level', objective: 'squares', beginsAt: 'level' },
];

/** Demand over the level is at least this where trees begin, so that its logarithm is finite. */
const LEAST_START = 1e-3;
/** What logarithms of demand over the level are confined to. */
const MOST = 12;

/**
 * @param name of the objective
 * @returns whether scores are logarithms
 */
export function isLogarithmic(name: ObjectiveName): boolean {
  return name !== 'squares';
}

/**
 * @param member whose trees begin
 * @param start demand over the level by the past alone, at the price
 * @returns the score that trees begin with
 */
export function startScore({ objective, beginsAt }: Member, start: number): number {
  const ratio = beginsAt === 'level' ? 1 : start;
  return isLogarithmic(objective) ? Math.log(Math.max(LEAST_START, ratio)) : ratio;
}

/**
 * @param name of the objective
 * @param score start and trees
 * @returns demand over the level, at least 0
 */
export function ratioOf(name: ObjectiveName, score: number): number {
  return isLogarithmic(name) ? Math.exp(Math.max(-MOST, Math.min(MOST, score))) : Math.max(0, score);
}

/**
 * What LightGBM is told of an objective.
 * @param name of the objective
 * @param tweediePower its variance power
 * @returns parameters
 */
export function objectiveParameters(
  name: ObjectiveName,
  { tweediePower }: DemandTreesHyperparameters,
): Record<string, string | number | boolean> {
  if (name === 'squares') return { objective: 'regression', boost_from_average: false };
  if (name === 'poisson') return { objective: 'poisson', poisson_max_delta_step: 0.3 };
  return { objective: 'tweedie', tweedie_variance_power: tweediePower };
}

/**
 * How much each example counts. The demand error sums up black price × level² × squares, but a few weeks of the largest series would
 * decide alone by that, and trees would learn these by heart: of the level a smaller power says more of weeks to come.
 * @param examples that are learnt from
 * @param weightPower of the level
 * @returns weights with the mean 1
 */
export function weightsOf(examples: Examples, weightPower: number): Float32Array {
  const weights = Float32Array.from(examples.level, (level, i) => examples.price[i]! * level ** weightPower);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / Math.max(1, weights.length);
  return weights.map((weight) => weight / mean);
}
