import { createHash } from 'node:crypto';
import { EngineError, type DiscountGrid } from '@hemline/core';
import type { Dataset, JobProcess } from '@hemline/runtime';
import type { Provenance, Store } from '@hemline/stores';
import { COORDINATION_DEFAULTS, type CoordinationStep } from '../coordinator/coordinate.ts';
import { ArticleBlocks } from '../hosts/article-blocks.ts';
import { clearExchange, Exchange, FinishedElsewhere } from '../hosts/exchange.ts';
import { tellAll } from '../hosts/join-inputs.ts';
import { explorePlans, type ExplorePlansSettings } from '../explore/explore-plans.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import type { ForecastErrors } from '../inputs/offered-levels.ts';
import type { PricingLimits } from '../limits/limits-schema.ts';
import { priceArticles } from '../recommendations/price-articles.ts';
import type { ForecastSet } from './forecast-set.ts';
import type { OptimiseArguments } from './optimise-arguments.ts';
import { optimiseBlocks, type SummaryParts } from './optimise-blocks.ts';
import { checkLimitsMet, pricedLimits } from './priced-limits.ts';
import type { PricingOrigin } from './pricing-origin.ts';
import { finishedSummary, pricingSummary, type PricingSummary } from './pricing-summary.ts';
import { pricingThreads } from './pricing-threads.ts';
import { readInputs, type PricingInputs } from './read-inputs.ts';
import type { ReadScope } from './own-articles.ts';
import { mergeSurveys, surveyForecast, type ForecastSurvey } from './survey-forecast.ts';
import type { StandingOverrides } from './standing-overrides.ts';
import { writeTables } from './write-tables.ts';

/** What is priced, and where it goes. */
export interface PricingTask {
  readonly job: JobProcess;
  readonly given: OptimiseArguments;
  readonly set: ForecastSet;
  readonly dataset: Dataset;
  readonly discounts: DiscountGrid;
  readonly limits: PricingLimits;
  readonly settings: PricingSettings;
  /** Prices that people have fixed; null: none are heeded. */
  readonly overrides: StandingOverrides | null;
  /** Null: nothing is explored. */
  readonly exploring: ExplorePlansSettings | null;
  readonly origin: PricingOrigin;
  readonly provenance: Provenance;
  readonly store: Store;
  /** This host, and all of them. */
  readonly hosts: { readonly current: string; readonly all: readonly string[] };
}

/** What pricing came to. */
export interface PricedOnHosts {
  readonly summary: PricingSummary;
  /** Whether this host has ended the output: of several, one does. */
  readonly isOurs: boolean;
}

/** How well the model of demand did is for `hemline price` to know. */
const ERRORS: ForecastErrors = { byGroup: new Map(), byLevel: null };

/**
 * Prices the articles of a run on one host or several. Articles of one block are priced by one host, and whole; more are priced block by
 * block, whatever the number of hosts, which is why the result is the same.
 * @param task what is priced
 * @returns what the plans come to
 */
export async function priceOnHosts(task: PricingTask): Promise<PricedOnHosts> {
  const { hosts, store, set, given, discounts } = task;
  const [demand] = set.forecasts;
  const rows = demand!.manifest.files.reduce((sum, file) => sum + file.rows, 0);
  // An article has a row for each level at least.
  if (hosts.all.length === 1 && rows / discounts.length <= given.articlesOfBlock) return priceWhole(task);
  const priced = await priceTogether(task, exchangeOf(task));
  // Whoever sees the end tidies up, a host too that was started again too late to be of use.
  await clearExchange(store);
  return priced;
}

async function priceTogether(task: PricingTask, exchange: Exchange): Promise<PricedOnHosts> {
  const { hosts, store, given } = task;
  try {
    const survey = await surveyAll(task, exchange);
    const blocks = new ArticleBlocks(survey.articles.length, given.articlesOfBlock, hosts.all);
    if (!blocks.workers.includes(hosts.current)) return await waitForEnd(task, exchange, blocks);
    if (blocks.count === 1) return await priceWhole(task);
    return { summary: await priceBlocks(task, exchange, blocks, survey), isOurs: true };
  } catch (error) {
    if (!(error instanceof FinishedElsewhere)) throw error;
    const summary = await finishedSummary(store);
    if (summary !== null) return { summary, isOurs: false };
    throw new EngineError('the output is ended and tells nothing of its plans', {
      expected: 'a summary beside _SUCCESS',
      found: 'none',
      where: { file: store.url },
      remedy: 'Somebody has removed it: empty the output and start the job again.',
    });
  }
}

function exchangeOf({ job, given, origin, provenance, store, hosts }: PricingTask): Exchange {
  const { signal, telemetry } = job;
  const digest = createHash('sha256')
    .update(JSON.stringify([provenance, origin.settings, COORDINATION_DEFAULTS]))
    .digest('hex');
  return new Exchange(store, digest, {
    ...{ host: hosts.current, patience: 1000 * given.patience, signal },
    isFinished: async () => (await store.stat('_SUCCESS')) !== null,
    onWait: (whom, done, total) =>
      telemetry.progress({ phase: `waiting for ${whom}`, done, total, unit: 'answers' }),
  });
}

/** Each host looks through its share of the files of demand. */
async function surveyAll(
  { set, hosts, job: { signal } }: PricingTask,
  exchange: Exchange,
): Promise<ForecastSurvey> {
  const demand = set.forecasts[0]!;
  const at = hosts.all.indexOf(hosts.current);
  const own = await surveyForecast(demand, (file) => file % hosts.all.length === at, signal);
  const told = await tellAll<ForecastSurvey | null>(exchange, hosts.all, 'survey', {
    ...{ told: own, arrays: [] },
  });
  return mergeSurveys(
    told.map((part) => part.told),
    demand.place,
  );
}

/** More hosts than blocks: there is nothing for this one. */
async function waitForEnd(task: PricingTask, exchange: Exchange, blocks: ArticleBlocks): Promise<never> {
  task.job.telemetry.info(
    `there are ${blocks.count} blocks of articles: nothing is left for ${exchange.host}`,
  );
  return exchange.until<never>(
    () => Promise.resolve(null),
    () => ({ whom: `${blocks.workers.join(', ')}, which price all articles`, done: 0, total: 1 }),
  );
}

async function read(task: PricingTask, scope?: ReadScope): Promise<PricingInputs> {
  const { set, dataset, discounts, settings, given, job } = task;
  const { signal, telemetry } = job;
  return readInputs(set.forecasts, dataset, {
    ...{ discounts, settings, required: given.required, signal, errors: ERRORS, scope },
    overridesOf: () => Promise.resolve(task.overrides),
    onProgress: (_part, event) => telemetry.progress({ ...event, phase: 'reading forecasts' }),
  });
}

async function priceWhole(task: PricingTask): Promise<PricedOnHosts> {
  const { given, limits, settings, exploring, origin, provenance, store } = task;
  const { signal, telemetry } = task.job;
  const inputs = await read(task);
  const { assumptions } = inputs;
  for (const text of assumptions) telemetry.warn(text);
  const { gap, evaluations } = COORDINATION_DEFAULTS;
  const { minimumGain, leaveOutBad } = given;
  const planned = await priceArticles(inputs.table, {
    ...{ limits, settings, minimumGain, planned: inputs.planned, gap, evaluations, signal },
    ...{ bad: inputs.bad, leaveOutBad, onStep: stepsOf(task) },
    threads: given.threads ?? pricingThreads(inputs.table.articles.length),
  });
  tellLeftOut(task, planned.leftOut.length);
  // The plan has to keep the limits; what is drawn around it may miss one, and is told.
  checkLimitsMet(pricedLimits(planned.recommender.limits()), planned, limits);
  const priced = exploring === null ? planned : explorePlans(planned, exploring);
  const rows = pricedLimits(priced.recommender.limits());
  const { recommender, leftOut } = priced;
  const { summary } = await writeTables(store, {
    ...{ provenance, origin, recommender, leftOut },
    summaryOf: (totals) =>
      summaryOf(task, inputs, { priced, totals, limits: rows, assumptions, placed: inputs.placed }),
  });
  return { summary, isOurs: true };
}

async function priceBlocks(
  task: PricingTask,
  exchange: Exchange,
  blocks: ArticleBlocks,
  survey: ForecastSurvey,
): Promise<PricingSummary> {
  const { given, limits, settings, exploring, provenance, store, discounts } = task;
  const share = blocks.shareOf(exchange.host);
  const inputs = await read(task, { ...survey, ...share });
  const { minimumGain, leaveOutBad } = given;
  return optimiseBlocks({
    ...{ store, exchange, blocks, provenance, limits, settings, minimumGain, leaveOutBad },
    ...{ discounts, errors: ERRORS, inputs, exploring, onStep: stepsOf(task) },
    threads: given.threads ?? pricingThreads(share.to - share.from),
    onAssumptions: (assumptions) => {
      for (const text of assumptions) task.job.telemetry.warn(text);
    },
    summaryOf: (parts) => {
      tellLeftOut(task, parts.priced.leftOut.length);
      return summaryOf(task, inputs, parts);
    },
  });
}

function summaryOf(
  { set, given }: PricingTask,
  { cutoff, table }: PricingInputs,
  { placed, ...parts }: SummaryParts,
): PricingSummary {
  const { run, forecasts, modelChoice } = set;
  const inputs = { cutoff, table, placed };
  const { minimumGain } = given;
  return pricingSummary({ ...{ run, forecasts, modelChoice, inputs, minimumGain }, ...parts });
}

function stepsOf({ job: { telemetry } }: PricingTask): (step: CoordinationStep) => void {
  const total = COORDINATION_DEFAULTS.evaluations;
  return ({ evaluations: done }) =>
    telemetry.progress({ phase: 'pricing', done, total, unit: 'evaluations' });
}

function tellLeftOut({ job: { telemetry } }: PricingTask, count: number): void {
  if (count > 0)
    telemetry.warn(`${count} articles cannot be priced, and are left out: the table left-out lists them`);
}
