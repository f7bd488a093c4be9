import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import type { Market } from '../assortment/markets.ts';
import { writeDescriptor } from '../output/descriptor.ts';
import { MarketWriters } from '../output/market-writers.ts';
import type { SeriesTags } from '../output/observed-rows.ts';
import { createStaging } from '../output/staging.ts';
import type { CheckedOptions } from '../options.ts';
import { resumeStream } from '../random/stream.ts';
import type { Cohort } from '../series/cohort.ts';
import type { SeriesState } from '../series/series-state.ts';

/** Articles after which a pause is made for writing. */
const BLOCK = 64;

/**
 * Plans the weeks ahead as the shop's planner does, in expectation: what the planned weeks of a dataset hold.
 * @param cohort all series between two weeks; changed
 * @param week first week that is planned
 * @param end week after the last
 */
export function planAhead(cohort: Cohort, week: number, end: number): void {
  // A plan draws nothing that counts, but goes through the same steps.
  const random = resumeStream([1, 2, 3, 4]);
  for (const series of cohort.series) {
    const { record } = series;
    series.random = random;
    record.planned = Math.max(0, week - record.launch);
    record.last = Math.min(record.life, end - record.launch) - 1;
  }
  for (let planned = week; planned < end; planned++) {
    cohort.open(planned, true);
    cohort.decide(planned, true);
    cohort.plan(planned);
  }
}

/**
 * Writes the dataset that a shop has between two weeks. Nothing appears in the folder before all is written.
 * @param folder new or empty
 * @param options of the market
 * @param markets of it
 * @param series planned ahead, article by article, then market by market
 * @param tagsOf discounts of a series, by its number; null: none of the market is tagged
 * @throws ConfigurationError when the folder holds anything
 */
export async function writeObserved(
  folder: string,
  options: CheckedOptions,
  markets: readonly Market[],
  series: readonly SeriesState[],
  tagsOf: ((n: number) => SeriesTags) | null,
): Promise<void> {
  await refuseFilled(folder);
  const staging = await createStaging(folder);
  try {
    await mkdir(join(staging, 'observed'));
    const writers = new MarketWriters(staging, options, { truth: false, tagged: tagsOf !== null });
    try {
      for (const market of markets) {
        writers.beginMarket(market);
        for (let n = market.index; n < series.length; n += markets.length) {
          const { article } = series[n]!;
          if (market.index === 0) writers.writeArticle(article);
          writers.writeSeries(article, market, series[n]!, tagsOf?.(n) ?? null);
          if (article.index % BLOCK === BLOCK - 1) await writers.drain();
        }
        await writers.endMarket();
      }
      await writeDescriptor(join(staging, 'observed'), await writers.close(), options);
    } catch (error) {
      await writers.abort(error);
      throw error;
    }
    await rmdir(folder).catch(ignoreMissing);
    await rename(join(staging, 'observed'), folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function refuseFilled(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  if (entries.length === 0) return;
  throw new ConfigurationError(`${folder} is not empty`, {
    expected: 'a new or empty folder for the dataset',
    found: entries.slice(0, 3).join(', '),
    remedy: 'Choose another folder.',
  });
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
