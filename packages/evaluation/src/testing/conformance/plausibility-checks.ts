import {
  KeyIndex,
  SERIES_KEY,
  weeksBetween,
  QUANTITIES,
  type Batch,
  type QuantityName,
  type TableName,
  type Tables,
} from '@hemline/core';
import { demandActuals } from '../../actuals/demand-actuals.ts';
import { fulfillmentCostActuals, residualValueActuals } from '../../actuals/cost-actuals.ts';
import { returnRateActuals } from '../../actuals/return-actuals.ts';
import type { ItemActuals } from '../../actuals/item-actuals.ts';
import type { EvaluationWindow } from '../../window.ts';
import { assert, type ConformanceCheck } from './check.ts';
import { liftCheck } from './lift-check.ts';
import { multipliedColumns, multipliedDemand } from './multiplied-tables.ts';
import type { Subject } from './subject.ts';

/** What was sold decides within this factor what is forecast: far beyond what the sparsest model is off by. */
const FACTOR = 2;
/** How much more every other series sells: what is confined to usual numbers shows. */
const LARGER = 100;
/** A single series may be further off than all together. */
const SERIES_FACTOR = 4;
/** How much larger costs become. */
const COSTLIER = 8;
/** Weeks with a demand above zero that a series must have for its own level to be known. */
const KNOWN_WEEKS = 10;
/** Of item quantities: what makes their values larger or smaller, and by how much. */
const SCALES: Partial<
  Record<
    QuantityName,
    { readonly columns: Partial<Record<TableName, readonly string[]>>; readonly factor: number }
  >
> = {
  'fulfillment-cost': { columns: { fulfillment: ['shippingCost', 'returnCost'] }, factor: COSTLIER },
  // Shares have to stay shares.
  'residual-value': { columns: { clearance: ['value'] }, factor: 0.5 },
  'return-rate': { columns: { returns: ['units'] }, factor: 0.5 },
};

const OBSERVE: Partial<
  Record<QuantityName, (tables: Tables, window: EvaluationWindow) => Promise<ItemActuals>>
> = {
  'return-rate': returnRateActuals,
  'fulfillment-cost': fulfillmentCostActuals,
  'residual-value': residualValueActuals,
};

/**
 * Checks that forecasts could be true: a model may keep every other clause and be wrong a hundredfold, each time.
 * @param subject the model under test
 * @returns the checks
 */
export function plausibilityChecks(subject: Subject): ConformanceCheck[] {
  const { model } = subject;
  const isDemand = model.quantity === 'demand';
  const readsNothing = !model.capabilities.trains && Object.keys(model.inputs.predict).length === 0;
  const noUnits =
    model.quantity === 'return-time' ? 'the shares of a return time add up to 1 in any case' : undefined;
  const noScale = readsNothing ? 'the model learns nothing and reads nothing' : noUnits;
  return [
    {
      name: 'forecasts are in the units of what came, in all',
      ...skipped(noUnits),
      run: () => (isDemand ? demandUnits(subject) : demandItemUnits(subject)),
    },
    {
      name: isDemand
        ? 'series that sold a hundred times as much are forecast to, and the others stay'
        : 'forecasts grow and shrink with what they are made of',
      ...skipped(noScale),
      run: () => (isDemand ? demandSeriesScale(subject) : demandItemScale(subject)),
    },
    liftCheck(subject),
  ];
}

function skipped(skip: string | undefined): { readonly skip?: string } {
  return skip === undefined ? {} : { skip };
}

async function demandUnits(subject: Subject): Promise<void> {
  const { cutoff, horizon, tables } = subject;
  const forecasts = await subject.plannedBaseline();
  const rows = new Map<string, number>();
  const index = new KeyIndex(SERIES_KEY);
  const [keys, weeks, demand] = [index.add(forecasts), forecasts.weeks('week'), forecasts.floats('demand')];
  for (let row = 0; row < forecasts.length; row++) rows.set(`${keys[row]} ${weeks[row]}`, demand[row]!);
  let [forecast, sold] = [0, 0];
  for await (const actual of demandActuals(tables, { cutoff, horizon })) {
    const [found, when] = [index.find(actual.rows), actual.rows.weeks('week')];
    for (let row = 0; row < actual.rows.length; row++) {
      const one = rows.get(`${found[row]} ${when[row]}`);
      if (one === undefined) continue;
      forecast += one;
      sold += actual.demand[row]!;
    }
  }
  demandFactor('demand', forecast, sold, 'what was sold in the same weeks at the same discounts');
}

async function demandItemUnits(subject: Subject): Promise<void> {
  const { model, tables } = subject;
  const forecasts = await subject.baseline();
  const { firstWeek, lastWeek } = tables;
  const window = { cutoff: firstWeek - 7, horizon: weeksBetween(firstWeek, lastWeek) + 1 };
  const actuals = await OBSERVE[model.quantity]!(tables, window);
  const index = new KeyIndex(SERIES_KEY);
  const items = index.add(actuals.items);
  const position = new Map([...items].map((item, at) => [item, at]));
  const found = index.find(forecasts);
  for (const name of QUANTITIES[model.quantity].values) {
    const { actual, units } = actuals.values[name]!;
    const values = forecasts.floats(name);
    let [forecast, observed] = [0, 0];
    for (let row = 0; row < forecasts.length; row++) {
      const at = position.get(found[row]!);
      if (at === undefined || !(units[at]! > 0)) continue;
      forecast += units[at]! * values[row]!;
      observed += units[at]! * actual[at]!;
    }
    demandFactor(name, forecast, observed, 'what was observed of the same items');
  }
}

function demandFactor(name: string, forecast: number, observed: number, what: string): void {
  const ratio = forecast / observed;
  assert(
    ratio >= 1 / FACTOR && ratio <= FACTOR,
    `forecasts of ${name} add up to ${ratio.toPrecision(3)} times ${what}; expected ${1 / FACTOR} to ${FACTOR} times: look for ` +
      'units (units or money, a week or a day, a share or per cent), for a log that is not undone, for values that are ' +
      'clipped, and for an input of training that is missing when forecasting, such as the label itself',
  );
}

/** Every other series in a market sold more; which of them, changes from market to market, so that no mix-up is missed. */
async function demandSeriesScale(subject: Subject): Promise<void> {
  const names = new KeyIndex(['article']);
  const markets = new KeyIndex(['market']);
  const items = await subject.items();
  names.add(items);
  markets.add(items);
  const before = await subject.baseline();
  const series = new KeyIndex(SERIES_KEY);
  const keys = series.add(before);
  const place = (index: KeyIndex, name: string): number =>
    Array.from({ length: index.size }, (_, key) => index.text(key, 0)).indexOf(name);
  const isLarger = (article: string, market: string): boolean =>
    (place(names, article) + place(markets, market)) % 2 === 0;
  const tables = await multipliedDemand(subject.tables, ({ article, market }) =>
    isLarger(article, market) ? LARGER : 1,
  );
  const after = await subject.withFitted((fitted) => subject.ask(fitted, 'grid', { tables }), tables);
  const known = await knownSeries(subject, series);
  const [small, large] = [sums(before, keys, series.size), sums(after, series.find(after), series.size)];
  for (const key of known) {
    const ratio = large[key]! / small[key]!;
    const larger = isLarger(series.text(key, 0)!, series.text(key, 1)!);
    const [least, most] = larger ? [LARGER / SERIES_FACTOR, LARGER * SERIES_FACTOR] : [1 / FACTOR, FACTOR];
    if (ratio >= least && ratio <= most) continue;
    const name = `article ${series.text(key, 0)}, market ${series.text(key, 1)}`;
    throw new Error(
      larger
        ? `${name} sold ${LARGER} times as much, as did every other series, and is forecast ${ratio.toPrecision(3)} times as ` +
            `much; expected ${least} to ${most} times: look for values that are clipped or confined, and for a level that ` +
            "is not the series' own"
        : `${name} sold as before while every other series sold ${LARGER} times as much, and is forecast ` +
            `${ratio.toPrecision(3)} times as much; expected ${least} to ${most} times: look for rows that get ` +
            "another series' forecast, and for a level that is not the series' own",
    );
  }
}

/** Series with sales enough, of which forecasts can be compared. */
async function knownSeries(subject: Subject, series: KeyIndex): Promise<number[]> {
  const weeks = new Int32Array(series.size);
  for await (const batch of subject.cut(subject.tables).get('weekly').batches()) {
    const demand = batch.floats('demand');
    for (const [row, key] of series.find(batch).entries()) if (key !== -1 && demand[row]! > 0) weeks[key]!++;
  }
  return [...weeks.keys()].filter((key) => weeks[key]! >= KNOWN_WEEKS);
}

function sums(forecasts: Batch, keys: Int32Array, size: number): Float64Array {
  const demand = forecasts.floats('demand');
  const found = new Float64Array(size);
  for (const [row, key] of keys.entries()) if (key !== -1) found[key]! += demand[row]!;
  return found;
}

async function demandItemScale(subject: Subject): Promise<void> {
  const { quantity } = subject.model;
  const { columns, factor } = SCALES[quantity]!;
  const before = await subject.baseline();
  const tables = await multipliedColumns(subject.tables, columns, factor);
  const after = await subject.withFitted((fitted) => subject.ask(fitted, 'grid', { tables }), tables);
  for (const name of QUANTITIES[quantity].values) {
    const total = (forecasts: Batch): number => forecasts.floats(name).reduce((sum, value) => sum + value, 0);
    const ratio = total(after) / total(before);
    const made = Object.entries(columns).map(([table, all]) => `${table}.${all.join(', ')}`);
    assert(
      ratio >= factor / FACTOR &&
        ratio <= Math.min(factor * FACTOR, factor < 1 ? (1 + factor) / 2 : Infinity),
      `${made.join('; ')} was ${factor} times as large, and ${name} is forecast ${ratio.toPrecision(3)} times as large: look for ` +
        'values that are clipped or confined, and for an average of something else',
    );
  }
}
