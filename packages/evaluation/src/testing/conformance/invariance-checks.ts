import {
  filterRows,
  QUANTITIES,
  knownAheadColumns,
  takeRows,
  type Batch,
  type FittedModel,
} from '@hemline/core';
import { MemoryArtifact } from '../memory-artifact.ts';
import { SeededRandom } from '../synthetic/random.ts';
import { alteredAfter, shuffled, spoilColumns, type Garbage } from './alter-tables.ts';
import type { ConformanceCheck } from './check.ts';
import { demandSameForecasts, keyText } from './compare.ts';
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
      run: async () => same(subject, await subject.withFitted((fitted) => subject.ask(fitted, 'grid')), 0),
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

async function demandSaved(subject: Subject): Promise<void> {
  const artifact = new MemoryArtifact();
  const { key } = QUANTITIES[subject.model.quantity];
  const ask = async (fitted: FittedModel): Promise<[Batch, Batch]> => [
    await subject.ask(fitted, 'grid'),
    await subject.ask(fitted, 'planned'),
  ];
  const before = await subject.withFitted(async (fitted) => {
    await fitted.save(artifact);
    return ask(fitted);
  });
  const loaded = await subject.model.load(artifact);
  try {
    const after = await ask(loaded);
    demandSameForecasts(after[0], before[0], key, 0);
    demandSameForecasts(after[1], before[1], key, 0);
    // What was loaded can be saved again: a model that moves on from one registry to another.
    await loaded.save(new MemoryArtifact());
  } finally {
    loaded.dispose();
  }
}

async function demandRepeatable(subject: Subject): Promise<void> {
  await subject.withFitted(async (fitted) => {
    await subject.ask(fitted, 'planned');
    await same(subject, await subject.ask(fitted, 'grid'), 0);
  });
}

async function demandAnyBatchRows(subject: Subject): Promise<void> {
  await subject.withFitted(async (fitted) => {
    for (const batchRows of [1, 7, 1_000_000])
      await same(subject, await subject.ask(fitted, 'grid', { batchRows }), subject.tolerance);
  });
}

async function demandAnyTableOrder(subject: Subject): Promise<void> {
  const random = new SeededRandom(5);
  for (const batchRows of [61, 100_000]) {
    const tables = await shuffled(subject.tables, random, batchRows);
    const forecasts = await subject.withFitted((fitted) => subject.ask(fitted, 'grid', { tables }), tables);
    await same(subject, forecasts, subject.tolerance);
  }
}

async function demandAnyRequestOrder(subject: Subject): Promise<void> {
  const { key } = QUANTITIES[subject.model.quantity];
  const items = await subject.items();
  const plan = await subject.plan();
  const random = new SeededRandom(11);
  await subject.withFitted(async (fitted) => {
    const turned = takeRows(items, random.permutation(items.length));
    await same(subject, await subject.ask(fitted, 'grid', { items: turned }), subject.tolerance);

    const some = filterRows(items, (row) => row % 3 === 0);
    const asked = new Set(
      Array.from({ length: some.length }, (_, row) => keyText(some, ['article', 'market'], row)),
    );
    const whole = await subject.baseline();
    const expected = filterRows(whole, (row) => asked.has(keyText(whole, ['article', 'market'], row)));
    demandSameForecasts(await subject.ask(fitted, 'grid', { items: some }), expected, key, subject.tolerance);

    const scenarios = subject.scenarios('planned', takeRows(plan, random.permutation(plan.length)));
    const shuffledPlan = await subject.ask(fitted, 'planned', { scenarios });
    demandSameForecasts(shuffledPlan, await subject.ask(fitted, 'planned'), key, subject.tolerance);
  });
}

async function demandNoLeak(subject: Subject, garbage: Garbage): Promise<void> {
  const tables = await alteredAfter(subject.tables, subject.cutoff, garbage);
  const { key } = QUANTITIES[subject.model.quantity];
  const planned = await subject.withFitted((fitted) => subject.ask(fitted, 'planned'));
  await subject.withFitted(async (fitted) => {
    await same(subject, await subject.ask(fitted, 'grid', { tables }), 0);
    demandSameForecasts(await subject.ask(fitted, 'planned', { tables }), planned, key, 0);
  }, tables);
}

/**
 * Rows of the plan that carry what nobody can know yet: demand, sales, stock. The runtime does not hand these over; a
 * model must not take them where somebody does.
 */
async function demandNoPlanLeak(subject: Subject): Promise<void> {
  const { schema } = subject.tables.get('weekly');
  const known = knownAheadColumns(schema);
  const told = await subject.plan(
    subject.tables,
    schema.fields.map(({ name }) => name),
  );
  const { key } = QUANTITIES[subject.model.quantity];
  await subject.withFitted(async (fitted) => {
    const planned = await subject.ask(fitted, 'planned');
    for (const plan of [told, ...GARBAGE.map((garbage) => spoilColumns(told, known, garbage))]) {
      const scenarios = subject.scenarios('planned', plan);
      demandSameForecasts(await subject.ask(fitted, 'planned', { scenarios }), planned, key, 0);
      await same(
        subject,
        await subject.ask(fitted, 'grid', { scenarios: subject.scenarios('grid', plan) }),
        0,
      );
    }
  });
}
