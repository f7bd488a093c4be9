import { ConfigurationError, listing, nearest, UnsupportedError } from '@hemline/core';
import { encodeHyperparameters } from '@hemline/runtime';
import type { ExperimentOutcome } from '../experiment-result.ts';
import type { Promotion } from './promotion.ts';

type Standing = ExperimentOutcome['variants'][number];

/**
 * The promotion of a variant.
 * @param outcome of its experiment
 * @param name of the variant; the first of the ranking by default
 * @param anyway also one that is not better than the champion beyond noise
 * @returns what to write into the weekly workflow
 * @throws UnsupportedError when there is no such variant
 * @throws ConfigurationError when it was not tried to the end, or is not better beyond noise
 */
export function promotionOf(
  outcome: ExperimentOutcome,
  name: string | undefined,
  anyway: boolean,
): Promotion {
  const variant = variantOf(outcome, name);
  const { metric, experiment } = outcome;
  if (variant.status !== 'finished')
    throw new ConfigurationError(`${variant.name} was not tried to the end`, {
      expected: `a variant with a rank in experiment ${experiment}`,
      found: `${variant.status}: ${variant.reason}`,
      remedy: 'Choose a finished one.',
    });
  const { comparison, mean } = variant;
  const isBetter = comparison?.verdict === 'better';
  if (!isBetter && !anyway)
    throw new ConfigurationError(`${variant.name} is not better than the champion beyond noise`, {
      expected: `an interval of the difference in ${metric} below 0`,
      found: foundOf(variant),
      remedy: 'Try more cutoffs or seeds; --anyway promotes it all the same.',
    });
  const interval = comparison?.interval ?? null;
  return {
    ...{ schema: 1, model: variant.model },
    hyperparameters: encodeHyperparameters(variant.hyperparameters),
    ...{ experiment, run: outcome.run, variant: variant.name, promotedAt: new Date().toISOString() },
    ...{ metric, mean: mean![metric]!, champion: outcome.champion, championSource: outcome.championSource },
    difference: comparison?.difference ?? null,
    interval: interval === null ? null : { low: interval[0], high: interval[1] },
    confidence: outcome.confidence,
    ...{ cutoffs: outcome.cutoffs.join(' '), horizon: outcome.horizon, seeds: outcome.seeds.join(' ') },
    ...{ isBetter, dataset: outcome.dataset, data: outcome.data, code: outcome.code },
  };
}

function variantOf({ variants, experiment }: ExperimentOutcome, name: string | undefined): Standing {
  if (name === undefined) {
    const first = variants[0]!;
    return first;
  }
  const found = variants.find((each) => each.name === name || String(each.rank) === name);
  if (found !== undefined) return found;
  const names = variants.map((each) => each.name);
  const close = nearest(name, names);
  throw new UnsupportedError(`experiment ${experiment} has no variant ${name}`, {
    expected: `a rank, or one of ${listing(names, 20)}`,
    ...(close === undefined ? {} : { remedy: `Did you mean "${close}"?` }),
  });
}

function foundOf({ isChampion, comparison }: Standing): string {
  if (isChampion) return 'it is the champion';
  if (comparison === null) return 'no cutoff that both have';
  if (comparison.interval === null)
    return `${comparison.difference.toFixed(4)} at one cutoff, without an interval`;
  const [low, high] = comparison.interval;
  return `${low.toFixed(4)} … ${high.toFixed(4)} over ${comparison.pairs} cutoffs`;
}
