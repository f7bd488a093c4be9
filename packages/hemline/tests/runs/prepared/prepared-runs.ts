import { join } from 'node:path';
import { addWeeks } from '@hemline/core';
import { Home, type ModelVersion } from '@hemline/runs';
import { monitor } from '../../../src/index.ts';
import { recordWorkflow, registerVersion, type Metrics, type ModelOutcome } from './record-workflow.ts';
import { CHANGED_WEEKS, LAST_WEEK, writeShop } from './shop.ts';

/** A run in a home of its own, and what the first screen of its page has to answer. */
export interface PreparedRun {
  readonly home: string;
  readonly run: string;
  /** The answer, word for word. */
  readonly headline: string;
  /** What else the first screen says. */
  readonly says: readonly (string | RegExp)[];
  /** What it must not say. */
  readonly conceals: readonly (string | RegExp)[];
}

const GOOD: Metrics = {
  ...{
    demandError: 0.41,
    demandErrorStandardError: 0.02,
    demandBias: -0.03,
    wape: 0.35,
    monotoneViolations: 0,
  },
  ...{ coverage10: 0.11, coverage50: 0.52, coverage90: 0.9 },
};
const NAIVE: Metrics = { demandError: 0.52, demandBias: -0.05, wape: 0.45, monotoneViolations: 0 };
const TIMES: Metrics = { rmse: 0.03, wape: 0.3, bias: 0 };
const MET = { status: 'approved', reason: 'meets its requirements' } as const;
const [BEFORE, RUN] = ['weekly-20260105', 'weekly-20260112'];

/** The reason that a failed training gives, as a job and everything above it passes it on. */
export const FAILURE =
  'AlgorithmError: the loss is no number after 312 steps; expected a finite loss, found NaN. Lower the learning rate, or look for extreme values in demand, exit code: 65';
const TOO_LARGE = 'demandError is 0.61, below 0.5096 is required: 0.98 times that of demand-naive';

/** Versions of the week before, and a run by them. */
async function weekBefore(home: Home, data: string, hasTransformer = true): Promise<ModelVersion[]> {
  const versionOf = (model: string, metrics: Metrics): Promise<ModelVersion> =>
    registerVersion(home, model, BEFORE, metrics, MET, addWeeks(LAST_WEEK, -1));
  const naive = await versionOf('demand-naive', NAIVE);
  const times = await versionOf('return-time-average', TIMES);
  const transformer = hasTransformer ? await versionOf('demand-transformer', GOOD) : null;
  const own = (version: ModelVersion, quantity: ModelOutcome['quantity']): ModelOutcome => ({
    ...{ model: version.model, quantity, registered: version, forecastBy: version },
  });
  await recordWorkflow(home, data, {
    ...{ run: BEFORE, workflow: 'weekly', status: 'complete', lastWeek: addWeeks(LAST_WEEK, -1) },
    models: [
      own(naive, 'demand'),
      own(times, 'return-time'),
      ...(transformer === null ? [] : [own(transformer, 'demand')]),
    ],
  });
  return [naive, times, ...(transformer === null ? [] : [transformer])];
}

/** This week's versions of the two models that always do well. */
async function wellThisWeek(home: Home): Promise<ModelOutcome[]> {
  const naive = await registerVersion(home, 'demand-naive', RUN, NAIVE, MET);
  const times = await registerVersion(home, 'return-time-average', RUN, TIMES, MET);
  return [
    { model: 'demand-naive', quantity: 'demand', registered: naive, forecastBy: naive },
    { model: 'return-time-average', quantity: 'return-time', registered: times, forecastBy: times },
  ];
}

/** Everything as it should be. */
async function good(home: Home, data: string): Promise<Omit<PreparedRun, 'home'>> {
  await writeShop(data);
  await weekBefore(home, data);
  const transformer = await registerVersion(home, 'demand-transformer', RUN, GOOD, MET);
  await recordWorkflow(home, data, {
    ...{ run: RUN, workflow: 'weekly', status: 'complete' },
    models: [
      ...(await wellThisWeek(home)),
      {
        ...{ model: 'demand-transformer', quantity: 'demand', registered: transformer },
        ...{ forecastBy: transformer, factor: 1.1 },
      },
    ],
  });
  return {
    run: RUN,
    headline: 'Use these forecasts',
    says: [
      'Weeks 2026-01-12 to 2026-03-02 (8 weeks)',
      'Articles and markets 6 articles in 2 markets',
      /Demand demand-transformer version 2 also there: demand-naive version 2 in this run knows the weeks up to 2026-01-05 by the workflow on [\d-]+: meets its requirements/,
      'Return time return-time-average version 2',
      /Units forecast 1,8\d\d units at the planned discounts\. In the same weeks a year before 1,\d{3} units were sold/,
      // The forecasts are by a tenth higher than those of the week before.
      /Of the same articles, weeks and discounts weekly-20260105 forecast 1,\d{3} units, now 1,\d{3} units \(\+10\.0 %\)/,
      'demand-naive 1 → 2, demand-transformer 1 → 2, return-time-average 1 → 2',
      join(home.directory, 'forecasts', RUN),
      'What needs a person Nothing.',
    ],
    conceals: ['stands in', 'pending', 'failed'],
  };
}

/** The new version is refused: that of the week before forecasts. */
async function fallback(home: Home, data: string): Promise<Omit<PreparedRun, 'home'>> {
  await writeShop(data);
  const [, , transformer] = await weekBefore(home, data);
  const refused = await registerVersion(
    home,
    'demand-transformer',
    RUN,
    { ...GOOD, demandError: 0.61 },
    {
      ...{ status: 'pending', reason: TOO_LARGE },
    },
  );
  await recordWorkflow(home, data, {
    ...{ run: RUN, workflow: 'weekly', status: 'fallback' },
    models: [
      ...(await wellThisWeek(home)),
      {
        ...{ model: 'demand-transformer', quantity: 'demand', registered: refused, forecastBy: transformer! },
        problems: [
          `version 2 is pending: ${TOO_LARGE}. Improve the model, or approve the version by hand: hemline models approve demand-transformer 2 --reason …`,
        ],
      },
    ],
  });
  return {
    run: RUN,
    headline: 'Use these forecasts, but mind what follows',
    says: [
      /demand-transformer version 1, which knows the weeks up to 2025-12-29, stands in: version 2 is pending: demandError is 0\.61/,
      'Demand demand-transformer version 1',
      'What needs a person Decide about demand-transformer version 2, which is pending',
      /Versions changed Against weekly-20260105: demand-naive 1 → 2, return-time-average 1 → 2\./,
    ],
    conceals: ['Find out what is wrong'],
  };
}

/** A training broke, and there is no version of before: another model of the quantity serves. */
async function failedModel(home: Home, data: string): Promise<Omit<PreparedRun, 'home'>> {
  await writeShop(data);
  await weekBefore(home, data, false);
  const [naive, times] = await wellThisWeek(home);
  await recordWorkflow(home, data, {
    ...{ run: RUN, workflow: 'weekly', status: 'fallback' },
    models: [
      { ...naive!, isFlat: true },
      times!,
      {
        ...{ model: 'demand-transformer', quantity: 'demand' },
        failed: { trainHeldOut: FAILURE, train: FAILURE },
        problems: [
          `trainHeldOut or train failed: ${FAILURE}`,
          'it has no approved version: nothing forecasts',
        ],
      },
    ],
  });
  return {
    run: RUN,
    headline: 'Use these forecasts, but mind what follows',
    says: [
      /Demand: demand-transformer has forecast nothing, demand-naive stands in: the loss is no number after 312 steps/,
      'Demand demand-naive version 2',
      'Demand is forecast by demand-naive, which does not react to the discount',
      'Find out what is wrong with demand-transformer before the next run.',
    ],
    conceals: [/the loss is no number.*the loss is no number/s, 'exit code'],
  };
}

/** Demand has doubled since: the version that goes on forecasting was far too low. */
async function badDrift(home: Home, data: string): Promise<Omit<PreparedRun, 'home'>> {
  await writeShop(data, 2);
  const cutoff = addWeeks(LAST_WEEK, -CHANGED_WEEKS);
  const naive = await registerVersion(home, 'demand-naive', BEFORE, NAIVE, MET, cutoff);
  const model = { model: 'demand-naive', quantity: 'demand', forecastBy: naive } as const;
  await recordWorkflow(home, data, {
    ...{ run: BEFORE, workflow: 'weekly', status: 'complete', lastWeek: cutoff },
    models: [{ ...model, registered: naive }],
  });
  await monitor({ data, home: home.directory });
  await recordWorkflow(home, data, {
    ...{ run: 'inference-20260112', workflow: 'inference', status: 'complete' },
    models: [model],
  });
  return {
    run: 'inference-20260112',
    headline: 'Do not use these forecasts',
    says: [
      /Forecasts of demand-naive version 1 were [45]\d % too low in all, from 2025-12-15 to 2026-01-05/,
      'The same version forecasts here',
    ],
    conceals: ['Units forecast', 'Against the forecast before'],
  };
}

/** A quantity has no forecasts at all. */
async function incomplete(home: Home, data: string): Promise<Omit<PreparedRun, 'home'>> {
  await writeShop(data);
  const [naive] = await Promise.all([wellThisWeek(home)]);
  await recordWorkflow(home, data, {
    ...{ run: RUN, workflow: 'weekly', status: 'incomplete' },
    models: [
      naive[0]!,
      {
        ...{ model: 'return-time-average', quantity: 'return-time' },
        failed: { trainHeldOut: FAILURE, train: FAILURE },
        problems: [
          `trainHeldOut or train failed: ${FAILURE}`,
          'it has no approved version: nothing forecasts',
        ],
      },
    ],
  });
  return {
    run: RUN,
    headline: 'Do not use: forecasts are missing',
    says: [
      'There are no forecasts of return time.',
      'return-time-average: the loss is no number after 312 steps',
      'Return time no forecasts',
      'Mend the cause, and start the same command again: hemline run weekly',
    ],
    conceals: [
      /the loss is no number.*the loss is no number/s,
      'Units forecast',
      'Versions changed',
      /demand error/i,
    ],
  };
}

const CASES = { good, fallback, 'failed model': failedModel, 'bad drift': badDrift, incomplete };

/** Names of the cases. */
export const CASE_NAMES = Object.keys(CASES) as (keyof typeof CASES)[];

/**
 * Makes a run, with all that is around it, by the code that makes real ones.
 * @param name of the case
 * @param folder to make it in
 * @returns the run, and what its page has to answer
 */
export async function prepareRun(name: keyof typeof CASES, folder: string): Promise<PreparedRun> {
  const home = new Home(join(folder, 'home'));
  return { home: home.directory, ...(await CASES[name](home, join(folder, 'data'))) };
}
