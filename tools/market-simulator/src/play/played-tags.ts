import { ConfigurationError } from '@hemline/core';
import type { SeriesTags } from '../output/observed-rows.ts';

/** How the discounts of a week came about. */
export interface PriceTags {
  /** Probability with which each was chosen, given what was known; NaN: not told [N]. */
  readonly propensity: Float64Array;
  /** Experiment that each is part of; null: none [N]. */
  readonly experiment: readonly (string | null)[];
}

/**
 * @param tags of a week
 * @param count series
 * @throws ConfigurationError for a wrong length, and for what is no probability
 */
export function checkTags(tags: PriceTags, count: number): void {
  const { propensity, experiment } = tags;
  const wrong = propensity.findIndex((chance) => chance <= 0 || chance > 1);
  if (propensity.length === count && experiment.length === count && wrong === -1) return;
  throw new ConfigurationError('prices cannot be tagged so', {
    expected: `${count} propensities in (0, 1] or NaN, and as many experiments`,
    found:
      wrong === -1
        ? `${propensity.length} propensities, ${experiment.length} experiments`
        : `propensity ${propensity[wrong]} of series ${wrong}`,
  });
}

/**
 * @param weeks tags of each week that was played; null: without
 * @param n number of a series
 * @param first age of the series in the first of these weeks
 * @returns the tags of its life
 */
export function tagsOfSeries(weeks: readonly (PriceTags | null)[], n: number, first: number): SeriesTags {
  return {
    propensity: (age) => weeks[age - first]?.propensity[n] ?? NaN,
    experiment: (age) => weeks[age - first]?.experiment[n] ?? null,
  };
}
