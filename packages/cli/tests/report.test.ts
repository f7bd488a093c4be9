import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulateMarket } from '@hemline/market-simulator';
import { command, type Ended } from './command.ts';
import { BROWSER, checkCharts, emptySections, lookAt } from '@hemline/report/testing';

const MODELS = 'demand-naive,return-rate-trees';
let folder: string;
let run: Ended;
let page: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-report-'));
  const out = join(folder, 'market');
  const { observed } = await simulateMarket({ articles: 60, markets: 2, weeks: 104, seed: 1, out });
  const small = ['--models', MODELS, '--set', 'return-rate-trees.rounds=30'];
  run = await command(folder, ['run', 'weekly', '--data', observed, '--horizon', '12', ...small]);
  page = resolve(folder, run.stdout.trim().split('everything about this run: ').at(-1)!);
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the report of a run', { timeout: 120_000 }, () => {
  it('is written at its end, and named by its last line', async () => {
    expect([0, 3], run.stderr).toContain(run.code);
    expect(page).toMatch(/runs\/weekly-[^/]+\/report\.html$/);
    expect((await stat(page)).size).toBeLessThan(3e6);
  });

  it('is one file that needs nothing else', async () => {
    const text = await readFile(page, 'utf8');
    expect(text).toContain('Content-Security-Policy');
    expect(text).not.toMatch(/<script|<link[^>]+stylesheet|@import|src="http|url\(http/);
  });

  it('is written again, elsewhere, by the command', async () => {
    const { code, stdout } = await command(folder, ['report', 'latest', '--out', 'r.html', '--json']);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { file: string; bytes: number };
    expect(told.file).toBe(join(folder, 'r.html'));
    expect((await stat(told.file)).size).toBe(told.bytes);
    // The same run, the same page.
    expect(await readFile(told.file, 'utf8')).toBe(await readFile(page, 'utf8'));
  });

  it('tells the scores of a backtest by cutoff', async () => {
    const data = ['--data', 'market/observed', '--cutoff', '2023-05-01,2023-06-26', '--horizon', '8'];
    const backtest = await command(folder, ['backtest', 'demand-naive', ...data, '--json']);
    expect(backtest.code, backtest.stderr).toBe(0);
    const { run: name, mean } = JSON.parse(backtest.stdout) as { run: string; mean: { demandError: number } };
    expect((await command(folder, ['report', name, '--out', 'b.html'])).code).toBe(0);
    const text = (await readFile(join(folder, 'b.html'), 'utf8')).replace(/\s+/g, ' ');
    expect(text).toContain('Fitted anew at 2 cutoffs, and scored on the 8 weeks after each.');
    expect(text).toContain(`${Number(mean.demandError.toPrecision(3))} ± `);
    // Articles are forecast, not backtested: who asks for one means the latest forecasts.
    const asked = ['report', '--article', 'A00000003', '--out', 'c.html', '--json'];
    const ofArticle = await command(folder, asked);
    expect(ofArticle.code, ofArticle.stderr).toBe(0);
    expect(JSON.parse(ofArticle.stdout)).toMatchObject({ kind: 'weekly' });
  });

  it('has the truth of the simulated market beside the forecasts, and findings about the data', async () => {
    const text = await readFile(page, 'utf8');
    expect(text).toContain('truth (expectation)');
    expect(text).toMatch(/sales are censored by a stock-out/);
    expect(text).toContain('none (cold start)');
    expect(text).toContain('Importance by SHAP values');
  });

  it.skipIf(BROWSER === null).each([
    ['laptop', 1280, 'light'],
    ['phone', 375, 'light'],
  ] as const)('is whole on a %s (skipped where there is no Chromium)', async (_, width, scheme) => {
    const seen = await lookAt(page, width, scheme);
    expect(checkCharts(seen)).toEqual([]);
    expect(seen.charts.length).toBeGreaterThan(15);
    // What was not run says so.
    expect(emptySections(seen)).toEqual([
      ...['Return time: scores', 'Fulfilment cost: scores', 'Residual value: scores'],
      ...['Return time: hazard', 'Residual value by age', 'What the blend is made of'],
    ]);
  });
});
