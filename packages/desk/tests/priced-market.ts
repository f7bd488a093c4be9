import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Batch, concatBatches, stringColumn } from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { openParquetFile, writeParquetFile } from '@hemline/stores';

/** The command, as a user starts it. */
export const HEMLINE = fileURLToPath(new URL('../../cli/bin/hemline.mjs', import.meta.url));

/** Of its markets, in the order of their table. */
export const CURRENCIES = ['EUR', 'CHF'] as const;
export const LOCALES = ['de-DE', 'fr-CH'] as const;

/** A market that was priced, in a home of its own. */
export interface PricedMarket {
  readonly folder: string;
  readonly home: string;
  readonly run: string;
}

/**
 * Simulates a small market, forecasts and prices it.
 * @param options articles
 * @param options.articles how many
 * @returns where it is
 */
export async function pricedMarket({ articles = 40 } = {}): Promise<PricedMarket> {
  const folder = await mkdtemp(join(tmpdir(), 'hemline-desk-'));
  const home = join(folder, '.hemline');
  const { observed } = await simulateMarket({
    articles,
    markets: 2,
    weeks: 104,
    seed: 1,
    out: join(folder, 'market'),
  });
  const limits = join(folder, 'limits.yaml');
  await writeFile(
    limits,
    'business:\n  - { name: rate, limit: discount-rate, upper: 0.4 }\n  - { name: units, limit: units, lower: 1 }\n',
  );
  await nameCurrencies(observed);
  const data = ['--data', observed, '--cutoff', '2023-08-28'];
  await hemline(home, ['train', 'demand-naive', '--set', 'method=mean', ...data]);
  await hemline(home, ['forecast', 'demand-naive', '--horizon', '8', '--discounts', '0:0.6:0.1', ...data]);
  // A path from where it is started: the desk is opened from elsewhere.
  const priced = await hemline(home, ['price', '--limits', 'limits.yaml', '--json'], folder);
  return { folder, home, run: (JSON.parse(priced) as { run: string }).run };
}

/** Adds how prices of each market are written, as attributes that the descriptor names. */
async function nameCurrencies(observed: string): Promise<void> {
  const file = join(observed, 'markets.parquet');
  const batches: Batch[] = [];
  for await (const batch of (await openParquetFile(file)).batches()) batches.push(batch);
  const markets = concatBatches(batches);
  const columns = markets.names.map((name) => [name, markets.column(name)] as const);
  const rows = Int32Array.from({ length: markets.length }, (_, row) => row % CURRENCIES.length);
  const added = { currency: stringColumn(rows, CURRENCIES), locale: stringColumn(rows, LOCALES) };
  await writeParquetFile(file, [new Batch({ ...Object.fromEntries(columns), ...added })]);
  const place = join(observed, 'dataset.json');
  const descriptor = JSON.parse(await readFile(place, 'utf8')) as {
    tables: { markets: { staticCovariates: string[] } };
  };
  descriptor.tables.markets.staticCovariates.push('currency', 'locale');
  await writeFile(place, JSON.stringify(descriptor));
}

/**
 * @param home of the runs
 * @param args of the command
 * @param cwd where it is started; by default here
 * @returns what it prints
 */
export function hemline(home: string, args: readonly string[], cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [HEMLINE, ...args],
      { cwd, maxBuffer: 1 << 26, env: { ...process.env, HEMLINE_HOME: home } },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error })),
    );
  });
}
