import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import {
  DEFAULT_MINIMUM_GAIN,
  explorePlans,
  priceArticles,
  PRICING_DEFAULTS,
  type ExplorationTotals,
  type ExplorePlansSettings,
  type PlanTotals,
  type PricedArticles,
  type PricingSettings,
} from '@hemline/pricing';
import {
  checkLimitsMet,
  forecastOrigins,
  givenFile,
  overrideSettings,
  pricedLimits,
  pricingProvenance,
  pricingSummary,
  totalsOf,
  writeTables,
  type PricingInputs,
  type PricingOrigin,
  type PricingSummary,
} from '@hemline/pricing/job';
import { Home, urlOf, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { absolutePlace } from '../runs/absolute-place.ts';
import { codeFacts } from '../runs/code-facts.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import type { RecordOptions } from '../work-options.ts';
import {
  findPricingWork,
  readPricing,
  settingsGiven,
  type PricingOptions,
  type PricingWork,
} from './pricing-work.ts';

/** How a run is priced. */
export interface PriceOptions extends PricingOptions, RecordOptions {
  /**
   * Share of the articles, at most, whose discounts of the first week are drawn by lot around the plan, to learn from: those that
   * tell most for what is at stake. 0 by default: nothing is explored.
   */
  readonly explore?: number;
  /** Levels up and down from the plan, at most; 1 by default. */
  readonly exploreStep?: number;
  /** Seed of the draws; 1 by default. */
  readonly exploreSeed?: number;
  /** Whether nothing is written: neither tables nor the record of a run. */
  readonly dryRun?: boolean;
  /** Folder or `s3://bucket/prefix` of the tables; by default a folder of the run that prices. */
  readonly output?: string;
}

/** What pricing came to, and where it is. */
export interface PriceResult extends Omit<PricingSummary, 'exploration'> {
  /** What exploring comes to; null where nothing is explored. */
  readonly exploration: ExplorationTotals | null;
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
  const { minimumGain = DEFAULT_MINIMUM_GAIN, dryRun = false } = options;
  const found = await findPricingWork(run, options);
  const work = (recorded: RecordedRun | null): Promise<PriceResult> =>
    priceRun(found, { ...options, minimumGain }, recorded);
  if (dryRun) return work(null);
  const { limits: file, plan, output, leaveOutBad, ignoreOverrides, decisions } = options;
  const parameters = {
    ...{ forecasts: found.known.record.run, limits: file, plan, output, minimumGain, decisions },
    ...(leaveOutBad === true ? { leaveOutBad: 'true' } : {}),
    ...(ignoreOverrides === true ? { ignoreOverrides: 'true' } : {}),
    ...(options.explore === undefined ? {} : explorationText(options)),
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
  const { known, forecasts, modelChoice, dataset, limits } = work;
  const { minimumGain, onProgress, required = [] } = options;
  const { inputs, pricing } = await readPricing(work, options);
  const planned = await priceArticles(inputs.table, {
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
  // The plan has to keep the limits; what is drawn around it may miss one, and is told.
  if (recorded !== null) checkLimitsMet(pricedLimits(planned.recommender.limits()), planned, limits);
  const exploring = explorationGiven(options);
  const explored =
    exploring === null
      ? null
      : explorePlans(planned, { ...exploring, experiment: recorded?.run ?? 'dry-run' });
  const priced = explored ?? planned;
  const rows = pricedLimits(priced.recommender.limits());
  const summaryOf = (totals: PlanTotals): PricingSummary =>
    pricingSummary({
      ...{ run: known.record.run, forecasts, modelChoice, inputs, priced, totals, limits: rows, minimumGain },
      assumptions: assumptionsOf(inputs, known, dataset),
    });
  const settings: PricingSettings = { ...PRICING_DEFAULTS, ...Object.fromEntries(settingsGiven(options)) };
  const settled = {
    ...{ ...settings, minimumGain, required },
    ...(options.leaveOutBad === true ? { leaveOutBad: true } : {}),
    // Recommendations follow from these as well.
    ...(exploring === null ? {} : { explore: exploring }),
    ...overrideSettings(inputs.overrides),
  };
  const written =
    recorded === null
      ? null
      : await write(work, options, recorded, priced, {
          ...{ settings: settled, decisions: inputs.overrides?.source ?? null, summaryOf },
        });
  const summary = written?.summary ?? summaryOf(totalsOf(priced.recommender));
  const result: PriceResult = {
    ...summary,
    exploration: explored?.exploration ?? null,
    ...{ run: recorded?.run ?? null, directory: written?.directory ?? null },
    seconds: (performance.now() - began) / 1000,
  };
  if (modelChoice !== null) await recorded?.recorder.addProblem(modelChoice);
  const { profit, heldProfit, gain, optimism } = result;
  await recorded?.recorder.addMetrics(recorded.step, {
    ...{ profit, heldProfit, gain, optimism, gap: result.gap, articles: result.articles },
    ...{ changed: result.changed, leftOut: result.leftOut.length, overrides: result.overrides },
    ...(explored === null ? {} : { explorationCost: explored.exploration.cost }),
  });
  return result;
}

/** As the record of the run has it. */
function explorationText(options: PriceOptions): Record<string, string | number> {
  const { share, step, seed } = explorationGiven(options) ?? { share: 0, step: 1, seed: 1 };
  return share === 0 ? {} : { explore: share, exploreStep: step ?? 1, exploreSeed: seed };
}

/** How is explored; null where nothing is. */
function explorationGiven({
  explore = 0,
  exploreStep: step = 1,
  exploreSeed: seed = 1,
}: PriceOptions): Omit<ExplorePlansSettings, 'experiment'> | null {
  if (explore === 0) return null;
  const isRight =
    explore > 0 && explore <= 1 && Number.isInteger(step) && step >= 1 && Number.isSafeInteger(seed);
  if (isRight) return { share: explore, step, seed };
  throw new ConfigurationError('prices cannot be explored so', {
    expected: 'a share from 0 to 1, whole steps from 1, a whole seed',
    found: `share ${explore}, step ${step}, seed ${seed}`,
  });
}

async function write(
  { known, forecasts, dataset, given }: PricingWork,
  { output, plan }: PriceOptions,
  { run, root, step, recorder }: RecordedRun,
  { recommender, leftOut }: PricedArticles,
  parts: Pick<PricingOrigin, 'settings' | 'decisions'> & { summaryOf(totals: PlanTotals): PricingSummary },
): Promise<{ readonly directory: string; readonly summary: PricingSummary }> {
  const directory = output ?? join(root, 'recommendations');
  const origin: PricingOrigin = {
    run: known.record.run,
    forecasts: forecastOrigins(forecasts),
    dataset: { name: dataset.name, fingerprint: dataset.fingerprint },
    limits: given,
    plan: plan === undefined ? null : givenFile(absolutePlace(plan), await readFile(plan)),
    ...{ decisions: parts.decisions, settings: parts.settings },
  };
  const { manifest, summary } = await writeTables(directory, {
    provenance: pricingProvenance(origin, (await codeFacts()).version, run),
    ...{ origin, recommender, leftOut, summaryOf: parts.summaryOf },
  });
  const { files } = manifest;
  await recorder.addOutput({
    ...{ step, name: 'recommendations', url: urlOf(directory), files: files.length },
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  });
  return { directory, summary };
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
