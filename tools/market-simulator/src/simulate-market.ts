import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addWeeks, formatWeek, throwIfAborted } from '@hemline/core';
import { checkOptions, type CheckedOptions, type MarketOptions } from './options.ts';
import { createStaging, findSimulation, publish } from './output/staging.ts';
import { writeDescriptor } from './output/descriptor.ts';
import { MarketWriters, type TableSummaries } from './output/market-writers.ts';
import { identityOf } from './output/identity.ts';
import { CohortSimulator } from './series/cohort-simulator.ts';

/** What a simulation wrote. */
export interface MarketSummary {
  /** Folder of the dataset that models may read. */
  readonly observed: string;
  /** Folder of the truth, which no model may read. */
  readonly truth: string;
  /** Whether this very simulation was there already, so that nothing was done. */
  readonly already: boolean;
  readonly articles: number;
  readonly markets: number;
  /** First and last week of the history, and the last that is planned, as YYYY-MM-DD. */
  readonly firstWeek: string;
  readonly lastWeek: string;
  readonly lastPlannedWeek: string;
  /** Rows, files and bytes of each table, by its path below the output folder. */
  readonly tables: Readonly<TableSummaries>;
}

/** What of the summary does not depend on where the simulation lies. */
type KeptSummary = Omit<MarketSummary, 'observed' | 'truth' | 'already'>;

/**
 * Simulates a fashion market and writes what a shop would see of it to `<out>/observed`, a dataset, and what is true
 * behind it to `<out>/truth`. Articles are simulated block by block and market by market; memory does not depend on
 * their number. Nothing appears at `out` before all is written.
 * @param options what to simulate; same options, same bytes
 * @returns what was written, or what was there already
 * @throws ConfigurationError for options out of range and for a folder that holds something else; InterruptedError when
 *   the signal is raised; StoreError when writing fails
 */
export async function simulateMarket(options: MarketOptions): Promise<MarketSummary> {
  const checked = checkOptions(options);
  const { out } = options;
  const place = { observed: join(out, 'observed'), truth: join(out, 'truth') };
  const identity = identityOf(checked);
  const there = await findSimulation<KeptSummary>(out, identity, options.overwrite ?? false);
  if (there !== null) return { ...place, already: true, ...there.summary };

  const staging = await createStaging(out);
  try {
    const tables = await writeTables(staging, checked, options);
    await writeDescriptor(join(staging, 'observed'), tables, checked);
    const last = addWeeks(checked.firstWeek, checked.weeks - 1);
    const summary: KeptSummary = {
      articles: checked.articles,
      markets: checked.markets,
      firstWeek: formatWeek(checked.firstWeek),
      lastWeek: formatWeek(last),
      lastPlannedWeek: formatWeek(addWeeks(last, checked.planWeeks)),
      tables,
    };
    await publish(staging, out, { options: identity, summary });
    return { ...place, already: false, ...summary };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw error;
  }
}

/** Simulates all series and writes all tables. */
async function writeTables(
  folder: string,
  checked: CheckedOptions,
  { onProgress, signal }: MarketOptions,
): Promise<TableSummaries> {
  const { articles } = checked;
  for (const side of ['observed', 'truth']) await mkdir(join(folder, side));
  const simulator = new CohortSimulator(checked);
  const { markets, articlesAtOnce } = simulator;
  const blockArticles = articlesAtOnce * Math.ceil(checked.blockArticles / articlesAtOnce);
  const writers = new MarketWriters(folder, checked);
  try {
    for (const market of markets) {
      writers.beginMarket(market);
      for (let start = 0; start < articles; start += blockArticles) {
        throwIfAborted(signal);
        const end = Math.min(start + blockArticles, articles);
        for (let first = start; first < end; first += articlesAtOnce)
          for (const series of simulator.simulate(first, Math.min(first + articlesAtOnce, end), market)) {
            if (market.index === 0) writers.writeArticle(series.article);
            writers.writeSeries(series.article, market, series);
          }
        await writers.drain();
        onProgress?.({
          phase: 'simulating series',
          done: market.index * articles + end,
          total: markets.length * articles,
          unit: 'series',
        });
      }
      await writers.endMarket();
    }
    return await writers.close();
  } catch (error) {
    await writers.abort(error);
    throw error;
  }
}
