import {
  filterRows,
  QUANTITIES,
  knownAheadColumns,
  takeRows,
  type Batch,
  type FittedModel,
  type Scenarios,
} from '@hemline/core';
import { MemoryArtifact } from '../memory-artifact.ts';
import { SeededRandom } from '../synthetic/random.ts';
import { alteredAfter, shuffled, spoilColumns, unknownAhead, type Garbage } from './alter-tables.ts';
import { explained, type ConformanceCheck } from './check.ts';
import { demandSameForecasts, keyText } from './compare.ts';
import { askCurves, CURVE_KEY } from './curve-checks.ts';
import { denseLevels } from './grid-checks.ts';
import { strangerRequest } from './stranger-checks.ts';
import type { Subject } from './subject.ts';

const GARBAGE: readonly Garbage[] = ['numbers', 'NaN', 'null'];

/**
 * Checks of what must not change a forecast: saving, seeds, batches, order, company, and above all the future.
 * @param subject the model under test
 * @returns the checks
 */
export function invarianceChecks(subject: Subject): ConformanceCheck[] {
  return [
    { name: 'save → load gives identical forecasts', run: () => demandSaved(subject) },
    {
      name: 'the same seed gives the same forecasts',
      run: () =>
        explained(
          'by a second fit with the same seed: look for Math.random, for the time, and for work whose order is left to chance',
          async () => same(subject, await subject.withFitted((fitted) => subject.ask(fitted, 'grid')), 0),
        ),
    },
    { name: 'forecasting twice gives the same forecasts', run: () => demandRepeatable(subject) },
    { name: 'forecasts do not depend on batchRows', run: () => demandAnyBatchRows(subject) },
    {
      name: 'forecasts do not depend on the order of rows, series or batches of the tables',
      run: () => demandAnyTableOrder(subject),
    },
    {
      name: 'forecasts do not depend on the order of the request, nor on what else is asked',
      run: () => demandAnyRequestOrder(subject),
    },
    ...GARBAGE.map((garbage) => ({
      name: `altering anything after the cutoff changes nothing (${garbage})`,
      run: () => demandNoLeak(subject, garbage),
    })),
    {
      name: "what the plan's rows hold besides what is known ahead changes nothing",
      run: () => demandNoPlanLeak(subject),
    },
  ];
}

async function same(subject: Subject, forecasts: Batch, tolerance: number): Promise<void> {
  const { key } = QUANTITIES[subject.model.quantity];
  demandSameForecasts(forecasts, await subject.baseline(), key, tolerance);
}

/** All kinds of request that the suite has: most of its checks ask models that were loaded, and rest on these being as those fitted. */
async function demandSaved(subject: Subject): Promise<void> {
  const artifact = new MemoryArtifact();
  const { key } = QUANTITIES[subject.model.quantity];
  const { items, scenarios: strange } = await strangerRequest(subject);
  const { rows: told } = await planWithSecrets(subject);
  const grid = subject.scenarios('grid', told) as Extract<Scenarios, { kind: 'grid' }>;
  const dense = { ...grid, discounts: denseLevels(new SeededRandom(3)) };
  const ask = async (fitted: FittedModel): Promise<Batch[]> => [
    await subject.ask(fitted, 'grid'),
    await subject.ask(fitted, 'planned'),
    await subject.ask(fitted, 'grid', { items, batchRows: 7 }),
    await subject.ask(fitted, 'planned', { items, scenarios: strange }),
    await subject.ask(fitted, 'grid', { scenarios: dense }),
    await subject.ask(fitted, 'planned', { scenarios: subject.scenarios('planned', told) }),
  ];
  const askForCurves = async (fitted: FittedModel): Promise<Batch | null> =>
    fitted.curves === undefined ? null : askCurves(subject, fitted, 1000);
  const [before, curves] = await subject.withFitted(async (fitted) => {
    await fitted.save(artifact);
    return [await ask(fitted), await askForCurves(fitted)];
  });
  const loaded = await subject.load(artifact);
  try {
    await explained(
      'by the model that was saved and loaded: look for what the artifact lacks, or keeps with fewer digits',
      async () => {
        const after = await ask(loaded);
        for (const [at, each] of after.entries()) demandSameForecasts(each, before[at]!, key, 0);
        const found = await askForCurves(loaded);
        if ((found === null) !== (curves === null))
          throw new Error(`there are ${found === null ? 'no ' : ''}curves`);
        if (found !== null && curves !== null) demandSameForecasts(found, curves, CURVE_KEY, 0);
      },
    );
    // What was loaded can be saved again: a model that moves on from one registry to another.
    await loaded.save(new MemoryArtifact());
  } finally {
    loaded.dispose();
  }
}

async function demandRepeatable(subject: Subject): Promise<void> {
  await subject.withCopy(async (fitted) => {
    await subject.ask(fitted, 'planned');
    await explained('asked after other forecasts: look for what predict keeps from call to call', async () =>
      same(subject, await subject.ask(fitted, 'grid'), 0),
    );
  });
}

async function demandAnyBatchRows(subject: Subject): Promise<void> {
  await subject.withCopy(async (fitted) => {
    for (const batchRows of [1, 7, 1_000_000])
      await explained(
        `in batches of ${batchRows} rows: look for what is carried from row to row or from batch to batch`,
        async () => same(subject, await subject.ask(fitted, 'grid', { batchRows }), subject.tolerance),
      );
  });
}

async function demandAnyTableOrder(subject: Subject): Promise<void> {
  const random = new SeededRandom(5);
  for (const batchRows of [61, 100_000]) {
    const tables = await shuffled(subject.tables, random, batchRows);
    await explained(
      `from the same rows in another order, in batches of ${batchRows}: look for the first or last row of something, for sums of ` +
        'a batch alone, and for rows that are taken to come sorted',
      async () => {
        const ask = (fitted: FittedModel): Promise<Batch> => subject.ask(fitted, 'grid', { tables });
        await same(subject, await subject.withFitted(ask, tables), subject.tolerance);
      },
    );
  }
}

async function demandAnyRequestOrder(subject: Subject): Promise<void> {
  const { key } = QUANTITIES[subject.model.quantity];
  const items = await subject.items();
  const plan = await subject.plan();
  const random = new SeededRandom(11);
  await subject.withCopy(async (fitted) => {
    const hint = 'look for the place of an item among those asked, and for what is averaged over them';
    await explained(`asked for the items in another order: ${hint}`, async () => {
      const turned = takeRows(items, random.permutation(items.length));
      await same(subject, await subject.ask(fitted, 'grid', { items: turned }), subject.tolerance);
    });
    await explained(`asked for every third item alone: ${hint}`, async () => {
      const some = filterRows(items, (row) => row % 3 === 0);
      const asked = new Set(
        Array.from({ length: some.length }, (_, row) => keyText(some, ['article', 'market'], row)),
      );
      const whole = await subject.baseline();
      const expected = filterRows(whole, (row) => asked.has(keyText(whole, ['article', 'market'], row)));
      demandSameForecasts(
        await subject.ask(fitted, 'grid', { items: some }),
        expected,
        key,
        subject.tolerance,
      );
    });
    await explained(`asked for the planned rows in another order: ${hint}`, async () => {
      const scenarios = subject.scenarios('planned', takeRows(plan, random.permutation(plan.length)));
      const shuffledPlan = await subject.ask(fitted, 'planned', { scenarios });
      demandSameForecasts(shuffledPlan, await subject.ask(fitted, 'planned'), key, subject.tolerance);
    });
  });
}

async function demandNoLeak(subject: Subject, garbage: Garbage): Promise<void> {
  const { key } = QUANTITIES[subject.model.quantity];
  const planned = await subject.plannedBaseline();
  const columns = unknownAhead(subject.tables);
  await named(
    columns.map((one) => ({ name: `${one.table}.${one.column}`, columns: [one] })),
    { name: 'everything that nobody knows ahead', columns },
    (name) =>
      `when ${name} is ${WRITTEN[garbage]} after the cutoff: look for rows after the cutoff that are read, in fit or in predict`,
    async ({ columns: altered }) => {
      const tables = await alteredAfter(subject.tables, subject.cutoff, garbage, altered);
      await subject.withFitted(async (fitted) => {
        await same(subject, await subject.ask(fitted, 'grid', { tables }), 0);
        demandSameForecasts(await subject.ask(fitted, 'planned', { tables }), planned, key, 0);
      }, tables);
    },
  );
}

/** What garbage is, for a message. */
const WRITTEN: Readonly<Record<Garbage, string>> = {
  numbers: 'other numbers',
  NaN: 'NaN',
  null: 'missing',
};

/**
 * Rows of the plan that carry what nobody can know yet: demand, sales, stock. The runtime does not hand these over; a
 * model must not take them where somebody does.
 */
async function demandNoPlanLeak(subject: Subject): Promise<void> {
  const { known, secret, rows: told } = await planWithSecrets(subject);
  const { key } = QUANTITIES[subject.model.quantity];
  const planned = await subject.plannedBaseline();
  const hint = (name: string): string =>
    `when a planned row holds ${name}: look for ${name} of the rows that are asked about; nobody knows it ahead, and in ` +
    'production it is not there';
  await subject.withCopy(async (fitted) => {
    for (const garbage of [null, ...GARBAGE])
      await named(
        secret.map((column) => ({ name: `weekly.${column}`, columns: [column] })),
        { name: secret.join(', '), columns: secret },
        hint,
        async ({ columns }) => {
          const held = told.select([...known, ...columns]);
          const plan = garbage === null ? held : spoilColumns(held, known, garbage);
          const scenarios = subject.scenarios('planned', plan);
          demandSameForecasts(await subject.ask(fitted, 'planned', { scenarios }), planned, key, 0);
          const grid = { scenarios: subject.scenarios('grid', plan) };
          await same(subject, await subject.ask(fitted, 'grid', grid), 0);
        },
      );
  });
}

/** Rows of the plan with all their columns, also those that nobody knows ahead. */
async function planWithSecrets(
  subject: Subject,
): Promise<{ readonly known: readonly string[]; readonly secret: readonly string[]; readonly rows: Batch }> {
  const { schema } = subject.tables.get('weekly');
  const names = schema.fields.map(({ name }) => name);
  const known = knownAheadColumns(schema);
  const secret = names.filter((name) => !known.includes(name));
  return { known, secret, rows: await subject.plan(subject.tables, names) };
}

/** Columns that are altered together. */
interface Altered<C> {
  readonly name: string;
  readonly columns: readonly C[];
}

/** Tries all columns together; where that fails, tries one after the other, so that the message names the one that matters. */
async function named<C>(
  each: readonly Altered<C>[],
  all: Altered<C>,
  hint: (name: string) => string,
  attempt: (altered: Altered<C>) => Promise<void>,
): Promise<void> {
  try {
    await attempt(all);
  } catch (error) {
    for (const one of each) await explained(hint(one.name), () => attempt(one));
    throw new Error(`${(error as Error).message}, ${hint(all.name)}`, { cause: error });
  }
}
