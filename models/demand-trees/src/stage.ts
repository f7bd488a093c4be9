import { DAYS_PER_WEEK, type Week } from '@hemline/core';
import {
  ARTICLE_HIERARCHY,
  HierarchicalAverages,
  OrdinalEncoding,
  type FilledPanel,
} from '@hemline/features';
import type { DatasetColumns } from './dataset-columns.ts';
import type { FeatureContext } from './features.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';
import { MarketGroups, type GroupNumbers } from './market-groups.ts';
import type { OriginSettings } from './origin.ts';
import { CommonShape } from './price-profile.ts';
import { SeriesHistory } from './series-history.ts';
import { storeOf, type Encoders, type SeriesStore } from './series-store.ts';

/** What is learnt of a dataset before trees are grown, from nothing after a cutoff. */
export interface Knowledge {
  readonly encoders: Encoders;
  readonly settings: OriginSettings;
}

/** Series as they were known at a cutoff. */
export interface Stage extends FeatureContext {
  readonly cutoff: Week;
  readonly knowledge: Knowledge;
  /** One for each panel. */
  readonly stores: readonly SeriesStore[];
  /** Market and group of their series. */
  readonly numbers: readonly GroupNumbers[];
}

/** Weeks of its own that count as much as the group's level, at least and at most. */
const [LEAST_PRIOR, MOST_PRIOR] = [0.5, 4];

/**
 * Looks at panels from a cutoff.
 * @param panels of the series that are learnt from
 * @param columns of the dataset
 * @param cutoff of what is not planned, nothing after it is read
 * @param hyperparameters of the training
 * @returns the series, and what is learnt of them
 */
export function stageOf(
  panels: readonly FilledPanel[],
  columns: DatasetColumns,
  cutoff: Week,
  hyperparameters: DemandTreesHyperparameters,
): Stage {
  const encoders = fitEncoders(panels, columns, cutoff, hyperparameters);
  const read = { ...columns, categories: encoders.categories.columns };
  const stores = panels.map((panel) => storeOf(panel, read, encoders, cutoff));
  const settings: OriginSettings = {
    levelWeeks: hyperparameters.levelWeeks,
    priorWeeks: Math.max(LEAST_PRIOR, Math.min(MOST_PRIOR, encoders.levels.strength('article'))),
    shape: commonShape(stores),
    deviations: deviationsOf(stores, columns.covariates),
  };
  return seenFrom(panels, read, cutoff, { encoders, settings }, stores);
}

/**
 * Looks at panels from a cutoff, knowing what was learnt before.
 * @param panels of series
 * @param columns that the model reads
 * @param cutoff of what is not planned, nothing after it is read
 * @param knowledge learnt from nothing later
 * @param stores made of the panels, where they are at hand
 * @returns the series
 */
export function seenFrom(
  panels: readonly FilledPanel[],
  columns: DatasetColumns,
  cutoff: Week,
  knowledge: Knowledge,
  stores: readonly SeriesStore[] = panels.map((panel) => storeOf(panel, columns, knowledge.encoders, cutoff)),
): Stage {
  const sums = new MarketGroups(columns.covariates);
  const { markets, groups } = sums;
  const numbers = panels.map(({ series }, i) => sums.add(series, stores[i]!));
  return { markets, groups, columns, cutoff, knowledge, stores, numbers };
}

function fitEncoders(
  panels: readonly FilledPanel[],
  columns: DatasetColumns,
  cutoff: Week,
  { maximumCategories, minimumCount }: DemandTreesHyperparameters,
): Encoders {
  const encoding = new OrdinalEncoding(columns.categories);
  const levels = new HierarchicalAverages(ARTICLE_HIERARCHY, 'log demand');
  for (const panel of panels) {
    const demand = panel.rows.floats('demand');
    const { offsets, weeks, series } = panel;
    const sums = new Float64Array(series.length);
    const weights = new Float64Array(series.length);
    for (let one = 0; one < sums.length; one++)
      for (let row = offsets[one]!; row < offsets[one + 1]!; row++) {
        if (Number.isNaN(demand[row]!) || weeks[row]! > cutoff) continue;
        sums[one]! += Math.log1p(Math.max(0, demand[row]!));
        weights[one]!++;
      }
    levels.add(
      series.select(['article', 'group', 'market']),
      sums.map((sum, one) => (weights[one] === 0 ? 0 : sum / weights[one]!)),
      weights,
    );
    encoding.add(series);
  }
  const all = encoding.fit(minimumCount);
  const few = columns.categories.filter((name) => all.cardinality(name) <= maximumCategories + 1);
  return { categories: all.select(few), levels: levels.fit() };
}

/** Demand over the level of its series at prices over the usual one, in all that is known. */
function commonShape(stores: readonly SeriesStore[]): Float64Array {
  const shape = new CommonShape();
  for (const store of stores)
    for (let series = 0; series + 1 < store.offsets.length; series++) {
      const history = new SeriesHistory(store, series);
      const last = history.length - 1;
      const count = history.over(history.count, last, Infinity);
      const units = history.over(history.units, last, Infinity);
      if (!(units > 0)) continue;
      const usual = history.over(history.prices, last, Infinity) / count;
      for (let at = 0; at <= last; at++) {
        const demand = history.demandAt(at);
        if (demand === demand) shape.add(usual - history.priceAt(at), (demand * count) / units);
      }
    }
  return shape.fit();
}

function deviationsOf(stores: readonly SeriesStore[], covariates: number): number[] {
  return Array.from({ length: covariates }, (_, k) => {
    let [count, sum, squares] = [0, 0, 0];
    for (const { planned, demand } of stores)
      planned[k]!.forEach((value, row) => {
        if (value !== value || demand[row]! !== demand[row]!) return;
        count++;
        sum += value;
        squares += value * value;
      });
    if (count === 0) return 0;
    const variance = squares / count - (sum / count) ** 2;
    // Rounding leaves something of a constant.
    return variance > 1e-12 * (squares / count) ? Math.sqrt(variance) : 0;
  });
}

/**
 * @param store of the series
 * @param series its number
 * @param week any
 * @returns row of the series, 0-based, that the week is; negative before the first
 */
export function rowOfWeek(store: SeriesStore, series: number, week: Week): number {
  return Math.floor((week - store.weeks[store.offsets[series]!]!) / DAYS_PER_WEEK);
}
