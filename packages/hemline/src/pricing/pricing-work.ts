import { fileURLToPath } from 'node:url';
import { ConfigurationError, DEFAULT_DISCOUNTS, parseDiscountGrid, type QuantityName } from '@hemline/core';
import {
  COORDINATION_DEFAULTS,
  DEFAULT_MINIMUM_GAIN,
  NO_LIMITS,
  PRICING_DEFAULTS,
  type PriceArticlesOptions,
  type PricingLimits,
  type PricingSettings,
} from '@hemline/pricing';
import {
  givenFile,
  pricingThreads,
  readInputs,
  standingOverrides,
  type GivenFile,
  type PricingInputs,
  type QuantityForecasts,
  type ReadScope,
} from '@hemline/pricing/job';
import { findRun, FORECAST_KINDS, Home, latestRun, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { decisionsAbout } from '../decisions/decision-place.ts';
import { absolutePlace } from '../runs/absolute-place.ts';
import { openData, type HomeOption, type WorkOptions } from '../work-options.ts';
import { readForecastErrors } from './forecast-errors.ts';
import { readLimits } from './given-limits.ts';
import { runForecasts } from './run-forecasts.ts';

/** What is priced, and by which rules. */
export interface PricingOptions extends WorkOptions, HomeOption, Partial<PricingSettings> {
  /** File of limits, YAML or JSON. */
  readonly limits?: string;
  /** Parquet file of discounts that are fixed already: `article`, `market`, `week`, `discount`. */
  readonly plan?: string;
  /** Folder of the dataset, where it is no longer where the run found it. */
  readonly data?: string;
  /** A `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  /**
   * Models whose forecasts are taken; by default, of each quantity, the one that errs least in the run's evaluation, and of demand one that
   * answers to the price where it does not err by much more.
   */
  readonly models?: readonly string[];
  /** Quantities that every article must have a forecast of: no default takes its place. */
  readonly required?: readonly QuantityName[];
  /** Least gain of a change, {@link DEFAULT_MINIMUM_GAIN} by default. */
  readonly minimumGain?: number;
  /** Whether the others are priced where some articles cannot be; by default one error names these. */
  readonly leaveOutBad?: boolean;
  /**
   * Whether prices that people have fixed are left out of account; by default they stand, and the others are found around them.
   */
  readonly ignoreOverrides?: boolean;
  /** Folder or `s3://bucket/prefix` of the decisions, where they are not in the home. */
  readonly decisions?: string;
  /** Threads that solve articles; whatever the number, the result is the same. By default one for every 500 articles, up to the cores. */
  readonly threads?: number;
}

/** What was found before anything is read that takes its time. */
export interface PricingWork {
  /** The run whose forecasts are priced. */
  readonly known: KnownRun;
  readonly forecasts: readonly QuantityForecasts[];
  /** Why demand is not by the model that errs least, or what speaks against it; null: nothing. */
  readonly modelChoice: string | null;
  readonly dataset: Dataset;
  readonly limits: PricingLimits;
  /** The file of limits by its content; null where none was given. */
  readonly given: GivenFile | null;
}

/**
 * Finds what is to be priced.
 * @param run its id, the beginning of it, or `latest`: the latest that forecast
 * @param options limits, models, place of the data
 * @returns run, forecasts, dataset and limits
 * @throws ConfigurationError for limits that are wrong, or a run without forecasts
 */
export async function findPricingWork(run: string, options: PricingOptions): Promise<PricingWork> {
  // Wrong limits are told before anything is read that takes its time.
  const limits =
    options.limits === undefined
      ? { limits: NO_LIMITS, given: null }
      : await readLimits(options.limits).then(({ limits, text }) => ({
          ...{ limits, given: givenFile(absolutePlace(options.limits!), text) },
        }));
  const known = await findForecastRun(new Home(options.home), run, options);
  const { forecasts, modelChoice } = await runForecasts(known, options.models, options.signal);
  return { known, forecasts, modelChoice, dataset: await datasetOf(known, options), ...limits };
}

/** What pricing depends on. */
export interface ReadPricing {
  readonly inputs: PricingInputs;
  /** Options of the library. */
  readonly pricing: PriceArticlesOptions;
}

/**
 * Reads what pricing depends on, and how it is to be done.
 * @param work that was found
 * @param options defaults, what is required, a plan, articles that are read
 * @returns the table of all articles, and options of the library
 */
export async function readPricing(
  { known, forecasts, dataset, limits }: PricingWork,
  options: PricingOptions & { readonly scope?: ReadScope | undefined },
): Promise<ReadPricing> {
  const { onProgress, signal, required = [], plan, leaveOutBad, ignoreOverrides, scope } = options;
  const settings: PricingSettings = { ...PRICING_DEFAULTS, ...Object.fromEntries(settingsGiven(options)) };
  const discounts = parseDiscountGrid(known.record.parameters['discounts'] ?? DEFAULT_DISCOUNTS);
  const errors = readForecastErrors(known.directory, forecasts[0]!.model, discounts);
  const inputs = await readInputs(forecasts, dataset, {
    ...{ discounts, errors, settings, required, plan, signal, onProgress, scope },
    overridesOf: async (weeks) =>
      ignoreOverrides === true
        ? null
        : standingOverrides(
            await decisionsAbout(dataset.name, { home: options.home, store: options.decisions }),
            weeks,
          ),
  });
  const { bad, table, planned } = inputs;
  const { gap, evaluations } = COORDINATION_DEFAULTS;
  return {
    inputs,
    pricing: {
      ...{ limits, settings, planned, gap, evaluations, signal, bad, leaveOutBad },
      minimumGain: options.minimumGain ?? DEFAULT_MINIMUM_GAIN,
      threads: options.threads ?? pricingThreads(table.articles.length),
    },
  };
}

/**
 * @param options of pricing
 * @returns the settings that are given, by name
 */
export function settingsGiven(options: PricingOptions): [keyof PricingSettings, number | boolean][] {
  return (Object.keys(PRICING_DEFAULTS) as (keyof PricingSettings)[]).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, value] as [keyof PricingSettings, number | boolean]];
  });
}

async function findForecastRun(
  home: Home,
  run: string,
  { onNotice }: Pick<PricingOptions, 'onNotice'>,
): Promise<KnownRun> {
  if (run !== 'latest') return findRun(home.runs, run, { onNotice });
  const isForecast = ({ record }: KnownRun): boolean => FORECAST_KINDS.includes(record.kind);
  const isWanted = (found: KnownRun): boolean =>
    isForecast(found) && (found.state === 'succeeded' || found.state === 'degraded');
  const latest = await latestRun(home.runs, { isWanted, onNotice });
  if (latest !== null) return latest;
  const other = await latestRun(home.runs, { isWanted: isForecast });
  throw new ConfigurationError('there are no forecasts to price by', {
    expected: `a run of the kind ${FORECAST_KINDS.join(' or ')} that has ended well`,
    found: other === null ? 'none' : `${other.record.run}, which ${stateText(other.state)}`,
    where: { file: home.runs },
    remedy:
      other === null
        ? 'Forecast first: "hemline run weekly --data DIR". Where forecasts are kept in another folder, name it with HEMLINE_HOME.'
        : `"hemline runs show ${other.record.run}" says more; "hemline run weekly --data DIR" forecasts again.`,
  });
}

function stateText(state: string): string {
  return state === 'running' ? 'is still running' : `has ended as ${state}`;
}

/** The dataset that the run forecast. */
async function datasetOf({ record }: KnownRun, { data, descriptor }: PricingOptions): Promise<Dataset> {
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
