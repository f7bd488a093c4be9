import {
  concatBatches,
  dateColumn,
  QUANTITIES,
  sliceRows,
  stringsToColumn,
  valueAt,
  validityWithout,
  type Batch,
  type Column,
  type Scenarios,
} from '@hemline/core';
import { assert, type ConformanceCheck } from './check.ts';
import { keyText } from './compare.ts';
import { demandInRange, DROPPED } from './forecast-checks.ts';
import type { Subject } from './subject.ts';

/** A country that no synthetic market is in. */
const NEW_MARKET = 'NZ';

/**
 * Checks of what no table has ever named.
 * @param subject the model under test
 * @returns the checks
 */
export function strangerChecks(subject: Subject): ConformanceCheck[] {
  return [
    {
      name: 'cold-start articles, unknown categories and missing values get a finite forecast',
      run: () => demandUnknown(subject),
    },
  ];
}

/** Items that were never seen, among those that were, and a plan for them in which values are missing. */
export interface StrangerRequest {
  readonly items: Batch;
  readonly scenarios: Scenarios;
}

/**
 * Adds items of articles, groups, brands, seasons and a market that no table has ever named, and items without any.
 * @param subject the model under test
 * @returns what to ask
 */
export async function strangerRequest(subject: Subject): Promise<StrangerRequest> {
  const known = await subject.items();
  const market = String(valueAt(known.column('market'), 0));
  const strangers = strangersLike(known, [
    { article: 'never seen', market, label: 'never seen' },
    { article: 'never seen', market: NEW_MARKET, label: 'never seen' },
    { article: 'without attributes', market, label: null },
    { article: String(valueAt(known.column('article'), 12)), market: NEW_MARKET, label: null },
  ]);
  const items = concatBatches([known, strangers]);
  const plan = await subject.plan();
  const rows = concatBatches([plan, ...strangerPlans(plan, strangers)]);
  return { items, scenarios: subject.scenarios('planned', withoutSomePrices(rows)) };
}

async function demandUnknown(subject: Subject): Promise<void> {
  const { items, scenarios } = await strangerRequest(subject);
  const model = subject.model;
  const key = QUANTITIES[model.quantity].key.filter((name) => name === 'article' || name === 'market');
  await subject.withCopy(async (fitted) => {
    const onGrid = await subject.ask(fitted, 'grid', { items });
    demandInRange(model, onGrid);
    const forecast = new Set(Array.from({ length: onGrid.length }, (_, row) => keyText(onGrid, key, row)));
    for (let row = 0; row < items.length; row++) {
      const item = keyText(items, key, row);
      assert(forecast.has(item), `there is no forecast for ${item}: ${DROPPED}`);
    }
    if (model.quantity !== 'demand') return;
    demandInRange(model, await subject.ask(fitted, 'planned', { items, scenarios }));
  });
}

function strangersLike(
  known: Batch,
  strangers: readonly { article: string; market: string; label: string | null }[],
): Batch {
  const rows = sliceRows(known, 0, strangers.length);
  const named: Record<string, Column> = {
    article: stringsToColumn(strangers.map(({ article }) => article)),
    market: stringsToColumn(strangers.map(({ market }) => market)),
  };
  for (const name of ['group', 'brand', 'season'])
    named[name] = stringsToColumn(strangers.map(({ label }) => label));
  for (const name of ['launchWeek', 'seasonEndWeek'])
    named[name] = dateColumn(
      new Int32Array(rows.length),
      validityWithout(rows.length, rows.weeks(name).keys()),
    );
  return rows.with(named);
}

/** A plan for each stranger: the first planned rows under its name. */
function strangerPlans(plan: Batch, strangers: Batch): Batch[] {
  return Array.from({ length: strangers.length }, (_, row) => {
    const rows = sliceRows(plan, 0, 3);
    const name = (column: string): Column =>
      stringsToColumn(
        Array.from({ length: rows.length }, () => String(valueAt(strangers.column(column), row))),
      );
    return rows.with({ article: name('article'), market: name('market') });
  });
}

/** Black prices and covariates are missing in every third row; discounts stay, as they are asked for. */
function withoutSomePrices(plan: Batch): Batch {
  const missing = Array.from({ length: Math.ceil(plan.length / 3) }, (_, i) => 3 * i);
  const validity = validityWithout(plan.length, missing);
  const columns = [...plan.columns].filter(([name]) => !QUANTITIES.demand.key.includes(name));
  return plan.with(
    Object.fromEntries(columns.map(([name, column]) => [name, { ...column, validity } as Column])),
  );
}
