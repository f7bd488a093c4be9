import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ConfigurationError,
  formatWeek,
  isSystemError,
  listing,
  systemError,
  valueAt,
  type Batch,
  type QuantityName,
} from '@hemline/core';
import {
  COORDINATION_DEFAULTS,
  NO_LIMITS,
  parseLimits,
  priceArticles,
  PRICING_DEFAULTS,
  type PlanTotals,
  type PricedArticles,
  type PricingLimits,
  type PricingSettings,
} from '@hemline/pricing';
import { findRun, FORECAST_KINDS, Home, latestRun, urlOf, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { codeFacts } from '../runs/code-facts.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, type RecordOptions } from '../work-options.ts';
import { readInputs, type PricingInputs } from './read-inputs.ts';
import { runForecasts, type QuantityForecasts } from './run-forecasts.ts';
import { totalsOf, writeTables } from './write-tables.ts';

/** A change of an article has to earn so much more than to hold, as a fraction of what holding earns. */
export const DEFAULT_MINIMUM_GAIN = 0.01;

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
  /** No plans within the limits earn more, and what these may miss of it; a minimum gain counts as a cost in both. */
  readonly bound: number;
  readonly gap: number;
  readonly evaluations: number;
  readonly minimumGain: number;
  readonly limits: readonly PricedLimit[];
  readonly assumptions: readonly string[];
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
  const limits = await readLimits(options.limits);
  const known = await findForecastRun(home, run, options);
  const forecasts = await runForecasts(known, options.models);
  const dataset = await datasetOf(known, options);
  const work = (recorded: RecordedRun | null): Promise<PriceResult> =>
    priceRun(known, forecasts, dataset, limits, { ...options, minimumGain }, recorded);
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

async function priceRun(
  known: KnownRun,
  forecasts: readonly QuantityForecasts[],
  dataset: Dataset,
  limits: PricingLimits,
  options: PriceOptions & { readonly minimumGain: number },
  recorded: RecordedRun | null,
): Promise<PriceResult> {
  const began = performance.now();
  const { minimumGain, onProgress, signal, required = [] } = options;
  const settings: PricingSettings = { ...PRICING_DEFAULTS, ...Object.fromEntries(settingsGiven(options)) };
  const inputs = await readInputs(known, forecasts, dataset, {
    ...{ settings, required, plan: options.plan, signal, onProgress },
  });
  const { gap, evaluations } = COORDINATION_DEFAULTS;
  const priced = await priceArticles(inputs.table, {
    ...{ limits, settings, minimumGain, planned: inputs.planned, gap, evaluations, signal },
    onStep: (step) =>
      onProgress?.('price', {
        phase: 'price',
        done: step.evaluations,
        total: evaluations,
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
    ...{ bound: priced.found.bound, gap: priced.found.gap, evaluations: priced.found.evaluations },
    ...{ minimumGain, limits: rows, assumptions: assumptionsOf(inputs, known, dataset) },
    ...{ directory: written?.directory ?? null, seconds: (performance.now() - began) / 1000 },
  };
  const { profit, heldProfit, gain, optimism } = result;
  await recorded?.recorder.addMetrics(recorded.step, {
    ...{ profit, heldProfit, gain, optimism, gap: result.gap, articles: result.articles },
    changed: result.changed,
  });
  return result;
}

async function write(
  { run, root, step, recorder }: RecordedRun,
  known: KnownRun,
  { recommender }: PricedArticles,
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
  );
  const { files } = manifest;
  await recorder.addOutput({
    ...{ step, name: 'recommendations', url: urlOf(directory), files: files.length },
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return { directory, totals };
}

async function readLimits(file: string | undefined): Promise<PricingLimits> {
  if (file === undefined) return NO_LIMITS;
  try {
    return parseLimits(await readFile(file, 'utf8'), file);
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'read') : cause;
  }
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
