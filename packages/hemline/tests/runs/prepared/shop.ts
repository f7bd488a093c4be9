import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addWeeks,
  Batch,
  boolColumn,
  dateColumn,
  float64Column,
  parseWeek,
  stringsToColumn,
  validityWithout,
} from '@hemline/core';
import { OutputCommit, writeParquetFile } from '@hemline/stores';

/** The last week that the shop has sold. */
export const LAST_WEEK = parseWeek('2026-01-05');
/** Weeks before it, and planned ones after it. */
const KNOWN = 60;
export const AHEAD = 8;
export const DATASET = 'autumn';
const MARKETS = ['DE', 'FR'];
export const ARTICLES = ['A-1', 'A-2', 'A-3', 'A-4', 'A-5', 'A-6'];
const LEVELS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
const PLANNED_DISCOUNT = 0.2;
/** Weeks that a change of demand has lasted. */
export const CHANGED_WEEKS = 4;

/** Units a week without a discount: the first article sells most. */
function levelOf(article: number, market: number): number {
  return (40 / (1 + article)) * (market === 0 ? 1 : 0.5);
}

function atDiscount(units: number, discount: number): number {
  return units * (1 - discount) ** -1.5;
}

/**
 * Writes the data of a small shop: two markets, six articles of two groups, a year of history, eight planned weeks.
 * @param directory of the dataset
 * @param change factor of what is sold in the last {@link CHANGED_WEEKS}
 */
export async function writeShop(directory: string, change = 1): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'dataset.json'), JSON.stringify({ name: DATASET }));
  await writeParquetFile(join(directory, 'articles.parquet'), [
    new Batch({
      article: stringsToColumn(ARTICLES),
      group: stringsToColumn(ARTICLES.map((_, i) => (i % 2 === 0 ? 'coats' : 'shirts'))),
    }),
  ]);
  const weeks = KNOWN + AHEAD;
  const rows = ARTICLES.length * weeks;
  const item = (row: number): number => Math.floor(row / weeks);
  const week = (row: number): number => addWeeks(LAST_WEEK, (row % weeks) + 1 - KNOWN);
  const isPlanned = (row: number): boolean => week(row) > LAST_WEEK;
  const discountOf = (row: number): number => (isPlanned(row) ? PLANNED_DISCOUNT : (row % 4) / 10);
  const all = Array.from({ length: rows }, (_, row) => row);
  const numbers = (value: (row: number) => number): Float64Array => Float64Array.from(all, value);
  for (const [at, market] of MARKETS.entries()) {
    const units = (row: number): number => {
      const isChanged = week(row) > addWeeks(LAST_WEEK, -CHANGED_WEEKS);
      const noise = 1 + 0.15 * Math.sin(7 * row + at);
      return Math.round(
        atDiscount(levelOf(item(row), at), discountOf(row)) * noise * (isChanged ? change : 1),
      );
    };
    await writeParquetFile(join(directory, 'weekly', `market=${market}`, 'part-0.parquet'), [
      new Batch({
        article: stringsToColumn(all.map((row) => ARTICLES[item(row)]!)),
        week: dateColumn(Int32Array.from(all, week)),
        demand: float64Column(numbers(units), validityWithout(rows, all.filter(isPlanned))),
        discount: float64Column(numbers(discountOf)),
        black_price: float64Column(numbers((row) => 20 + item(row))),
        uncensored: boolColumn(Uint8Array.from(all, (row) => (row % 9 === 0 ? 0 : 1))),
      }),
    ]);
  }
}

/**
 * Writes forecasts of a quantity as a job does.
 * @param directory of the output
 * @param run that forecasts
 * @param model that forecasts
 * @param rows of a market, by its position
 * @returns files, rows, bytes
 */
async function writeOutput(
  directory: string,
  run: string,
  model: string,
  rows: (market: number) => Batch,
): Promise<{ files: number; rows: number; bytes: number }> {
  const provenance = { model, modelVersion: 1, trainingFingerprint: 'f', codeVersion: 'c', runId: run };
  const output = await OutputCommit.open(directory, provenance);
  for (const [at, market] of MARKETS.entries()) {
    const name = `market=${market}`;
    const batch = rows(at);
    const batches = async function* (): AsyncGenerator<Batch> {
      yield batch;
    };
    const partition = { name, folder: name, stem: 'forecast', inputHash: '0'.repeat(64) };
    await output.commitPartition(partition, batches(), batch.schema);
  }
  const { files } = await output.finish(MARKETS.map((market) => `market=${market}`));
  const sum = (of: 'rows' | 'bytes'): number => files.reduce((total, file) => total + file[of], 0);
  return { files: files.length, rows: sum('rows'), bytes: sum('bytes') };
}

/**
 * Forecasts of demand on a grid of discounts, for the weeks after a cutoff.
 * @param directory of the output
 * @param run that forecasts
 * @param model that forecasts
 * @param cutoff last week that it knows
 * @param factor of the right demand
 * @param isFlat whether it is the same at every discount
 * @returns files, rows, bytes
 */
export function writeDemand(
  directory: string,
  run: string,
  model: string,
  cutoff: number,
  factor = 1,
  isFlat = false,
): ReturnType<typeof writeOutput> {
  const rows = ARTICLES.length * AHEAD * LEVELS.length;
  const all = Array.from({ length: rows }, (_, row) => row);
  const article = (row: number): number => Math.floor(row / (AHEAD * LEVELS.length));
  const week = (row: number): number => addWeeks(cutoff, 1 + (Math.floor(row / LEVELS.length) % AHEAD));
  const level = (row: number): number => LEVELS[row % LEVELS.length]!;
  return writeOutput(directory, run, model, (market) => {
    const units = (row: number): number =>
      factor * atDiscount(levelOf(article(row), market), isFlat ? 0 : level(row));
    const column = (value: (row: number) => number) => float64Column(Float64Array.from(all, value));
    return new Batch({
      article: stringsToColumn(all.map((row) => ARTICLES[article(row)]!)),
      market: stringsToColumn(all.map(() => MARKETS[market]!)),
      week: dateColumn(Int32Array.from(all, week)),
      discount: column(level),
      demand: column(units),
      // The last articles are hardly known.
      demand_low: column((row) => units(row) * (1 - 0.1 * (1 + article(row)))),
      demand_high: column((row) => units(row) * (1 + 0.1 * (1 + article(row)))),
      support: column((row) => 60 - 10 * article(row)),
    });
  });
}

/**
 * Forecasts of return times.
 * @param directory of the output
 * @param run that forecasts
 * @param model that forecasts
 * @returns files, rows, bytes
 */
export function writeReturnTimes(
  directory: string,
  run: string,
  model: string,
): ReturnType<typeof writeOutput> {
  return writeOutput(
    directory,
    run,
    model,
    (market) =>
      new Batch({
        article: stringsToColumn(ARTICLES),
        market: stringsToColumn(ARTICLES.map(() => MARKETS[market]!)),
        share: float64Column(new Float64Array(ARTICLES.length).fill(1)),
      }),
  );
}
