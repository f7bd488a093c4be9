import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile, cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnOnDisk, concatBatches, formatWeek, type Batch } from '@hemline/core';
import { FeatureSet, lag, past } from '@hemline/features';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { verifyManifest } from '@hemline/stores';

const command = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
const shared = fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const descriptors = fileURLToPath(new URL('../../../tools/reference-data', import.meta.url));
let folder: string;

/** Starts the command as a user would. */
function hemline(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, ...args],
      { cwd: folder, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

interface Summary {
  readonly directory: string;
  readonly rows: number;
  readonly files: number;
  readonly columns: readonly string[];
}

async function features(...args: string[]): Promise<Summary> {
  const { code, stdout, stderr } = await hemline('features', ...args, '--json');
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Summary;
}

async function rowsOf(directory: string): Promise<Batch> {
  const batches: Batch[] = [];
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    if (!name.endsWith('.parquet')) continue;
    for await (const batch of (await openParquet(join(directory, name))).batches()) batches.push(batch);
  }
  return concatBatches(batches);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-features-'));
  const made = await hemline(
    'simulate',
    '--articles',
    '30',
    '--markets',
    '2',
    '--weeks',
    '60',
    '--out',
    'market',
  );
  expect(made.code).toBe(0);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('hemline features', () => {
  it('writes a panel of the simulated market, with its definition, alike with one thread and with two', async () => {
    const one = await features('--data', 'market/observed', '--output', 'one', '--threads', '1');
    const two = await features('--data', 'market/observed', '--output', 'two', '--threads', '2');
    expect(one).toMatchObject({ files: 2, rows: two.rows, columns: two.columns });
    expect(one.columns).toContain('demand_by_group_market_mean_lag1_window4');
    const panel = await rowsOf(join(folder, 'one'));
    expect(await rowsOf(join(folder, 'two'))).toEqual(panel);
    await verifyManifest(join(folder, 'one'));
    const definition = FeatureSet.parse(
      JSON.parse(await readFile(join(folder, 'one', '_features.json'), 'utf8')),
    );
    expect(definition.names.map(columnOnDisk)).toEqual(one.columns);
    // Every row of history and plan is there, seen from the last known week.
    const dataset = await openDataset(join(folder, 'market/observed'));
    let rows = 0;
    for await (const batch of dataset.tables.get('weekly').batches({ columns: ['week'] }))
      rows += batch.length;
    expect(panel.length).toBe(rows);
    const cutoff = await dataset.lastKnownWeek();
    const weeks = panel.weeks('week');
    panel
      .numbers('lead_time')
      .values.forEach((lead, row) => expect(lead).toBe(Math.max(1, (weeks[row]! - cutoff) / 7)));
  }, 60_000);

  it('takes a definition, a cutoff and a horizon', async () => {
    const definition = new FeatureSet([lag(past('demand'), { lag: 2 })]).definition;
    await writeFile(join(folder, 'mine.json'), JSON.stringify(definition));
    const cutoff = (await (await openDataset(join(folder, 'market/observed'))).lastKnownWeek()) - 70;
    const args = ['--definition', 'mine.json', '--cutoff', formatWeek(cutoff), '--horizon', '3'];
    const found = await features('--data', 'market/observed', ...args);
    expect(found.columns).toEqual(['demand_lag2']);
    const panel = await rowsOf(found.directory);
    const last = panel.weeks('week').reduce((a, b) => Math.max(a, b));
    expect(last).toBe(cutoff + 21);
  }, 60_000);

  it('brings data that is partitioned by week into whole series first', async () => {
    const scattered = join(folder, 'scattered');
    await mkdir(scattered);
    for (const name of await readdir(join(folder, 'market/observed')))
      if (name !== 'weekly')
        await cp(join(folder, 'market/observed', name), join(scattered, name), { recursive: true });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT * FROM read_parquet('${folder}/market/observed/weekly/*/*.parquet', hive_partitioning = true))
       TO '${scattered}/weekly' (FORMAT parquet, PARTITION_BY (week))`,
    );
    connection.closeSync();
    await features('--data', 'scattered', '--output', 'gathered');
    expect(await rowsOf(join(folder, 'gathered'))).toEqual(await rowsOf(join(folder, 'one')));

    const { code, stdout } = await hemline('repartition', '--data', 'scattered', '--out', 'whole', '--json');
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0, partitions: 2 });
    const summary = await (await openDataset(join(folder, 'whole'))).validate();
    const before = await (await openDataset(join(folder, 'market/observed'))).validate();
    expect(summary).toEqual(before);
    const again = await hemline('repartition', '--data', 'scattered', '--out', 'whole');
    expect(again.stderr).toMatch(/there already/);
  }, 60_000);

  it('says what is wrong with a definition, and that a model has none', async () => {
    await writeFile(join(folder, 'wrong.json'), '{ "version": 1, "features": [{ "kind": "lagg" }] }');
    const wrong = await hemline('features', '--data', 'market/observed', '--definition', 'wrong.json');
    expect(wrong.stderr).toMatch(/no such kind of feature.*Did you mean lag/s);
    expect(wrong.code).not.toBe(0);
    const none = await hemline('features', 'demand-naive', '--data', 'market/observed');
    expect(none.stderr).toMatch(/demand-naive reads no features/);
  }, 60_000);

  const skipped = existsSync(shared) ? '' : ' (skipped: the reference data is not here)';
  it.skipIf(skipped !== '')(
    `writes panels of the reference data${skipped}`,
    async () => {
      const juice = [
        '--data',
        join(shared, 'orange-juice'),
        '--descriptor',
        join(descriptors, 'orange-juice/dataset.json'),
      ];
      const found = await features(...juice, '--output', 'juice');
      // Weeks in which nothing was recorded have rows of their own.
      expect(found.rows).toBeGreaterThan(106_139);
      const panel = await rowsOf(join(folder, 'juice'));
      const observed = Array.from(panel.numbers('observed').values);
      expect(observed.filter((value) => value === 1).length).toBe(106_139);
      const map = ['--map', join(descriptors, 'online-retail/map.json')];
      const invoices = join(shared, 'online-retail/invoices.parquet');
      const imported = await hemline('import', invoices, ...map, '--out', 'retail');
      expect(imported.code, imported.stderr).toBe(0);
      const retail = await features('--data', 'retail', '--output', 'retail-features');
      expect(retail.rows).toBeGreaterThan(10_000);
      expect(retail.columns).toContain('demand_lag1');
    },
    120_000,
  );
});
