import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ConfigurationError, formatWeek, listing, valueAt, type Batch } from '@hemline/core';
import {
  priceArticles,
  type BadArticle,
  type PlanTotals,
  type PricedArticles,
  type PricingLimits,
} from '@hemline/pricing';
import { Home, urlOf, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { codeFacts } from '../runs/code-facts.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import type { RecordOptions } from '../work-options.ts';
import {
  DEFAULT_MINIMUM_GAIN,
  findPricingWork,
  readPricing,
  settingsGiven,
  type PricingOptions,
  type PricingWork,
} from './pricing-work.ts';
import type { PricingInputs } from './read-inputs.ts';
import { totalsOf, writeTables } from './write-tables.ts';

/** How a run is priced. */
export interface PriceOptions extends PricingOptions, RecordOptions {
  /** Whether nothing is written: neither tables nor the record of a run. */
  readonly dryRun?: boolean;
  /** Folder or `s3://bucket/prefix` of the tables; by default a folder of the run that prices. */
  readonly output?: string;
}

/** A limit of the business, and what it costs. */
export interface PricedLimit {
  readonly limit: string;
  readonly line: number;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly value: number | null;
  readonly isMet: boolean;
  readonly missedBy: number;
  readonly inWords: string;
}

/** What pricing came to. */
export interface PriceResult extends PlanTotals {
  /** The run that priced; null of a dry run. */
  readonly run: string | null;
  /** The run whose forecasts were priced. */
  readonly forecasts: string;
  readonly models: Readonly<Record<string, string>>;
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
  readonly limits: readonly PricedLimit[];
  readonly assumptions: readonly string[];
  /** Articles that cannot be priced, where they are left out. */
  readonly leftOut: readonly BadArticle[];
  /** Where the tables are; null of a dry run. */
  readonly directory: string | null;
  readonly seconds: number;
}

/**
 * Recommends a discount for every article, market and week of a run's forecasts.
 * @param run its id, the beginning of it, or `latest`: the latest that forecast
 * @param options limits, defaults, where the tables go
 * @returns what the plans come to, and where the tables are
 * @throws ConfigurationError for limits that are wrong, contradict each other, or cannot be met by any plan
 */
export async function price(run = 'latest', options: PriceOptions = {}): Promise<PriceResult> {
  const { minimumGain = DEFAULT_MINIMUM_GAIN, dryRun = false } = options;
  const found = await findPricingWork(run, options);
  const work = (recorded: RecordedRun | null): Promise<PriceResult> =>
    priceRun(found, { ...options, minimumGain }, recorded);
  if (dryRun) return work(null);
  const { limits: file, plan, output, leaveOutBad } = options;
  const parameters = {
    ...{ forecasts: found.known.record.run, limits: file, plan, output, minimumGain },
    ...(leaveOutBad === true ? { leaveOutBad: 'true' } : {}),
    ...Object.fromEntries(settingsGiven(options)),
  };
  return recordRun(
    new Home(options.home).prepared(),
    { kind: 'price', model: 'pricing', dataset: found.dataset, parameters, record: options },
    work,
  );
}

async function priceRun(
  work: PricingWork,
  options: PriceOptions & { readonly minimumGain: number },
  recorded: RecordedRun | null,
): Promise<PriceResult> {
  const began = performance.now();
  const { known, forecasts, dataset, limits } = work;
  const { minimumGain, onProgress } = options;
  const { inputs, pricing } = await readPricing(work, options);
  const priced = await priceArticles(inputs.table, {
    ...pricing,
    onStep: (step) =>
      onProgress?.('price', {
        phase: 'price',
        done: step.evaluations,
        total: pricing.evaluations,
        unit: 'evaluations',
      }),
  });
  options.onDone?.('price');
  const rows = limitRows(priced.recommender.limits());
  if (recorded !== null) checkMet(rows, priced, limits);
  const written = recorded === null ? null : await write(recorded, known, priced, limits, options);
  const totals = written?.totals ?? totalsOf(priced.recommender);
  const result: PriceResult = {
    ...totals,
    ...{ run: recorded?.run ?? null, forecasts: known.record.run },
    models: Object.fromEntries(forecasts.map(({ quantity, model }) => [quantity, model])),
    ...{ cutoff: formatWeek(inputs.cutoff), weeks: inputs.table.weeks.length },
    ...{ gain: totals.comparedProfit - totals.heldProfit, optimism: priced.optimism },
    // Told beside the profit, in which neither is a cost.
    bound: totals.profit + Math.max(0, priced.found.bound - priced.found.choice.value),
    ...{ gap: priced.found.gap, evaluations: priced.found.evaluations },
    isFeasible: priced.found.choice.isFeasible,
    ...{ minimumGain, limits: rows, assumptions: assumptionsOf(inputs, known, dataset) },
    ...{ leftOut: priced.leftOut, directory: written?.directory ?? null },
    seconds: (performance.now() - began) / 1000,
  };
  const { profit, heldProfit, gain, optimism } = result;
  await recorded?.recorder.addMetrics(recorded.step, {
    ...{ profit, heldProfit, gain, optimism, gap: result.gap, articles: result.articles },
    ...{ changed: result.changed, leftOut: result.leftOut.length },
  });
  return result;
}

async function write(
  { run, root, step, recorder }: RecordedRun,
  known: KnownRun,
  { recommender, leftOut }: PricedArticles,
  limits: PricingLimits,
  { output }: PriceOptions,
): Promise<{ readonly directory: string; readonly totals: PlanTotals }> {
  const directory = output ?? join(root, 'recommendations');
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([known.record.run, limits.articles, limits.business]))
    .digest('hex');
  const { manifest, totals } = await writeTables(
    directory,
    {
      ...{ model: 'pricing', modelVersion: 1, trainingFingerprint: fingerprint },
      ...{ codeVersion: (await codeFacts()).version, runId: run },
    },
    recommender,
    leftOut,
  );
  const { files } = manifest;
  await recorder.addOutput({
    ...{ step, name: 'recommendations', url: urlOf(directory), files: files.length },
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return { directory, totals };
}

function assumptionsOf({ assumptions }: PricingInputs, { record }: KnownRun, dataset: Dataset): string[] {
  const [input] = record.inputs;
  const isChanged = input?.fingerprint !== undefined && input.fingerprint !== dataset.fingerprint;
  return isChanged
    ? [
        'the dataset has changed since the run forecast it: stock and prices are those of today',
        ...assumptions,
      ]
    : [...assumptions];
}

function limitRows(table: Batch | null): PricedLimit[] {
  return Array.from({ length: table?.length ?? 0 }, (_, row) => {
    const of = (name: string) => valueAt(table!.column(name), row);
    const number = (name: string): number | null => {
      const value = of(name) as number | null;
      return value === null || Number.isNaN(value) ? null : value;
    };
    return {
      ...{ limit: of('limit') as string, line: of('line') as number, inWords: of('inWords') as string },
      ...{ lower: number('lower'), upper: number('upper'), value: number('value') },
      ...{ isMet: of('isMet') as boolean, missedBy: number('missedBy') ?? 0 },
    };
  });
}

/** A plan that breaks a hard limit is not to be recommended. */
function checkMet(rows: readonly PricedLimit[], { found }: PricedArticles, limits: PricingLimits): void {
  if (found.choice.isFeasible) return;
  const isHard = (line: number): boolean =>
    limits.business.some((limit) => limit.line === line && limit.price === undefined);
  const missed = rows.filter(({ isMet, line }) => !isMet && isHard(line));
  throw new ConfigurationError('limits of the business cannot be met together', {
    expected: 'plans of the articles within all limits without a price',
    found: listing(
      missed.map(
        ({ limit, line, value, lower, upper }) =>
          `line ${line}: ${limit} at ${value?.toPrecision(4)}, not ${[lower === null ? '' : `from ${lower}`, upper === null ? '' : `to ${upper}`].filter(Boolean).join(' ')}`,
      ),
      10,
    ),
    where: { file: limits.file },
    remedy: 'Loosen them, or give them a price: then they are missed by what is cheapest.',
  });
}
