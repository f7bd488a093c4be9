import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBatches, valueAt, type Batch } from '@hemline/core';
import type { ExplainResult, FrontierResult, PriceResult } from '@hemline/hemline';
import { simulateMarket } from '@hemline/market-simulator';
import { openParquetFile, verifyManifest } from '@hemline/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frontierText } from '../src/terminal/frontier-text.ts';
import { explainText } from '../src/terminal/explain-text.ts';
import { command, type Ended } from './command.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-price-'));
  const out = join(folder, 'market');
  const { observed } = await simulateMarket({ articles: 40, markets: 2, weeks: 104, seed: 1, out });
  const data = ['--data', observed, '--cutoff', '2023-08-28'];
  for (const words of [
    ['train', 'demand-naive', '--set', 'method=mean'],
    ['forecast', 'demand-naive', '--horizon', '8', '--discounts', '0:0.6:0.1'],
  ]) {
    const { code, stderr } = await command(folder, [...words, ...data]);
    expect(code, stderr).toBe(0);
  }
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function price(...words: string[]): Promise<PriceResult> {
  const { code, stdout, stderr } = await command(folder, ['price', '--json', ...words]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as PriceResult;
}

async function limited(text: string, ...words: string[]): Promise<Ended> {
  await writeFile(join(folder, 'limits.yaml'), text);
  return command(folder, ['price', '--limits', 'limits.yaml', '--json', ...words]);
}

async function table(directory: string, name: string): Promise<Batch> {
  const file = (await readdir(directory)).find((each) => each.startsWith(`${name}-`))!;
  const parquet = await openParquetFile(join(directory, file));
  const batches: Batch[] = [];
  for await (const batch of parquet.batches()) batches.push(batch);
  return concatBatches(batches);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('hemline price', { timeout: 120_000 }, () => {
  it('writes tables that add up to what it prints, with a manifest and a record', async () => {
    const result = await price();
    expect(result.models).toEqual({ demand: 'demand-naive' });
    expect(result.weeks).toBe(8);
    expect(result.cutoff).toBe('2023-08-28');
    expect(result.assumptions).toContain('return rate of all series: no forecast, 0 is assumed');
    const { files } = await verifyManifest(result.directory!);
    expect(files.map(({ partition }) => partition).sort()).toEqual(['articles', 'limits', 'recommendations']);
    const articles = await table(result.directory!, 'articles');
    expect(articles.length).toBe(result.articles);
    expect(sum(articles.floats('profit'))).toBeCloseTo(result.profit, 2);
    const rows = await table(result.directory!, 'recommendations');
    expect(sum(rows.floats('sales'))).toBeCloseTo(result.unitsSold, 2);
    // The naive forecast knows of no response: whoever gives a discount gives it away.
    expect(result.gain).toBeGreaterThan(0);
    const changed = Array.from({ length: rows.length }, (_, row) => row).filter(
      (row) => valueAt(rows.column('reason'), row) !== 'hold',
    );
    for (const row of changed) expect(rows.floats('discount')[row]).toBe(0);
    const { stdout } = await command(folder, ['runs', 'show', result.run!, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'price', state: 'succeeded' });
  });

  it('gives the same tables again', async () => {
    const [one, other] = [await price(), await price()];
    const contents = async ({ directory }: PriceResult) =>
      (await table(directory!, 'recommendations')).floats('profit');
    expect(await contents(other)).toEqual(await contents(one));
  });

  it('keeps to limits, and says what they cost', async () => {
    const text = `articles:
  - where: { market: DE }
    minimum: 0.1
business:
  - { name: rate, limit: discount-rate, lower: 0.2, upper: 0.25 }
`;
    const { code, stdout, stderr } = await limited(text, '--minimum-gain', '0');
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as PriceResult;
    const [rate] = result.limits;
    expect(rate).toMatchObject({ limit: 'rate', line: 5, isMet: true });
    expect(rate!.value).toBeGreaterThanOrEqual(0.2 - 1e-6);
    expect(rate!.inWords).toMatch(/^rate: one point less would earn [\d.,]+$/);
    const rows = await table(result.directory!, 'recommendations');
    for (let row = 0; row < rows.length; row++)
      if (valueAt(rows.column('market'), row) === 'DE')
        expect(rows.floats('discount')[row]).toBeGreaterThanOrEqual(0.1);
  });

  it('takes recommendations as a plan, and comes to the same', async () => {
    const { directory, profit } = await price('--minimum-gain', '0');
    const file = (await readdir(directory!)).find((each) => each.startsWith('recommendations-'))!;
    const again = await price('--plan', join(directory!, file), '--dry-run');
    expect(again.profit).toBeCloseTo(profit, 2);
    expect(again.run).toBeNull();
    expect(again.reasons['person']).toBe(Object.values(again.reasons).reduce((a, b) => a + b));
  });

  it('writes nothing where it is a dry run', async () => {
    const before = await readdir(join(folder, '.hemline', 'runs'));
    const { code, stdout } = await command(folder, ['price', '--dry-run']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Dry run: nothing was written\.\n$/);
    expect(await readdir(join(folder, '.hemline', 'runs'))).toEqual(before);
  });

  it.each([
    ['business: [{ limit: unit, upper: 3 }]', /line 1: limit: expected one of/],
    ['articles: [{ where: { regoin: west }, maximum: 0.2 }]', /where.regoin: .*did you mean region\?/],
    ['articles: [{ floor: { price: 1e6 } }]', /the floor 1000000.00 is above the list price/],
    [
      'business: [{ limit: discount-rate, lower: 0.7 }]',
      /cannot be met together.*line 1: discount rate at 0\.\d+, not from 0\.7/s,
    ],
  ])('refuses %s', async (text, message) => {
    const { code, stderr } = await limited(text);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  it('shows what a limit costs at other values, and writes it', async () => {
    await writeFile(
      join(folder, 'limits.yaml'),
      'business: [{ name: rate, limit: discount-rate, upper: 0.1 }]',
    );
    const { code, stdout, stderr } = await command(folder, [
      ...['price', '--limits', 'limits.yaml', '--frontier', 'rate', '--points', '3'],
      ...['--output', 'frontier.csv', '--json'],
    ]);
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as FrontierResult;
    const lines = (await readFile(join(folder, 'frontier.csv'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(result.points.length + 1);
    const text = frontierText(result);
    expect(text).toMatch(/profit against rate \(discount-rate\), 8 weeks after 2023-08-28/);
    expect(text).toMatch(/without the limit/);
    expect(text).toMatch(/└─+\n/);
    expect(text).toMatch(/Table: frontier\.csv$/);

    // Its own page has it, and so has that of the run whose forecasts were priced.
    for (const run of [result.run, result.forecasts]) {
      const written = await command(folder, ['report', run, '--out', 'page.html']);
      expect(written.code, written.stderr).toBe(0);
      const page = await readFile(join(folder, 'page.html'), 'utf8');
      expect(page).toContain('What &quot;rate&quot; costs');
      expect(page).toMatch(/aria-label="Profit against rate\./);
    }
  });

  it('explains the discounts of an article', async () => {
    const { stderr: refused } = await command(folder, ['price', '--explain', 'A0']);
    const article = /there is no article A0 .* such as (\w+),/.exec(refused)![1]!;
    const { code, stdout, stderr } = await command(folder, [
      ...['price', '--explain', article, '--market', 'DE', '--json'],
    ]);
    expect(code, stderr).toBe(0);
    const found = JSON.parse(stdout) as ExplainResult;
    expect(found.article).toBe(article);
    expect(new Set(found.weeks.map(({ market }) => market))).toEqual(new Set(['DE']));
    expect(explainText(found)).toMatch(/10 points more in \d+ weeks of markets: profit −/);
    expect(explainText(found)).toMatch(/Stock of DE:/);
  });

  it.each([
    [['--frontier', 'rate', '--explain', 'A'], /are two questions/],
    [['--week', '2023-09-04'], /needs --explain/],
    [['--explore-step', '2'], /need --explore/],
    [['--explore', '1.5'], /a share above 0/],
  ])('refuses %j together', async (words, message) => {
    const { code, stderr } = await command(folder, ['price', ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('says what to do where nothing was forecast', async () => {
    const { stderr } = await command(folder, ['price'], { HEMLINE_HOME: join(folder, 'nothing') });
    expect(stderr).toMatch(/there are no forecasts to price by .*found none\. Forecast first: "hemline run/);
  });

  it('asks for forecasts that are there', async () => {
    const of = (...words: string[]) => command(folder, ['price', '--dry-run', ...words]);
    expect((await of('--model', 'demand-transformer')).stderr).toMatch(
      /no forecasts of demand-transformer.*demand-naive/s,
    );
    expect((await of('--require', 'return-rate')).stderr).toMatch(/no forecast of its return rate/);
    expect((await of('--require', 'returns')).stderr).toMatch(/There is no quantity returns/);
    expect((await of('--limits', 'nothing.yaml')).stderr).toMatch(/nothing there/);
    const articles = join('market', 'observed', 'articles.parquet');
    expect((await of('--plan', articles)).stderr).toMatch(
      /this file is no plan .*expected columns article, market/,
    );
    const { stdout } = await command(folder, ['runs', 'list', '--kind', 'train', '--json']);
    const { runs } = JSON.parse(stdout) as { runs: { run: string }[] };
    expect((await of(runs[0]!.run)).stderr).toMatch(/has no forecasts to price by/);
  });
});
