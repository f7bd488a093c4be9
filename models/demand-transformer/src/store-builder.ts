import { type Batch, concatBatches, isValid, type Column, type Week } from '@hemline/core';
import type { FilledPanel, OrdinalEncoder, ShrunkAverages, StandardScaler } from '@hemline/features';
import type { DatasetColumns } from './dataset-columns.ts';
import { startingSlopes, type StartingResponse } from './starting-response.ts';
import { joinArrays, type NumberArray, type SeriesStore } from './series-store.ts';

/** What brings columns to numbers that a network can read: fitted up to the cutoff, saved with the model. */
export interface Encoders {
  /** Covariates and numeric attributes. */
  readonly scaler: StandardScaler;
  readonly categories: OrdinalEncoder;
  /** Mean of log(1 + demand), by article, group and market. */
  readonly levels: ShrunkAverages;
  /** What the response to the price begins with, where it was estimated apart. */
  readonly response?: StartingResponse;
}

/** Standardised numbers are confined to this: garbage in a covariate must not become garbage in a forecast. */
const MOST = 6;
/** A name that no article has: looking it up gives what is expected of its group. */
const NOBODY = '\u0000nobody';

/** Columns of the weekly table that are read of every dataset, where it has them. */
export const PRICE_COLUMNS = ['discount', 'blackPrice'] as const;

/**
 * The names that columns have in the scaler: a covariate may be called as an attribute is.
 * @param columns of the dataset
 * @returns names of covariates and attributes, in order
 */
export function scaledNames(columns: DatasetColumns): string[] {
  return [
    ...columns.planned.names.map((name) => `planned ${name}`),
    ...columns.past.map((name) => `past ${name}`),
    ...columns.numbers.map((name) => `static ${name}`),
  ];
}

/**
 * The numbers of a panel by the names of {@link scaledNames}; NaN where missing, past covariates also after the cutoff.
 * @param panel with a row in every week
 * @param columns of the dataset
 * @param cutoff the last known week
 * @returns covariates by row, attributes by series
 */
export function numbersOf(
  panel: FilledPanel,
  columns: DatasetColumns,
  cutoff: Week,
): Map<string, Float64Array> {
  const numbers = new Map<string, Float64Array>();
  const planned = columns.planned.transform(panel, { cutoff });
  for (const name of columns.planned.names) numbers.set(`planned ${name}`, planned.find(name)!);
  for (const name of columns.past) {
    const values = panel.rows.floats(name).slice();
    for (let row = 0; row < values.length; row++) if (panel.weeks[row]! > cutoff) values[row] = NaN;
    numbers.set(`past ${name}`, values);
  }
  for (const name of columns.numbers) numbers.set(`static ${name}`, panel.series.floats(name));
  return numbers;
}

/**
 * Turns a panel into what windows are cut from.
 * @param panel with a row in every week
 * @param columns of the dataset
 * @param encoders fitted on the history
 * @param cutoff the last known week: of demand nothing after it is read
 * @returns the series
 */
export function storeOf(
  panel: FilledPanel,
  columns: DatasetColumns,
  encoders: Encoders,
  cutoff: Week,
): SeriesStore {
  const { rows, offsets, weeks, series } = panel;
  const numbers = numbersOf(panel, columns, cutoff);
  const scaled = (prefix: string, names: readonly string[], length: number): Float32Array =>
    interleaved(
      names.map((name) => encoders.scaler.transform(`${prefix} ${name}`, numbers.get(`${prefix} ${name}`)!)),
      length,
    );
  const demand = rows.floats('demand');
  const keys = series.select(['article', 'market']);
  return {
    keys,
    offsets,
    weeks,
    logDemand: Float32Array.from(demand, (value, row) =>
      weeks[row]! > cutoff ? NaN : Math.log1p(Math.max(0, value)),
    ),
    imputed: flagsOf(rows, 'imputed'),
    blackPrice: blackPrices(panel),
    discount: valuesOf(rows, 'discount', 0, (value) => value >= 0 && value < 1),
    planned: scaled('planned', columns.planned.names, rows.length),
    plannedWidth: columns.planned.names.length,
    past: scaled('past', columns.past, rows.length),
    pastWidth: columns.past.length,
    codes: codesOf(series, columns.categories, encoders.categories),
    codesWidth: columns.categories.length,
    statics: scaled('static', columns.numbers, series.length),
    staticsWidth: columns.numbers.length,
    prior: Float32Array.from(encoders.levels.lookup(groupKeys(series)).value),
    response: startingSlopes(series, encoders.response),
  };
}

/** Rows of the series' group, of no article of its own. */
function groupKeys(series: Batch): Batch {
  const article: Column = {
    type: 'string',
    length: series.length,
    values: new Int32Array(series.length),
    dictionary: [NOBODY],
    validity: null,
  };
  return series.select(['group', 'market']).with({ article });
}

/**
 * Joins stores of the same columns.
 * @param stores at least one
 * @returns one store, series after series
 */
export function joinStores(stores: readonly SeriesStore[]): SeriesStore {
  if (stores.length === 1) return stores[0]!;
  const [first] = stores as [SeriesStore];
  const offsets = [0];
  let rows = 0;
  for (const store of stores) {
    for (const offset of store.offsets.subarray(1)) offsets.push(rows + offset);
    rows += store.weeks.length;
  }
  const joined = <T extends NumberArray>(of: (store: SeriesStore) => T): T => joinArrays(stores.map(of));
  return {
    ...first,
    keys: concatBatches(stores.map(({ keys }) => keys)),
    offsets: Uint32Array.from(offsets),
    imputed: joined(({ imputed }) => imputed),
    weeks: joined(({ weeks }) => weeks),
    logDemand: joined(({ logDemand }) => logDemand),
    blackPrice: joined(({ blackPrice }) => blackPrice),
    discount: joined(({ discount }) => discount),
    planned: joined(({ planned }) => planned),
    past: joined(({ past }) => past),
    codes: joined(({ codes }) => codes),
    statics: joined(({ statics }) => statics),
    prior: joined(({ prior }) => prior),
    response: joined(({ response }) => response),
  };
}

function codesOf(series: Batch, names: readonly string[], encoder: OrdinalEncoder): Int32Array {
  const codes = new Int32Array(series.length * names.length);
  names.forEach((name, i) => {
    encoder.transform(series, name).forEach((code, one) => (codes[one * names.length + i] = code));
  });
  return codes;
}

function interleaved(columns: readonly Float64Array[], length: number): Float32Array {
  const out = new Float32Array(length * columns.length);
  columns.forEach((values, i) => {
    for (let row = 0; row < length; row++) {
      const value = values[row]!;
      out[row * columns.length + i] = Number.isNaN(value) ? 0 : Math.max(-MOST, Math.min(MOST, value));
    }
  });
  return out;
}

function valuesOf(
  rows: Batch,
  name: string,
  missing: number,
  isGood: (value: number) => boolean,
): Float32Array {
  if (!rows.has(name)) return new Float32Array(rows.length).fill(missing);
  return Float32Array.from(rows.floats(name), (value) => (isGood(value) ? value : missing));
}

/** Black prices, where missing the one of the nearest week before, else after; 1 where the series has none. */
function blackPrices({ rows, offsets }: FilledPanel): Float32Array {
  const prices = valuesOf(rows, 'blackPrice', NaN, (value) => value > 0);
  for (let series = 0; series + 1 < offsets.length; series++) {
    const own = prices.subarray(offsets[series], offsets[series + 1]);
    let last = own.find((price) => !Number.isNaN(price)) ?? 1;
    for (let row = 0; row < own.length; row++) {
      if (Number.isNaN(own[row]!)) own[row] = last;
      else last = own[row]!;
    }
  }
  return prices;
}

function flagsOf(rows: Batch, name: string): Uint8Array {
  if (!rows.has(name)) return new Uint8Array(rows.length);
  const column = rows.numbers(name);
  return Uint8Array.from(column.values, (value, row) => (isValid(column, row) ? Number(value) : 0));
}
