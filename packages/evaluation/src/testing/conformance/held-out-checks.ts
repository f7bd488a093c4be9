import {
  addWeeks,
  concatBatches,
  emptyBatch,
  formatWeek,
  QUANTITIES,
  type Batch,
  type FittedModel,
  type ForecastRequest,
  type HeldOutFit,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import { alteredAfter, unknownAhead } from './alter-tables.ts';
import { assert, type ConformanceCheck } from './check.ts';
import { demandSameForecasts } from './compare.ts';
import { declared, type Subject } from './subject.ts';

/** Weeks that the model is told to hold out. */
const WEEKS = 6;
/** Articles whose held-out weeks are altered, one after the other. */
const ARTICLES = 4;
/** What to do where no cutoff can be told to be right. */
const TOLD = `hold out as many weeks as job.heldOutWeeks says (${WEEKS} here), and give their start as the cutoff`;

/**
 * Checks of models that hold out the last weeks before the cutoff: what they tell of that is honest.
 * @param subject the model under test
 * @returns the checks
 */
export function heldOutChecks(subject: Subject): ConformanceCheck[] {
  const unknowing = 'the held-out fit has learnt nothing from the weeks held out';
  if (subject.model.capabilities.holdsOut !== true)
    return [
      {
        name: unknowing,
        skip: 'the model does not declare that it holds out',
        run: () => Promise.resolve(),
      },
    ];
  let asked: Promise<HeldOutTold> | null = null;
  const unaltered = (): Promise<HeldOutTold> => (asked ??= tellHeldOut(subject, subject.tables));
  return [
    {
      name: 'the held-out fit is told once, forecasts, and leaves the fit as it is',
      run: async () => demandTold(subject, await unaltered()),
    },
    { name: unknowing, run: async () => demandUnknowing(subject, await unaltered()) },
  ];
}

/** What a fit tells of the weeks held out, and then forecasts. */
interface HeldOutTold {
  /** Of onHeldOut. */
  readonly calls: number;
  /** Of the weeks held out, by the held-out fit; null where there was no call. */
  readonly heldOut: Batch | null;
  /** Of the weeks after the cutoff. */
  readonly grid: Batch;
}

async function tellHeldOut(subject: Subject, tables: Tables): Promise<HeldOutTold> {
  let calls = 0;
  let heldOut: Batch | null = null;
  const job: Partial<TrainingJob> = {
    heldOutWeeks: WEEKS,
    onHeldOut: async (held) => {
      calls++;
      heldOut = await askHeldOut(subject, held, tables);
    },
  };
  const fitted = await subject.fit(tables, job);
  try {
    return { calls, heldOut, grid: await subject.ask(fitted, 'grid') };
  } finally {
    fitted.dispose();
  }
}

async function demandTold(subject: Subject, { calls, heldOut, grid }: HeldOutTold): Promise<void> {
  const { quantity } = subject.model;
  const [value] = QUANTITIES[quantity].values;
  assert(calls === 1, `onHeldOut is called ${calls} times; expected once, before all is learnt from`);
  assert(
    heldOut !== null && heldOut.length > 0 && heldOut.floats(value!).every(Number.isFinite),
    `the held-out fit forecasts ${heldOut?.length ?? 0} rows, not all of them finite`,
  );
  // Being asked for the held-out fit changes nothing in the model.
  const alone = await subject.fit(subject.tables, { heldOutWeeks: WEEKS });
  try {
    demandSameForecasts(grid, await subject.ask(alone, 'grid'), QUANTITIES[quantity].key, 0);
  } finally {
    alone.dispose();
  }
}

/**
 * The weeks held out may choose (when to stop), so that altering all of them may change the forecasts. Where those of one article
 * that sells little are missing, no choice changes, or not every time; a model that has learnt from them changes every time.
 */
async function demandUnknowing(subject: Subject, { heldOut: before }: HeldOutTold): Promise<void> {
  if (before === null) throw new Error('onHeldOut is not called');
  const articles = await littleSold(subject);
  const { key, values } = QUANTITIES[subject.model.quantity];
  // Widths of quantiles may be chosen on the weeks held out, by any number: the forecasts themselves may not.
  const compared = [...key, ...values];
  // A size without sales is no missing value but an error, which models rightly tell.
  const columns = unknownAhead(subject.tables).filter(({ table }) => table !== 'sizes');
  let told: unknown;
  for (const article of articles) {
    const tables = await alteredAfter(
      subject.tables,
      addWeeks(subject.cutoff, -WEEKS),
      'null',
      columns,
      article,
    );
    const { heldOut: after } = await tellHeldOut(subject, tables);
    if (after === null) throw new Error('onHeldOut is not called');
    try {
      demandSameForecasts(after.select(compared), before.select(compared), key, 0);
      return;
    } catch (error) {
      told ??= error;
    }
  }
  throw new Error(
    `${(told as Error).message}, when the weeks held out of one article are missing: look for rows after the held-out ` +
      'cutoff among what is learnt from, and for levels, scales and encoders that are fitted before these rows are left out',
    { cause: told },
  );
}

/** Asks as a callee would: the tables as of the held-out cutoff, and what was planned for the weeks held out. */
async function askHeldOut(subject: Subject, { cutoff, fitted }: HeldOutFit, tables: Tables): Promise<Batch> {
  const expected = addWeeks(subject.cutoff, -WEEKS);
  assert(
    cutoff === expected,
    `the held-out fit knows ${formatWeek(cutoff)}; expected ${formatWeek(expected)}: ${TOLD}`,
  );
  const horizon = Math.min(WEEKS, subject.model.capabilities.maximumHorizon ?? WEEKS);
  // The plan of the unaltered tables: nothing that became known later is in it.
  const plan = await subject.plan(subject.tables, undefined, { cutoff, horizon });
  const request: ForecastRequest = {
    cutoff,
    items: await subject.items(),
    history: declared(tables.asOf(cutoff), subject.model.inputs.predict),
    scenarios: subject.scenarios('grid', plan, { cutoff, horizon }),
    batchRows: 1000,
  };
  return collected(subject, fitted, request);
}

async function collected(subject: Subject, fitted: FittedModel, request: ForecastRequest): Promise<Batch> {
  const batches: Batch[] = [];
  for await (const batch of fitted.predict(request)) batches.push(batch);
  return batches.length === 0 ? emptyBatch(subject.model.output) : concatBatches(batches);
}

/** Articles that sell least of those that sell in the weeks held out: what they sold decides nothing. */
async function littleSold(subject: Subject): Promise<string[]> {
  const sold = new Map<string, number>();
  const from = addWeeks(subject.cutoff, -WEEKS);
  for await (const batch of subject.tables
    .get('weekly')
    .batches({ columns: ['article', 'week', 'demand'] })) {
    const weeks = batch.weeks('week');
    const demand = batch.floats('demand');
    const { values, dictionary } = batch.strings('article');
    for (let row = 0; row < batch.length; row++) {
      if (weeks[row]! <= from || weeks[row]! > subject.cutoff || !(demand[row]! > 0)) continue;
      const article = dictionary[values[row]!]!;
      sold.set(article, (sold.get(article) ?? 0) + demand[row]!);
    }
  }
  return [...sold]
    .sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
    .slice(0, ARTICLES)
    .map(([article]) => article);
}
