import type { Week } from '@hemline/core';
import {
  PRICING_DEFAULTS,
  PlanValuer,
  SeriesFinder,
  type ArticleTable,
  type PricingSettings,
} from '@hemline/pricing';
import { articleRange } from '@hemline/pricing/job';
import { Home } from '@hemline/runs';
import {
  findPricingWork,
  readPricing,
  type PricingOptions,
  type PricingWork,
} from '../pricing/pricing-work.ts';
import type { DataOptions, WorkOptions } from '../work-options.ts';
import { findPricedRun, recommendedRows } from './priced-run.ts';

/** A run's plan, with the forecasts that it was made by. */
export interface PricedPlan {
  /** With the discounts that the run recommends. */
  readonly valuer: PlanValuer;
  readonly finder: SeriesFinder;
  readonly table: ArticleTable;
  /** Whether the dataset is no longer the one that was priced: stock and returns of before may be told differently today. */
  readonly isDataChanged: boolean;
  /** Forecasts that were priced, and what of the dataset. */
  readonly work: PricingWork;
  readonly settings: PricingSettings;
}

/** Articles that are read of a plan, and what is to be known of all of it. */
export interface OnlyArticles {
  readonly articles: readonly string[];
  /** Of all articles, sorted. */
  readonly markets: readonly string[];
  /** Weeks that are priced. */
  readonly first: Week;
  readonly last: Week;
}

/**
 * Reads forecasts, data and plan of a run that has priced, to tell what other discounts come to. It takes the memory of pricing.
 * @param run that priced
 * @param options home, signal; folder of the dataset, where it is not where the run found it; articles that are read, all by default:
 *   of files only the row groups that may have them, so that it takes the memory of these. Levels that only the sales of a whole group
 *   forbid are offered then
 * @returns the plan
 * @throws HemlineError where run, forecasts or data are no longer to be had
 */
export async function readPricedPlan(
  run: string,
  options: WorkOptions & {
    readonly home?: string | undefined;
    readonly only?: OnlyArticles | undefined;
  } & Partial<DataOptions>,
): Promise<PricedPlan> {
  const { home, signal, onProgress, data, descriptor, only } = options;
  const priced = await findPricedRun(new Home(home), run);
  const { origin } = priced;
  const names = Object.keys(PRICING_DEFAULTS);
  const settings = Object.fromEntries(
    // JSON has no word for Infinity: such a limit is none, as by default.
    Object.entries(origin.settings).filter(([name, value]) => names.includes(name) && value !== null),
  );
  const pricing: PricingOptions = {
    ...settings,
    ...{ home, signal, onProgress, data, descriptor, leaveOutBad: true, ignoreOverrides: true },
    models: origin.forecasts.map(({ model }) => model),
  };
  const work = await findPricingWork(origin.run, pricing);
  // What a whole group was sold at is not known here: every level is taken to be offered.
  const offered = only === undefined ? {} : { levelRows: 0, maximumError: Infinity };
  const scope = only === undefined ? undefined : { ...only, from: 0, to: only.articles.length };
  const { table } = (await readPricing(work, { ...pricing, ...offered, scope })).inputs;
  const finder = new SeriesFinder(table);
  const settled: PricingSettings = { ...PRICING_DEFAULTS, ...settings };
  const valuer = new PlanValuer(table, settled);
  const where = only === undefined ? [] : [articleRange(only.articles)];
  for await (const batch of recommendedRows(priced, ['article', 'market', 'week', 'discount'], where)) {
    const cells = finder.cells(batch);
    const discount = batch.floats('discount');
    cells.forEach((cell, row) => {
      if (cell !== -1) valuer.set(cell, discount[row]!);
    });
  }
  const isDataChanged = work.dataset.fingerprint !== origin.dataset.fingerprint;
  return { valuer, finder, table, isDataChanged, work, settings: settled };
}
