import { formatWeek } from '@hemline/core';
import type { Store } from '@hemline/stores';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { BadArticle } from '../inputs/bad-articles.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import type { PricedArticles } from '../recommendations/price-articles.ts';
import type { PricedLimit } from './priced-limits.ts';
import type { QuantityForecasts } from './quantity-forecasts.ts';
import type { PricingInputs } from './read-inputs.ts';

/** Name of the file that holds it, beside the tables. */
export const SUMMARY_FILE = '_summary.json';

/** What pricing came to. */
export interface PricingSummary extends PlanTotals {
  /** The run whose forecasts were priced. */
  readonly forecasts: string;
  /** Model of each quantity. */
  readonly models: Readonly<Record<string, string>>;
  /** Why demand is not by the model that errs least, or what speaks against the one that is; null: nothing. Told among the assumptions too. */
  readonly modelChoice: string | null;
  readonly cutoff: string;
  readonly weeks: number;
  /** Planned profit of the articles that are compared, less what holding gives. */
  readonly gain: number;
  /** Share of the planned profit that is owed to errors of the forecast, estimated. */
  readonly optimism: number;
  /** No plans within the limits earn more, and what these may miss of it; a minimum gain and prices of limits count as costs in both. */
  readonly bound: number;
  readonly gap: number;
  /** Whether all limits of the business without a price are met; where not, only a dry run tells of the plans. */
  readonly isFeasible: boolean;
  readonly evaluations: number;
  readonly minimumGain: number;
  /** Prices that people have fixed, and that stay as they are. */
  readonly overrides: number;
  readonly limits: readonly PricedLimit[];
  readonly assumptions: readonly string[];
  /** Articles that cannot be priced, where they are left out. */
  readonly leftOut: readonly BadArticle[];
}

/** What a search came to, as far as a summary tells it. */
export interface PricedFound extends Pick<PricedArticles, 'optimism' | 'leftOut'> {
  readonly found: Pick<Coordination, 'bound' | 'gap' | 'evaluations'> & {
    readonly choice: Pick<Coordination['choice'], 'value' | 'isFeasible'>;
  };
}

/**
 * @param parts what was priced, and what came of it
 * @returns all that people are told of it; the same for the same inputs
 */
export function pricingSummary(parts: {
  readonly run: string;
  readonly forecasts: readonly QuantityForecasts[];
  readonly modelChoice: string | null;
  readonly inputs: Pick<PricingInputs, 'cutoff' | 'table' | 'placed'>;
  readonly priced: PricedFound;
  readonly totals: PlanTotals;
  readonly limits: readonly PricedLimit[];
  readonly minimumGain: number;
  readonly assumptions: readonly string[];
}): PricingSummary {
  const { run, forecasts, modelChoice, inputs, priced, totals, limits, minimumGain, assumptions } = parts;
  const { bound, choice, gap, evaluations } = priced.found;
  return {
    ...totals,
    forecasts: run,
    models: Object.fromEntries(forecasts.map(({ quantity, model }) => [quantity, model])),
    ...{ cutoff: formatWeek(inputs.cutoff), weeks: inputs.table.weeks.length },
    ...{ gain: totals.comparedProfit - totals.heldProfit, optimism: priced.optimism },
    // Told beside the profit, in which neither is a cost.
    bound: totals.profit + Math.max(0, bound - choice.value),
    ...{ gap, isFeasible: choice.isFeasible, evaluations, minimumGain, overrides: inputs.placed },
    ...{
      limits,
      modelChoice,
      assumptions: modelChoice === null ? assumptions : [modelChoice, ...assumptions],
    },
    leftOut: priced.leftOut,
  };
}

/**
 * @param store of an output
 * @returns what an earlier start came to, where it has come to its end; null elsewhere
 */
export async function finishedSummary(store: Store): Promise<PricingSummary | null> {
  const [end, summary] = [await store.stat('_SUCCESS'), await store.read(SUMMARY_FILE)];
  if (end === null || summary === null) return null;
  return JSON.parse(new TextDecoder().decode(summary)) as PricingSummary;
}
