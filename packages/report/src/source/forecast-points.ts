import { join } from 'node:path';
import {
  checkDiscountGrid,
  columnOnDisk,
  DEFAULT_DISCOUNTS,
  KeyIndex,
  parseDiscountGrid,
  type Batch,
  type DiscountGrid,
  type ForecastCurves,
} from '@hemline/core';
import { isS3, readManifest, openParquetFile } from '@hemline/stores';
import type { ParquetFile, RangeFilter } from '@hemline/parquet';

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

/** An article that may be shown. */
export interface Candidate extends Item {
  /** Units forecast over all weeks (and discounts, of a grid): by it articles are ordered. */
  readonly demand: number;
  /** Observations behind the forecast. */
  readonly support: number;
}

/** Rows of the first partition's file that articles are chosen from: enough for variety, however large the forecast. */
const MOST_ROWS = 300_000;

/** Candidates of each kind. */
const CANDIDATES = 40;

/** Of curves, where articles are only put in order. */
const UNDISCOUNTED = Float64Array.of(0);

/**
 * Candidates of every kind among the first rows of the first partition: large, middling, hardly known, new.
 * @param forecasts of a model
 * @returns them with the name of the partition; null when the forecasts are empty, or curves that nobody can evaluate
 */
export async function findCandidates(
  forecasts: StoredForecasts,
): Promise<{ readonly partition: string; readonly candidates: readonly Candidate[] } | null> {
  const { files } = await readManifest(forecasts.place);
  const first = files.find(({ rows }) => rows > 0);
  if (first === undefined) return null;
  const file = await openParquetFile(pathIn(forecasts.place, first.file));
  if (!isGrid(file) && forecasts.curves === null) return null;
  const index = new KeyIndex(['article', 'market']);
  const demand: number[] = [];
  const support: number[] = [];
  let rows = 0;
  for await (const batch of rowsOf(file, forecasts.curves, UNDISCOUNTED)) {
    const [units, known] = [batch.floats('demand'), batch.floats('support')];
    index.add(batch).forEach((item, row) => {
      demand[item] = (demand[item] ?? 0) + units[row]!;
      support[item] = known[row]!;
    });
    rows += batch.length;
    if (rows >= MOST_ROWS) break;
  }
  const all = demand
    .map((units, item): Candidate => {
      const [article, market] = [index.text(item, 0)!, index.text(item, 1)!];
      return { article, market, demand: units, support: support[item]! };
    })
    .sort((a, b) => b.demand - a.demand);
  return { partition: first.partition, candidates: ofEveryKind(all) };
}

function ofEveryKind(all: readonly Candidate[]): Candidate[] {
  const known = all.filter((each) => each.support > 0);
  const middle = Math.max(0, Math.floor((known.length - CANDIDATES) / 2));
  return [
    ...new Set([
      ...known.slice(0, CANDIDATES),
      ...known.slice(middle, middle + CANDIDATES),
      ...known.toSorted((a, b) => a.support - b.support).slice(0, CANDIDATES),
      ...all.filter((each) => each.support === 0).slice(0, CANDIDATES),
    ]),
  ];
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
  { place, curves }: StoredForecasts,
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
    const file = await openParquetFile(pathIn(place, name));
    if (!isGrid(file) && curves === null) return [];
    for await (const batch of rowsOf(file, curves, discounts, where)) {
      const [weeks, discount, demand] = [
        batch.weeks('week'),
        batch.floats('discount'),
        batch.floats('demand'),
      ];
      const [low, high] = [quantile(batch, 'demandLow'), quantile(batch, 'demandHigh')];
      for (let row = 0; row < batch.length; row++)
        points.push({
          ...{ week: weeks[row]!, discount: discount[row]!, demand: demand[row]! },
          ...{ low: low?.[row] ?? null, high: high?.[row] ?? null },
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
