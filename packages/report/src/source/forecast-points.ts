import { join } from 'node:path';
import {
  checkDiscountGrid,
  columnOnDisk,
  DEFAULT_DISCOUNTS,
  parseDiscountGrid,
  weeksBetween,
  type Batch,
  type DiscountGrid,
  type ForecastCurves,
} from '@hemline/core';
import { isS3, readManifest, openParquetFile } from '@hemline/stores';
import type { ParquetFile, RangeFilter } from '@hemline/parquet';
import type { WeekSpan } from './plan-units.ts';

/** Demand forecasts of a model: a row for each discount, or for each curve. */
export interface StoredForecasts {
  readonly model: string;
  /** Folder or `s3://…`, with a manifest. */
  readonly place: string;
  /** How its curves are evaluated; null of a model that has none, or is not known any more. */
  readonly curves: ForecastCurves | null;
}

/** A forecast at a discount. */
export interface ForecastPoint {
  readonly week: number;
  readonly discount: number;
  readonly demand: number;
  /** Quantiles; null of a model without. */
  readonly low: number | null;
  readonly high: number | null;
}

/** An article in a market. */
export interface Item {
  readonly article: string;
  readonly market: string;
}

/** Rows that tell which weeks a file forecasts: those of many articles. */
const ROWS_FOR_WEEKS = 100_000;

/** A file of forecasts that can be read. */
export interface OpenForecast {
  /** False of curves that nobody can evaluate. */
  readonly isReadable: boolean;
  /** Whether it has a row for each discount; else for each curve. */
  readonly isGrid: boolean;
  /**
   * @param discounts at which curves are evaluated; a grid has its own
   * @param where rows that are wanted
   * @returns rows of a grid
   */
  rows(discounts: DiscountGrid, where?: readonly RangeFilter[]): AsyncGenerator<Batch>;
  /** @returns the first week and how many there are; null of a file without rows */
  weeks(): Promise<WeekSpan | null>;
}

/**
 * @param forecasts of a model
 * @param name of the file, as the manifest has it
 * @returns the file, opened
 */
export async function openForecast({ place, curves }: StoredForecasts, name: string): Promise<OpenForecast> {
  const file = await openParquetFile(pathIn(place, name));
  return {
    isReadable: isGrid(file) || curves !== null,
    isGrid: isGrid(file),
    rows: (discounts, where) => rowsOf(file, curves, discounts, where),
    async weeks() {
      const seen = new Set<number>();
      let rows = 0;
      for await (const batch of file.batches({ columns: ['week'] })) {
        for (const week of batch.weeks('week')) seen.add(week);
        rows += batch.length;
        if (rows >= ROWS_FOR_WEEKS) break;
      }
      if (seen.size === 0) return null;
      const [first, last] = [Math.min(...seen), Math.max(...seen)];
      return { first, count: weeksBetween(first, last) + 1 };
    },
  };
}

/**
 * @param batch of forecasts
 * @returns its quantiles; null of a model without
 */
export function bandOf(batch: Batch): { readonly low: Float64Array; readonly high: Float64Array } | null {
  const [low, high] = [quantile(batch, 'demandLow'), quantile(batch, 'demandHigh')];
  return low === null || high === null ? null : { low, high };
}

/**
 * The forecasts of one article: only the row groups that may hold it are read.
 * @param forecasts of a model
 * @param partition that it is in
 * @param item wanted
 * @param planned discounts at which curves are evaluated besides the usual ones
 * @returns its points; none where there are none, or curves that nobody can evaluate
 */
export async function readForecast(
  { model, place, curves }: StoredForecasts,
  partition: string,
  { article, market }: Item,
  planned: readonly number[],
): Promise<ForecastPoint[]> {
  const { files } = await readManifest(place);
  const where = [
    { column: 'article', from: article, to: article },
    { column: 'market', from: market, to: market },
  ];
  const discounts = gridWith(planned);
  const points: ForecastPoint[] = [];
  for (const { file: name } of files.filter((each) => each.partition === partition)) {
    const file = await openForecast({ model, place, curves }, name);
    if (!file.isReadable) return [];
    for await (const batch of file.rows(discounts, where)) {
      const [weeks, discount, demand] = [
        batch.weeks('week'),
        batch.floats('discount'),
        batch.floats('demand'),
      ];
      const band = bandOf(batch);
      for (let row = 0; row < batch.length; row++)
        points.push({
          ...{ week: weeks[row]!, discount: discount[row]!, demand: demand[row]! },
          ...{ low: band?.low[row] ?? null, high: band?.high[row] ?? null },
        });
    }
  }
  return points;
}

/** A forecast of curves has coefficients in the place of discounts. */
function isGrid({ schema }: ParquetFile): boolean {
  return schema.fields.some(({ name }) => name === 'discount');
}

/** Rows of a grid as they are; of curves, evaluated. */
async function* rowsOf(
  file: ParquetFile,
  curves: ForecastCurves | null,
  discounts: DiscountGrid,
  where: readonly RangeFilter[] = [],
): AsyncGenerator<Batch> {
  if (isGrid(file)) {
    const wanted = [
      'article',
      'market',
      'week',
      'discount',
      'demand',
      'support',
      'demand_low',
      'demand_high',
    ];
    const names = new Set(file.schema.fields.map(({ name }) => name));
    yield* file.batches({ columns: wanted.filter((name) => names.has(name)), where });
  } else for await (const batch of file.batches({ where })) yield curves!.evaluate(batch, discounts);
}

/** Under its name in a program or on disk. */
function quantile(batch: Batch, name: string): Float64Array | null {
  const found = [name, columnOnDisk(name)].find((each) => batch.has(each));
  return found === undefined ? null : batch.floats(found);
}

function gridWith(planned: readonly number[]): DiscountGrid {
  const levels = new Set([...parseDiscountGrid(DEFAULT_DISCOUNTS), ...checked(planned)]);
  return Float64Array.from(levels).sort();
}

/** Rounded as the levels of a grid are. */
function checked(planned: readonly number[]): Iterable<number> {
  const rising = [...new Set(planned)].sort((a, b) => a - b);
  return rising.length === 0 ? [] : new Set(rising.flatMap((level) => [...checkDiscountGrid([level])]));
}

function pathIn(place: string, file: string): string {
  return isS3(place) ? `${place.replace(/\/+$/, '')}/${file}` : join(place, file);
}
