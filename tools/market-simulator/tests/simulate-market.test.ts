import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, InterruptedError } from '@hemline/core';
import { simulateMarket, type MarketSummary } from '../src/simulate-market.ts';
import type { MarketOptions } from '../src/options.ts';
import { articlesOf, checksums, filesBelow, readTable } from './read-simulation.ts';

const scratch = mkdtempSync(join(tmpdir(), 'market-simulator-'));
const SMALL: Omit<MarketOptions, 'out'> = {
  articles: 40,
  markets: 2,
  weeks: 60,
  planWeeks: 10,
  seed: 11,
  rowGroupRows: 2100,
  fileRows: 600,
};
const out = join(scratch, 'market');
let summary: MarketSummary;

beforeAll(async () => {
  summary = await simulateMarket({ ...SMALL, out });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('what is written', () => {
  it.skipIf(process.platform === 'win32')('may be read by whom the system lets read new folders', () => {
    const asUsual = usualMode(scratch);
    expect(statSync(out).mode & 0o777).toBe(asUsual);
  });

  it('is the documented layout, and nothing else', () => {
    expect(readdirSync(scratch)).toEqual(['market']);
    expect(readdirSync(out).sort()).toEqual(['observed', 'simulation.json', 'truth']);
    const tables = new Set(
      filesBelow(out).map((file) =>
        file
          .slice(out.length + 1)
          .replace(/market=.*/, '')
          .replace(/\/$/, ''),
      ),
    );
    expect([...tables].sort()).toEqual([
      'observed/articles.parquet',
      'observed/clearance',
      'observed/dataset.json',
      'observed/fulfillment',
      'observed/markets.parquet',
      'observed/returns',
      'observed/sizes',
      'observed/weekly',
      'simulation.json',
      'truth/costs.parquet',
      'truth/demand',
      'truth/residual.parquet',
      'truth/returns.parquet',
    ]);
  });

  it('is summed up truthfully', async () => {
    const weekly = await readTable(out, 'observed/weekly');
    expect(summary.tables['observed/weekly']!.rows).toBe(weekly.length);
    expect(summary.tables['observed/weekly']!.files).toBe(filesBelow(join(out, 'observed/weekly')).length);
    expect(summary.tables['observed/articles']!.rows).toBe(40);
    expect([summary.firstWeek, summary.lastWeek, summary.lastPlannedWeek]).toEqual([
      '2021-10-04',
      '2022-11-21',
      '2023-01-30',
    ]);
  });

  it('fills several files, none of which shares an article with another of its market', async () => {
    const files = filesBelow(join(out, 'observed/weekly/market=DE'));
    expect(files.length).toBeGreaterThan(1);
    const seen = new Set<string>();
    for (const file of files) {
      const articles = new Set(articlesOf(await readTable(file, '')));
      for (const article of articles) expect(seen.has(article)).toBe(false);
      for (const article of articles) seen.add(article);
    }
    expect(seen.size).toBe(40);
  });

  it('reports progress up to the end', async () => {
    const events: [number, number | null][] = [];
    const options = { ...SMALL, articles: 10, blockArticles: 4, out: join(scratch, 'progress') };
    await simulateMarket({ ...options, onProgress: ({ done, total }) => events.push([done, total]) });
    expect(events).toEqual([4, 8, 10, 14, 18, 20].map((done) => [done, 20]));
    rmSync(options.out, { recursive: true });
  });
});

describe('determinism', () => {
  it('gives the same bytes for the same seed, whatever the blocks', async () => {
    const again = join(scratch, 'again');
    await simulateMarket({ ...SMALL, blockArticles: 7, out: again });
    expect(checksums(again)).toEqual(checksums(out));
    rmSync(again, { recursive: true });
  });

  it('gives other numbers for another seed', async () => {
    const other = join(scratch, 'other');
    await simulateMarket({ ...SMALL, seed: 12, out: other });
    const [a, b] = [checksums(other), checksums(out)];
    expect(a['/observed/weekly/market=DE/part-00000.parquet']).not.toBe(
      b['/observed/weekly/market=DE/part-00000.parquet'],
    );
    rmSync(other, { recursive: true });
  });

  it('simulates a market alike, whatever other markets there are', async () => {
    const one = join(scratch, 'one');
    await simulateMarket({ ...SMALL, markets: 1, out: one });
    for (const [file, checksum] of Object.entries(checksums(one)))
      if (file.includes('market=DE')) expect(checksum).toBe(checksums(out)[file]);
    rmSync(one, { recursive: true });
  });
});

describe('the folder', () => {
  it('is left as it is when it holds the same simulation', async () => {
    const again = await simulateMarket({ ...SMALL, out });
    expect(again).toEqual({ ...summary, already: true });
  });

  it('is refused when it holds another simulation, which is named', async () => {
    const refused = simulateMarket({ ...SMALL, seed: 3, out });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      /expected seed 3, found seed 11\. Choose another folder, or overwrite/,
    );
    const shift = { group: 'coats', factor: 0.5, from: summary.lastWeek };
    await expect(simulateMarket({ ...SMALL, shift, out })).rejects.toThrow(
      /"group":"coats".*found shift none\./,
    );
  });

  it('is replaced when asked to', async () => {
    const place = join(scratch, 'replaced');
    await simulateMarket({ ...SMALL, articles: 5, out: place });
    const { already, articles } = await simulateMarket({
      ...SMALL,
      articles: 6,
      overwrite: true,
      out: place,
    });
    expect([already, articles]).toEqual([false, 6]);
    expect(readdirSync(scratch).sort()).toEqual(['market', 'replaced']);
    rmSync(place, { recursive: true });
  });

  it('is never replaced when it holds something else', async () => {
    const place = join(scratch, 'precious');
    mkdirSync(place);
    writeFileSync(join(place, 'thesis.txt'), '');
    await expect(simulateMarket({ ...SMALL, overwrite: true, out: place })).rejects.toThrow(
      /something other than a simulation.*thesis\.txt/,
    );
    expect(existsSync(join(place, 'thesis.txt'))).toBe(true);
    rmSync(place, { recursive: true });
  });

  it('does not appear when the simulation is interrupted', async () => {
    const place = join(scratch, 'interrupted');
    const abort = new AbortController();
    const stopped = simulateMarket({
      ...SMALL,
      out: place,
      blockArticles: 5,
      signal: abort.signal,
      onProgress: ({ done }) => done === 55 && abort.abort(),
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    expect(readdirSync(scratch)).toEqual(['market']);
  });
});

describe('options', () => {
  it('out of range are named all at once', async () => {
    const wrong = simulateMarket({
      out: join(scratch, 'x'),
      articles: 0,
      markets: 26,
      weeks: 12.5,
      seed: -1,
    });
    await expect(wrong).rejects.toThrow(ConfigurationError);
    await expect(wrong).rejects.toThrow(
      'found articles 0 (a whole number from 1 to 99999999); markets 26 (a whole number from 1 to 25); ' +
        'weeks 12.5 (a whole number from 13 to 520); seed -1',
    );
  });

  it('may give another grid, first week and no plan', async () => {
    const place = join(scratch, 'grid');
    const { firstWeek, lastPlannedWeek, lastWeek } = await simulateMarket({
      ...SMALL,
      out: place,
      articles: 5,
      planWeeks: 0,
      firstWeek: '2020-01-02',
      discounts: [0, 0.125, 0.5],
    });
    expect(firstWeek).toBe('2020-01-02');
    expect(lastPlannedWeek).toBe(lastWeek);
    const truth = await readTable(place, 'truth/demand');
    expect(truth.names.slice(-3)).toEqual(['demand_at_0', 'demand_at_12.5', 'demand_at_50']);
    const discounts = new Set((await readTable(place, 'observed/weekly')).floats('discount'));
    for (const discount of discounts) expect([0, 0.125, 0.5]).toContain(discount);
    rmSync(place, { recursive: true });
  });

  it('a grid that does not rise is refused', async () => {
    await expect(simulateMarket({ out: join(scratch, 'x'), discounts: '0.2,0.1' })).rejects.toThrow(
      'the discount grid is not valid',
    );
    await expect(simulateMarket({ out: join(scratch, 'x'), firstWeek: '2020-02-30' })).rejects.toThrow(
      'not a week',
    );
  });
});

/** Mode of a folder that is made as folders usually are. */
function usualMode(beside: string): number {
  const folder = join(beside, '..', `${basename(beside)}-usual`);
  mkdirSync(folder);
  try {
    return statSync(folder).mode & 0o777;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
