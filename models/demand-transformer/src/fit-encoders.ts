import {
  ARTICLE_HIERARCHY,
  HierarchicalAverages,
  OrdinalEncoding,
  StandardScaling,
  type FilledPanel,
} from '@hemline/features';
import type { Week } from '@hemline/core';
import type { DatasetColumns } from './dataset-columns.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { numbersOf, scaledNames, type Encoders } from './store-builder.ts';

/**
 * Learns how to bring a dataset to numbers.
 * @param panels up to the cutoff
 * @param columns of the dataset
 * @param cutoff the last known week
 * @param hyperparameters which categories are worth a number of their own
 * @returns the encoders
 */
export function fitEncoders(
  panels: readonly FilledPanel[],
  columns: DatasetColumns,
  cutoff: Week,
  { maximumCategories, minimumCount }: DemandHyperparameters,
): Encoders {
  const names = scaledNames(columns);
  const scaling = new StandardScaling(names);
  const encoding = new OrdinalEncoding(columns.categories);
  const levels = new HierarchicalAverages(ARTICLE_HIERARCHY, 'log demand');
  const empty = new Set(names);
  for (const panel of panels) {
    const numbers = numbersOf(panel, columns, cutoff);
    scaling.add(numbers);
    for (const name of empty)
      if (numbers.get(name)!.some((value) => !Number.isNaN(value))) empty.delete(name);
    encoding.add(panel.series);
    addLevels(levels, panel, cutoff);
  }
  // A covariate without a value says nothing; it is scaled all the same, so that later values can be read.
  scaling.add(
    new Map(names.map((name) => [name, empty.has(name) ? Float64Array.of(0) : new Float64Array()])),
  );
  const all = encoding.fit(minimumCount);
  const few = columns.categories.filter((name) => all.cardinality(name) <= maximumCategories + 1);
  return { scaler: scaling.fit(), categories: all.select(few), levels: levels.fit() };
}

function addLevels(levels: HierarchicalAverages, panel: FilledPanel, cutoff: number): void {
  const demand = panel.rows.floats('demand');
  const sums = new Float64Array(panel.series.length);
  const weights = new Float64Array(panel.series.length);
  for (let series = 0; series < sums.length; series++) {
    for (let row = panel.offsets[series]!; row < panel.offsets[series + 1]!; row++) {
      if (Number.isNaN(demand[row]!) || panel.weeks[row]! > cutoff) continue;
      sums[series]! += Math.log1p(Math.max(0, demand[row]!));
      weights[series]!++;
    }
  }
  const means = sums.map((sum, series) => (weights[series] === 0 ? 0 : sum / weights[series]!));
  levels.add(panel.series.select(['article', 'group', 'market']), means, weights);
}

/**
 * Learns what later weeks tell: categories that are new, levels of groups. Covariates keep the scale that weights were learnt for.
 * @param known encoders of the weeks before
 * @param panels up to the cutoff
 * @param cutoff the last known week
 * @param hyperparameters which values of attributes are worth a number of their own
 * @returns encoders of the same columns
 */
export function updateEncoders(
  known: Encoders,
  panels: readonly FilledPanel[],
  cutoff: Week,
  { minimumCount }: Pick<DemandHyperparameters, 'minimumCount'>,
): Encoders {
  const encoding = new OrdinalEncoding(known.categories.columns);
  const levels = new HierarchicalAverages(ARTICLE_HIERARCHY, 'log demand');
  for (const panel of panels) {
    encoding.add(panel.series);
    addLevels(levels, panel, cutoff);
  }
  return { scaler: known.scaler, categories: encoding.fit(minimumCount), levels: levels.fit() };
}
