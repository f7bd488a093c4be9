import { formatWeek } from '@hemline/core';
import { DEFAULT_MINIMUM_GAIN, frontierLimit, traceFrontier } from '@hemline/pricing';
import { Home } from '@hemline/runs';
import { recordRun } from '../runs/record-run.ts';
import type { RecordOptions } from '../work-options.ts';
import { FRONTIER_KIND, recordFrontier, type FrontierResult } from './frontier-record.ts';
import {
  findPricingWork,
  readPricing,
  settingsGiven,
  type PricingOptions,
  type PricingWork,
} from './pricing-work.ts';
import { writeFrontier } from './write-frontier.ts';

/** Values of a frontier where nobody says how many. */
export const DEFAULT_FRONTIER_POINTS = 9;

/** What is traced. */
export interface FrontierOptions extends PricingOptions, RecordOptions {
  /** How many values, around the limit and what the plans come to without it; {@link DEFAULT_FRONTIER_POINTS} by default. */
  readonly points?: number;
  /** Values to try, in place of these. */
  readonly values?: readonly number[];
  /** Folder or `s3://bucket/prefix` of the table as Parquet, or a `.csv` file; by default nothing is written. */
  readonly output?: string;
}

/**
 * What the plans of all articles earn against the value of one limit of the business, the others as they are: what the limit costs, and
 * what it would cost elsewhere. Nothing is recommended; the run that is recorded is shown by its own report, and by that of the run whose forecasts
 * were priced.
 * @param limit its name in the file of limits
 * @param run whose forecasts are priced: its id, the beginning of it, or `latest`
 * @param options limits, values, where the table goes
 * @returns the points
 * @throws ConfigurationError for an unknown limit, or values that it cannot have
 */
export async function priceFrontier(
  limit: string,
  run = 'latest',
  options: FrontierOptions = {},
): Promise<FrontierResult> {
  const work = await findPricingWork(run, options);
  const {
    points = DEFAULT_FRONTIER_POINTS,
    values,
    output,
    limits,
    minimumGain = DEFAULT_MINIMUM_GAIN,
  } = options;
  // A misspelt name is told before anything is read that takes its time.
  frontierLimit(work.limits, limit);
  const parameters = {
    ...{ forecasts: work.known.record.run, limit, limits, points, output, minimumGain },
    ...(values === undefined ? {} : { values: values.join(',') }),
    ...Object.fromEntries(settingsGiven(options)),
  };
  return recordRun(
    new Home(options.home).prepared(),
    { kind: FRONTIER_KIND, model: 'pricing', dataset: work.dataset, parameters, record: options },
    async (recorded) => {
      const result = await trace(limit, work, options, recorded.run);
      await recordFrontier(result, recorded);
      return result;
    },
  );
}

async function trace(
  limit: string,
  work: PricingWork,
  options: FrontierOptions,
  run: string,
): Promise<FrontierResult> {
  const began = performance.now();
  const { points = DEFAULT_FRONTIER_POINTS, values, output, onProgress } = options;
  const { inputs, pricing } = await readPricing(work, options);
  const found = await traceFrontier(inputs.table, {
    ...{ ...pricing, limit, points, values },
    onPoint: (done, total) => onProgress?.('frontier', { phase: 'frontier', done, total, unit: 'points' }),
  });
  options.onDone?.('frontier');
  const { run: forecasts } = work.known.record;
  if (output !== undefined) await writeFrontier(output, found, forecasts);
  return {
    ...{ forecasts, cutoff: formatWeek(inputs.cutoff), weeks: inputs.table.weeks.length, limit },
    ...{ measure: found.limit.limit, lower: found.limit.lower ?? null, upper: found.limit.upper ?? null },
    ...{ minimumGain: options.minimumGain ?? DEFAULT_MINIMUM_GAIN, points: found.points },
    ...{ output: output ?? null, run, seconds: (performance.now() - began) / 1000 },
  };
}
