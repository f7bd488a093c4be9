import { PRICING_DEFAULTS, PlanValuer, SeriesFinder, type ArticleTable } from '@hemline/pricing';
import { Home } from '@hemline/runs';
import { findPricingWork, readPricing, type PricingOptions } from '../pricing/pricing-work.ts';
import type { WorkOptions } from '../work-options.ts';
import { findPricedRun, recommendedRows } from './priced-run.ts';

/** A run's plan, with the forecasts that it was made by. */
export interface PricedPlan {
  /** With the discounts that the run recommends. */
  readonly valuer: PlanValuer;
  readonly finder: SeriesFinder;
  readonly table: ArticleTable;
  /** Whether the dataset is no longer the one that was priced: stock and returns of before may be told differently today. */
  readonly isDataChanged: boolean;
}

/**
 * Reads forecasts, data and plan of a run that has priced, to tell what other discounts come to. It takes the memory of pricing.
 * @param run that priced
 * @param options home, signal
 * @returns the plan
 * @throws HemlineError where run, forecasts or data are no longer to be had
 */
export async function readPricedPlan(
  run: string,
  options: WorkOptions & { readonly home?: string | undefined },
): Promise<PricedPlan> {
  const { home, signal, onProgress } = options;
  const priced = await findPricedRun(new Home(home), run);
  const { origin } = priced;
  const names = Object.keys(PRICING_DEFAULTS);
  const settings = Object.fromEntries(
    // JSON has no word for Infinity: such a limit is none, as by default.
    Object.entries(origin.settings).filter(([name, value]) => names.includes(name) && value !== null),
  );
  const pricing: PricingOptions = {
    ...settings,
    ...{ home, signal, onProgress, leaveOutBad: true, ignoreOverrides: true },
    models: origin.forecasts.map(({ model }) => model),
  };
  const work = await findPricingWork(origin.run, pricing);
  const { table } = (await readPricing(work, pricing)).inputs;
  const finder = new SeriesFinder(table);
  const valuer = new PlanValuer(table, { ...PRICING_DEFAULTS, ...settings });
  for await (const batch of recommendedRows(priced, ['article', 'market', 'week', 'discount'])) {
    const cells = finder.cells(batch);
    const discount = batch.floats('discount');
    cells.forEach((cell, row) => {
      if (cell !== -1) valuer.set(cell, discount[row]!);
    });
  }
  return { valuer, finder, table, isDataChanged: work.dataset.fingerprint !== origin.dataset.fingerprint };
}
