import {
  PRICING_DEFAULTS,
  PlanValuer,
  SeriesFinder,
  type ArticleTable,
  type PricingSettings,
} from '@hemline/pricing';
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

/**
 * Reads forecasts, data and plan of a run that has priced, to tell what other discounts come to. It takes the memory of pricing.
 * @param run that priced
 * @param options home, signal; folder of the dataset, where it is not where the run found it
 * @returns the plan
 * @throws HemlineError where run, forecasts or data are no longer to be had
 */
export async function readPricedPlan(
  run: string,
  options: WorkOptions & { readonly home?: string | undefined } & Partial<DataOptions>,
): Promise<PricedPlan> {
  const { home, signal, onProgress, data, descriptor } = options;
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
  const { table } = (await readPricing(work, pricing)).inputs;
  const finder = new SeriesFinder(table);
  const settled: PricingSettings = { ...PRICING_DEFAULTS, ...settings };
  const valuer = new PlanValuer(table, settled);
  for await (const batch of recommendedRows(priced, ['article', 'market', 'week', 'discount'])) {
    const cells = finder.cells(batch);
    const discount = batch.floats('discount');
    cells.forEach((cell, row) => {
      if (cell !== -1) valuer.set(cell, discount[row]!);
    });
  }
  const isDataChanged = work.dataset.fingerprint !== origin.dataset.fingerprint;
  return { valuer, finder, table, isDataChanged, work, settings: settled };
}
