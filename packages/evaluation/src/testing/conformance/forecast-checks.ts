import {
  type Batch,
  checkBatch,
  formatWeek,
  QUANTITIES,
  RETURN_MATURITY_WEEKS,
  sliceRows,
  type AnyModel,
} from '@hemline/core';
import { assert, type ConformanceCheck } from './check.ts';
import { keyText, rowsByKey } from './compare.ts';
import type { ScenarioKind, Subject } from './subject.ts';

/** Forecasts that are shares: never above one. Demand and costs have no upper bound. */
const SHARES: readonly string[] = ['returnRate', 'share', 'residualValue'];

/** Where to look when a forecast is missing. */
export const DROPPED =
  'look for items without history or attributes, and for weeks or discounts at the end, that predict leaves out';

/**
 * Checks of the forecasts themselves: complete, in order, finite, in range.
 * @param subject the model under test
 * @returns the checks
 */
export function forecastChecks(subject: Subject): ConformanceCheck[] {
  const { model } = subject;
  const isDemand = model.quantity === 'demand';
  return [
    {
      name: 'grid: every item (and week and discount, for demand) is forecast once',
      run: async () => demandComplete(subject, await subject.baseline()),
    },
    {
      name: isDemand
        ? 'planned: every row is forecast once, in the order of the rows'
        : 'planned: every item is forecast once, in the order of the items',
      run: () => subject.withCopy((fitted) => demandPlannedOrder(subject, fitted)),
    },
    {
      name: 'forecasts have the declared columns and are finite and in range',
      run: () =>
        subject.withCopy(async (fitted) => {
          for (const kind of ['grid', 'planned'] as const satisfies ScenarioKind[])
            demandInRange(model, await subject.ask(fitted, kind));
        }),
    },
    {
      name: 'one item, no item and one week ahead can be asked',
      run: () => demandSmallRequests(subject),
    },
    {
      name: 'demand never falls as the discount rises',
      ...(model.capabilities.monotoneIn.includes('discount')
        ? {}
        : { skip: isDemand ? 'not declared in capabilities.monotoneIn' : `no demand but ${model.quantity}` }),
      run: async () => demandMonotone(await subject.baseline()),
    },
  ];
}

async function demandComplete(subject: Subject, forecasts: Batch): Promise<void> {
  const items = await subject.items();
  const rows = rowsByKey(forecasts, QUANTITIES[subject.model.quantity].key);
  if (subject.model.quantity === 'return-time') return demandLags(items, forecasts);
  const expected = await gridKeys(subject, items);
  for (const key of expected) assert(rows.has(key), `there is no forecast for ${key}: ${DROPPED}`);
  assert(rows.size === expected.length, `${rows.size} forecasts for ${expected.length} keys`);
  if (subject.model.quantity !== 'demand') demandItemOrder(items, forecasts);
}

/** The keys that a grid asks for, as {@link keyText} prints them. */
async function gridKeys(subject: Subject, items: Batch): Promise<string[]> {
  const names = Array.from({ length: items.length }, (_, row) => keyText(items, ['article', 'market'], row));
  if (subject.model.quantity !== 'demand') return names;
  const { scenarios } = await subject.request('grid');
  if (scenarios.kind !== 'grid') return [];
  const cells = [...scenarios.weeks].flatMap((week) =>
    [...scenarios.discounts].map((level) => `week ${formatWeek(week)}, discount ${level.toFixed(6)}`),
  );
  return names.flatMap((name) => cells.map((cell) => `${name}, ${cell}`));
}

/** Every item has the lags 0 … 14 once, and their shares make one. */
function demandLags(items: Batch, forecasts: Batch): void {
  const lags = forecasts.numbers('lag').values;
  const shares = forecasts.floats('share');
  const sums = new Map<string, { sum: number; lags: number }>();
  for (let row = 0; row < forecasts.length; row++) {
    const item = keyText(forecasts, ['article', 'market'], row);
    const lag = lags[row]!;
    assert(
      Number.isInteger(lag) && lag >= 0 && lag <= RETURN_MATURITY_WEEKS,
      `lag ${lag} of ${item} is no integer in 0 … ${RETURN_MATURITY_WEEKS}`,
    );
    const sum = sums.get(item) ?? { sum: 0, lags: 0 };
    sums.set(item, { sum: sum.sum + shares[row]!, lags: sum.lags + 1 });
  }
  for (let row = 0; row < items.length; row++) {
    const item = keyText(items, ['article', 'market'], row);
    const found = sums.get(item);
    assert(found !== undefined, `there is no forecast for ${item}`);
    assert(
      found.lags === RETURN_MATURITY_WEEKS + 1,
      `${item} has ${found.lags} lags instead of ${RETURN_MATURITY_WEEKS + 1}`,
    );
    assert(Math.abs(found.sum - 1) < 1e-9, `the shares of ${item} add up to ${found.sum} instead of 1`);
  }
  assert(sums.size === items.length, `${sums.size} items are forecast instead of ${items.length}`);
}

/** Items follow one another as they were given; a return time repeats each for its lags. */
function demandItemOrder(items: Batch, forecasts: Batch): void {
  let item = -1;
  let previous = '';
  for (let row = 0; row < forecasts.length; row++) {
    const name = keyText(forecasts, ['article', 'market'], row);
    if (name === previous) continue;
    previous = name;
    item++;
    const expected = item < items.length ? keyText(items, ['article', 'market'], item) : 'nothing';
    assert(name === expected, `row ${row} forecasts ${name}; the order of the items demands ${expected}`);
  }
}

async function demandPlannedOrder(subject: Subject, fitted: Parameters<Subject['ask']>[0]): Promise<void> {
  const request = await subject.request('planned');
  const forecasts = await subject.askRequest(fitted, request);
  if (subject.model.quantity !== 'demand') return demandItemOrder(request.items, forecasts);
  if (request.scenarios.kind !== 'planned') return;
  const { rows } = request.scenarios;
  assert(forecasts.length === rows.length, `${forecasts.length} forecasts for ${rows.length} planned rows`);
  const { key } = QUANTITIES.demand;
  for (let row = 0; row < rows.length; row++) {
    const wanted = keyText(rows, key, row);
    const given = keyText(forecasts, key, row);
    assert(wanted === given, `row ${row} forecasts ${given}; the plan's row is ${wanted}`);
  }
}

/**
 * Demands finite forecasts in the range of their quantity.
 * @param model whose forecasts they are
 * @param forecasts all of them
 * @throws Error naming the first that is out of range
 */
export function demandInRange(model: AnyModel, forecasts: Batch): void {
  checkBatch(forecasts, model.output);
  const extra = forecasts.names.filter((name) => !model.output.fields.some((field) => field.name === name));
  assert(extra.length === 0, `the forecasts have undeclared columns: ${extra.join(', ')}`);
  const { key, values } = QUANTITIES[model.quantity];
  for (const name of [...values, 'support']) {
    const numbers = forecasts.floats(name);
    const most = SHARES.includes(name) ? 1 : Infinity;
    for (let row = 0; row < numbers.length; row++) {
      const value = numbers[row]!;
      if (Number.isFinite(value) && value >= 0 && value <= most) continue;
      throw new Error(
        `${name} of ${keyText(forecasts, key, row)} is ${value}; expected a finite number of at least 0` +
          (most === 1 ? ' and at most 1: ' : ': ') +
          (Number.isFinite(value)
            ? 'look for a sum of effects that is not kept in range'
            : 'look for the log or the inverse of 0, an average of nothing, and a missing value that is not filled'),
      );
    }
  }
}

async function demandSmallRequests(subject: Subject): Promise<void> {
  const items = await subject.items();
  const { key, name } = QUANTITIES[subject.model.quantity];
  await subject.withCopy(async (fitted) => {
    const scenarios = subject.scenarios('grid', await subject.plan());
    if (scenarios.kind !== 'grid') return;
    const one = {
      ...scenarios,
      weeks: scenarios.weeks.slice(0, 1),
      discounts: Float64Array.of(0),
      plan: null,
    };
    const single = await subject.ask(fitted, 'grid', { items: sliceRows(items, 5, 6), scenarios: one });
    const wanted = name === 'return-time' ? RETURN_MATURITY_WEEKS + 1 : 1;
    assert(
      single.length === wanted,
      `one item, week and discount give ${single.length} forecasts, not ${wanted}`,
    );
    assert(
      keyText(single, ['article', 'market'], 0) === keyText(items, ['article', 'market'], 5),
      `the forecast for one item is for ${keyText(single, key, 0)}`,
    );
    const none = await subject.ask(fitted, 'grid', { items: sliceRows(items, 0, 0), scenarios: one });
    assert(none.length === 0, `no item gives ${none.length} forecasts`);
  });
}

/**
 * Demands that no curve falls.
 * @param forecasts of demand, at several discounts
 * @throws Error naming the curve and the two discounts between which it falls
 */
export function demandMonotone(forecasts: Batch): void {
  const discounts = forecasts.floats('discount');
  const values = forecasts.floats('demand');
  const groups = new Map<string, number[]>();
  for (let row = 0; row < forecasts.length; row++) {
    const group = keyText(forecasts, ['article', 'market', 'week'], row);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  }
  for (const [group, rows] of groups) {
    rows.sort((a, b) => discounts[a]! - discounts[b]!);
    for (let i = 1; i < rows.length; i++) {
      const [low, high] = [rows[i - 1]!, rows[i]!];
      assert(
        values[high]! >= values[low]!,
        `demand of ${group} falls from ${values[low]} to ${values[high]} as the discount rises ` +
          `from ${discounts[low]} to ${discounts[high]}: look for the monotone constraint, for an input besides that moves ` +
          'with the discount asked about, and for what is done to the forecast after it',
      );
    }
  }
}
