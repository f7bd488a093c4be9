import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, DEFAULT_DISCOUNTS, parseDiscountGrid, type QuantityName } from '@hemline/core';
import {
  COORDINATION_DEFAULTS,
  DEFAULT_MINIMUM_GAIN,
  NO_LIMITS,
  priceArticles,
  PRICING_DEFAULTS,
  type PlanTotals,
  type PricedArticles,
  type PricingLimits,
  type PricingSettings,
} from '@hemline/pricing';
import {
  checkLimitsMet,
  forecastOrigins,
  givenFile,
  pricedLimits,
  pricingProvenance,
  pricingSummary,
  pricingThreads,
  readInputs,
  totalsOf,
  writeTables,
  type GivenFile,
  type PricingInputs,
  type PricingOrigin,
  type PricingSummary,
  type QuantityForecasts,
} from '@hemline/pricing/job';
import { findRun, FORECAST_KINDS, Home, latestRun, urlOf, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { codeFacts } from '../runs/code-facts.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, type RecordOptions } from '../work-options.ts';
import { readForecastErrors } from './forecast-errors.ts';
import { readLimits } from './given-limits.ts';
import { runForecasts } from './run-forecasts.ts';

/** How a run is priced. */
export interface PriceOptions extends RecordOptions, Partial<PricingSettings> {
  /** File of limits, YAML or JSON. */
  readonly limits?: string;
  /** Parquet file of discounts that are fixed already: `article`, `market`, `week`, `discount`. */
  readonly plan?: string;
  /** Whether nothing is written: neither tables nor the record of a run. */
  readonly dryRun?: boolean;
  /** Folder of the dataset, where it is no longer where the run found it. */
  readonly data?: string;
  /** A `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  /** Models whose forecasts are taken; by default, of each quantity, the one that errs least in the run's evaluation. */
  readonly models?: readonly string[];
  /** Quantities that every article must have a forecast of: no default takes its place. */
  readonly required?: readonly QuantityName[];
  /** Least gain of a change, {@link DEFAULT_MINIMUM_GAIN} by default. */
  readonly minimumGain?: number;
  /** Threads that solve articles; whatever the number, the result is the same. By default one for every 500 articles, up to the cores. */
  readonly threads?: number;
  /** Folder or `s3://bucket/prefix` of the tables; by default a folder of the run that prices. */
  readonly output?: string;
}

/** What pricing came to, and where it is. */
export interface PriceResult extends PricingSummary {
  /** The run that priced; null of a dry run. */
  readonly run: string | null;
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
  const home = new Home(options.home);
  const { minimumGain = DEFAULT_MINIMUM_GAIN, dryRun = false } = options;
  // Wrong limits are told before anything is read that takes its time.
  const limits =
    options.limits === undefined
      ? { limits: NO_LIMITS, given: null }
      : await readLimits(options.limits).then(({ limits, text }) => ({
          ...{ limits, given: givenFile(options.limits!, text) },
        }));
  const known = await findForecastRun(home, run, options);
  const forecasts = await runForecasts(known, options.models);
  const dataset = await datasetOf(known, options);
  const work = (recorded: RecordedRun | null): Promise<PriceResult> =>
    priceRun({ known, forecasts, dataset, ...limits, options: { ...options, minimumGain }, recorded });
  if (dryRun) return work(null);
  const { limits: file, plan, output } = options;
  const parameters = {
    ...{ forecasts: known.record.run, limits: file, plan, output, minimumGain },
    ...Object.fromEntries(settingsGiven(options)),
  };
  return recordRun(
    home.prepared(),
    { kind: 'price', model: 'pricing', dataset, parameters, record: options },
    work,
  );
}

/** All that pricing a run depends on. */
interface PricingWork {
  readonly known: KnownRun;
  readonly forecasts: readonly QuantityForecasts[];
  readonly dataset: Dataset;
  readonly limits: PricingLimits;
  readonly given: GivenFile | null;
  readonly options: PriceOptions & { readonly minimumGain: number };
  /** Null of a dry run. */
  readonly recorded: RecordedRun | null;
}

async function priceRun(work: PricingWork): Promise<PriceResult> {
  const began = performance.now();
  const { known, forecasts, dataset, limits, options, recorded } = work;
  const { minimumGain, onProgress, signal, required = [] } = options;
  const settings: PricingSettings = { ...PRICING_DEFAULTS, ...Object.fromEntries(settingsGiven(options)) };
  const discounts = parseDiscountGrid(known.record.parameters['discounts'] ?? DEFAULT_DISCOUNTS);
  const errors = readForecastErrors(known.directory, forecasts[0]!.model, discounts);
  const inputs = await readInputs(forecasts, dataset, {
    ...{ discounts, errors, settings, required, plan: options.plan, signal, onProgress },
  });
  const { gap, evaluations } = COORDINATION_DEFAULTS;
  const priced = await priceArticles(inputs.table, {
    ...{ limits, settings, minimumGain, planned: inputs.planned, gap, evaluations, signal },
    threads: options.threads ?? pricingThreads(inputs.table.articles.length),
    onStep: (step) =>
      onProgress?.('price', {
        phase: 'price',
        done: step.evaluations,
        total: evaluations,
        unit: 'evaluations',
      }),
  });
  options.onDone?.('price');
  const rows = pricedLimits(priced.recommender.limits());
  if (recorded !== null) checkLimitsMet(rows, priced, limits);
  const summaryOf = (totals: PlanTotals): PricingSummary =>
    pricingSummary({
      ...{ run: known.record.run, forecasts, inputs, priced, totals, limits: rows, minimumGain },
      assumptions: assumptionsOf(inputs, known, dataset),
    });
  const settled = { ...settings, minimumGain, required };
  const written =
    recorded === null ? null : await write(work, recorded, priced, { settings: settled, summaryOf });
  const summary = written?.summary ?? summaryOf(totalsOf(priced.recommender));
  const result: PriceResult = {
    ...summary,
    ...{ run: recorded?.run ?? null, directory: written?.directory ?? null },
    seconds: (performance.now() - began) / 1000,
  };
  const { profit, heldProfit, gain, optimism } = result;
  await recorded?.recorder.addMetrics(recorded.step, {
    ...{ profit, heldProfit, gain, optimism, gap: result.gap, articles: result.articles },
    changed: result.changed,
  });
  return result;
}

async function write(
  { known, forecasts, dataset, given, options: { output, plan } }: PricingWork,
  { run, root, step, recorder }: RecordedRun,
  { recommender }: PricedArticles,
  parts: { readonly settings: PricingOrigin['settings']; summaryOf(totals: PlanTotals): PricingSummary },
): Promise<{ readonly directory: string; readonly summary: PricingSummary }> {
  const directory = output ?? join(root, 'recommendations');
  const origin: PricingOrigin = {
    run: known.record.run,
    forecasts: forecastOrigins(forecasts),
    dataset: { name: dataset.name, fingerprint: dataset.fingerprint },
    limits: given,
    plan: plan === undefined ? null : givenFile(plan, await readFile(plan)),
    settings: parts.settings,
  };
  const { manifest, summary } = await writeTables(directory, {
    provenance: pricingProvenance(origin, (await codeFacts()).version, run),
    ...{ origin, recommender, summaryOf: parts.summaryOf },
  });
  const { files } = manifest;
  await recorder.addOutput({
    ...{ step, name: 'recommendations', url: urlOf(directory), files: files.length },
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return { directory, summary };
}

async function findForecastRun(home: Home, run: string, { onNotice }: PriceOptions): Promise<KnownRun> {
  if (run !== 'latest') return findRun(home.runs, run, { onNotice });
  const isWanted = ({ record, state }: KnownRun): boolean =>
    FORECAST_KINDS.includes(record.kind) && (state === 'succeeded' || state === 'degraded');
  return (await latestRun(home.runs, { isWanted, onNotice })) ?? findRun(home.runs, run, { onNotice });
}

/** The dataset that the run forecast. */
async function datasetOf({ record }: KnownRun, { data, descriptor }: PriceOptions): Promise<Dataset> {
  const [input] = record.inputs;
  const url = input?.url ?? '';
  if (data === undefined && !url.startsWith('file:'))
    throw new ConfigurationError('the dataset of the run is not on this machine', {
      expected: 'a folder',
      found: url === '' ? 'no dataset in its record' : url,
      remedy: 'Name a copy of it with --data.',
    });
  return openData({
    data: data ?? fileURLToPath(url),
    descriptor: descriptor ?? record.parameters['descriptor'],
  });
}

function settingsGiven(options: PriceOptions): [keyof PricingSettings, number | boolean][] {
  return (Object.keys(PRICING_DEFAULTS) as (keyof PricingSettings)[]).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, value] as [keyof PricingSettings, number | boolean]];
  });
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
