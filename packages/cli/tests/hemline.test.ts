import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { writeParquetFile, verifyManifest } from '@hemline/stores';
import type { Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

const command = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
let folder: string;
let observed: string;

/** What does little runs in a process that has been started. */
let warm: WarmCommand;
const lightly = (...args: string[]): Promise<Ended> => warm.run(args);

/** Starts the command as a user would, in a folder of its own. */
function hemline(...args: string[]): Promise<Ended> {
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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-cli-'));
  const { code, stdout, stderr } = await hemline(
    'simulate',
    '--articles',
    '40',
    '--markets',
    '2',
    '--weeks',
    '80',
    '--out',
    'market',
    '--json',
  );
  expect(stderr + stdout).not.toContain('Error');
  expect(code).toBe(0);
  observed = (JSON.parse(stdout) as { observed: string }).observed;
  warm = new WarmCommand(folder);
}, 60_000);
afterAll(async () => {
  await warm.end();
  await rm(folder, { recursive: true, force: true });
});

describe('hemline', () => {
  it('answers --help for itself and every command, and misspelt ones with what was meant', async () => {
    const { code, stdout } = await hemline('--help');
    expect(code).toBe(0);
    for (const name of [
      'simulate',
      'train',
      'forecast',
      'evaluate',
      'backtest',
      'experiment',
      'inspect',
      'models',
      'runs',
      'lineage',
      'launch',
      'run',
      'start',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}`, 'm'));
    }
    expect((await lightly('backtest', '--help')).stdout).toMatch(/--set <name=value>[^]*--cutoff <weeks>/);
    const wrong = await lightly('tarin');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/unknown command 'tarin'[^]*Did you mean train\?/),
    ]);
  });

  it('simulates once and says so the second time', async () => {
    const { code, stdout } = await lightly(
      'simulate',
      '--articles',
      '40',
      '--markets',
      '2',
      '--weeks',
      '80',
      '--out',
      'market',
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('Already there')]);
  });

  it('trains through the entrypoint, then forecasts with the latest model', async () => {
    const trained = await hemline(
      'train',
      'demand-naive',
      '--data',
      observed,
      '--set',
      'method=mean',
      '--set',
      'window=4',
      '--json',
    );
    expect(trained.code, trained.stderr).toBe(0);
    const { directory, cutoff } = JSON.parse(trained.stdout) as { directory: string; cutoff: string };
    const card = JSON.parse(await readFile(join(directory, 'hemline.json'), 'utf8')) as {
      hyperparameters: object;
      cutoff: string;
    };
    expect(card).toMatchObject({
      model: 'demand-naive',
      hyperparameters: { method: 'mean', window: 4 },
      cutoff,
    });

    const forecast = await hemline(
      'forecast',
      'demand-naive',
      '--data',
      observed,
      '--horizon',
      '3',
      '--discounts',
      '0,0.25,0.5',
      '--json',
    );
    expect(forecast.code, forecast.stderr).toBe(0);
    const output = JSON.parse(forecast.stdout) as {
      directory: string;
      rows: number;
      files: number;
      run: string;
    };
    expect(output.files).toBe(2);
    const manifest = await verifyManifest(output.directory);
    const file = await openParquet(join(output.directory, manifest.files[0]!.file));
    expect(file.schema.fields.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['article', 'market', 'week', 'discount', 'demand', 'support']),
    );
    expect(file.metadata).toMatchObject({ 'hemline.model': 'demand-naive', 'hemline.run_id': output.run });
    expect(manifest.files.reduce((rows, each) => rows + each.rows, 0)).toBe(output.rows);

    const elsewhere = await hemline(
      'forecast',
      'demand-naive',
      '--data',
      observed,
      '--horizon',
      '3',
      '--discounts',
      '0,0.25,0.5',
      '--output',
      join(folder, 'forecasts'),
      '--threads',
      '2',
      '--json',
    );
    expect(elsewhere.code, elsewhere.stderr).toBe(0);
    expect(JSON.parse(elsewhere.stdout)).toMatchObject({
      directory: join(folder, 'forecasts'),
      rows: output.rows,
      files: 2,
    });
    expect((await verifyManifest(join(folder, 'forecasts'))).files).toHaveLength(2);
  });

  it('runs the weekly sequence over every model there is', async () => {
    const limits = join(folder, 'weekly-limits.yaml');
    await writeFile(limits, 'articles: [{ maximum: 0.3 }]\nbusiness: [{ limit: units, lower: 1 }]\n');
    // So small a market is no place to require much of a model.
    const { code, stdout, stderr } = await hemline(
      'run',
      'weekly',
      '--data',
      observed,
      '--horizon',
      '4',
      '--no-requirements',
      // Whether all goes through is asked here, not how well.
      '--set',
      'demand-blend.memberPreset=tiny',
      '--set',
      'demand-blend.memberSettings=transformer.steps=20',
      '--set',
      'return-rate-trees.rounds=20',
      '--limits',
      limits,
      '--json',
    );
    expect(code, stderr + stdout).toBe(0);
    const report = JSON.parse(stdout) as {
      run: string;
      directory: string;
      page: string;
      recommendations: {
        directory: string;
        models: Record<string, string>;
        articles: number;
        comparedProfit: number;
        heldProfit: number;
        gain: number;
        limits: { limit: string; isMet: boolean }[];
      };
      models: {
        model: string;
        quantity: string;
        evaluation: { rows: number };
        forecast: { directory: string; rows: number };
      }[];
    };
    expect(new Set(report.models.map((each) => each.quantity)).size).toBe(5);
    for (const each of report.models) {
      expect(each.evaluation.rows, each.model).toBeGreaterThan(0);
      expect((await verifyManifest(each.forecast.directory)).files.length, each.model).toBe(2);
    }
    expect(existsSync(join(report.directory, 'run.json'))).toBe(true);

    // It ends with prices: by one model of each quantity, within the limits, told by the page, and traced back to what they follow from.
    const { recommendations: priced } = report;
    expect(Object.keys(priced.models).sort()).toEqual(
      [...new Set(report.models.map((m) => m.quantity))].sort(),
    );
    expect(priced.articles).toBeGreaterThan(0);
    expect(priced.gain).toBeCloseTo(priced.comparedProfit - priced.heldProfit, 4);
    expect(priced.limits).toMatchObject([{ limit: 'units', isMet: true }]);
    expect(await readFile(report.page, 'utf8')).toContain('aria-labelledby="recommendations"');
    const { files } = await verifyManifest(priced.directory);
    const { file } = files.find(({ partition }) => partition === 'recommendations')!;
    const traced = await hemline('lineage', join(priced.directory, file));
    expect(traced.code, traced.stderr).toBe(0);
    expect(traced.stdout).toMatch(new RegExp(`forecasts .*of run ${report.run}`));
    expect(traced.stdout).toMatch(
      new RegExp(` demand .*${priced.models['demand']} 1, trained by ${report.run}: `),
    );
    expect(traced.stdout).toMatch(
      /dataset .*fingerprint [0-9a-f]{8}[^]*limits .*limits\/weekly-limits-.*SHA-256/,
    );
    expect(traced.stdout).not.toMatch(/^! /m);
  }, 300_000);

  it('writes curves of models that have them, and names those that have none', async () => {
    const args = ['--data', observed, '--horizon', '3', '--curves', '--json'];
    const { code, stdout, stderr } = await hemline('forecast', 'demand-blend', ...args);
    expect(code, stderr).toBe(0);
    const { directory, rows } = JSON.parse(stdout) as { directory: string; rows: number };
    const { files } = await verifyManifest(directory);
    const { schema } = await openParquet(join(directory, files[0]!.file));
    const names = schema.fields.map(({ name }) => name);
    expect(names.slice(0, 5)).toEqual(['article', 'market', 'week', 'log_demand0', 'log_demand5']);
    expect(names).not.toContain('discount');
    expect(rows % 3).toBe(0);
    const none = await lightly('forecast', 'demand-naive', ...args);
    expect(none.code).not.toBe(0);
    expect(none.stderr).toMatch(/demand-naive has no curves; expected a model that declares curves/);
  });

  it('forecasts with the last model when a training fails, and says so', async () => {
    const spoilt = join(folder, 'spoilt');
    await cp(observed.startsWith('/') ? observed : join(folder, observed), spoilt, { recursive: true });
    const files = (await readdir(join(spoilt, 'returns'), { recursive: true })).filter((name) =>
      name.endsWith('.parquet'),
    );
    // Valid as data, and beyond what a right of return of 14 weeks can explain: only the models of returns refuse it.
    const late = new Batch({
      article: stringsToColumn(['A00000001']),
      sale_week: dateColumn(Int32Array.of(parseWeek('2022-01-03'))),
      return_week: dateColumn(Int32Array.of(parseWeek('2022-09-05'))),
      units: float64Column(Float64Array.of(1)),
    });
    await writeParquetFile(join(spoilt, 'returns', dirname(files[0]!), 'late.parquet'), [late]);
    const { code, stdout, stderr } = await hemline(
      'run',
      '--data',
      spoilt,
      '--models',
      'return-rate-average,demand-naive',
      '--horizon',
      '4',
      '--json',
    );
    const report = JSON.parse(stdout) as {
      run: string;
      models: {
        model: string;
        problems: string[];
        forecast: { rows: number } | null;
        forecastBy: { run: string } | null;
      }[];
    };
    const [returnRate, demand] = report.models;
    expect(code, stderr + stdout).toBe(3);
    expect(demand).toMatchObject({ problems: [], forecastBy: { run: report.run } });
    expect(returnRate!.problems.join('\n')).toMatch(/train.* failed: AlgorithmError: .*14/);
    expect(returnRate!.forecastBy!.run).not.toBe(report.run);
    expect(returnRate!.forecast!.rows).toBeGreaterThan(0);
  }, 120_000);

  it('never forecasts with a model that was trained on another dataset', async () => {
    const other = join(folder, 'other');
    await cp(join(folder, 'market', 'observed'), other, { recursive: true });
    const descriptor = JSON.parse(await readFile(join(other, 'dataset.json'), 'utf8')) as object;
    await writeFile(join(other, 'dataset.json'), JSON.stringify({ ...descriptor, name: 'other' }));
    const { code, stderr } = await lightly('forecast', 'demand-naive', '--data', other);
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(
        /demand-naive has not been trained on other here.*found none\. Run "hemline train/,
      ),
    ]);
  });

  it('stops in order when it is told to', async () => {
    const child = spawn(process.execPath, [command, 'run', '--data', observed, '--json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (!child.killed && /: (reading|forecasting|evaluating)/.test(stderr)) child.kill('SIGINT');
    });
    const [code] = (await once(child, 'close')) as [number];
    expect([code, stderr]).toEqual([143, expect.stringMatching(/Stopping[^]*was stopped\. Start it again/)]);
  }, 60_000);
});
