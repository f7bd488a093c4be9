import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concatBatches, type Batch } from '@hemline/core';
import type { decisions, MonitoringResult, PriceResult } from '@hemline/hemline';
import { simulateMarket } from '@hemline/market-simulator';
import { openParquetFile } from '@hemline/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

const CUTOFF = '2023-08-28';
const WEEK = '2023-09-04';

let folder: string;
let observed: string;
let hemline: WarmCommand;

const run = (...words: string[]): Promise<Ended> => hemline.run(words);

async function json<T>(...words: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...words, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

async function given(name: string, ...lines: string[]): Promise<string> {
  await writeFile(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  return name;
}

const importFile = (file: string, ...words: string[]): Promise<decisions.ImportDecisionsResult> =>
  json('decisions', 'import', file, ...words);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-decisions-'));
  hemline = new WarmCommand(folder);
  const market = { articles: 40, markets: 2, weeks: 104, seed: 1, out: join(folder, 'market') };
  ({ observed } = await simulateMarket(market));
  const data = ['--data', observed, '--cutoff', CUTOFF];
  for (const words of [
    ['train', 'demand-naive', '--set', 'method=mean', ...data],
    ['forecast', 'demand-naive', '--horizon', '8', '--discounts', '0:0.6:0.1', ...data],
    ['price'],
  ]) {
    const { code, stderr } = await run(...words);
    expect(code, stderr).toBe(0);
  }
}, 180_000);
afterAll(async () => {
  await hemline.end();
  await rm(folder, { recursive: true, force: true });
});

describe('hemline decisions', { timeout: 120_000 }, () => {
  it('says what to do where nothing is proposed', async () => {
    const { code, stderr } = await run('decisions', 'list');
    expect(code).toBe(65);
    expect(stderr).toMatch(/nothing has been proposed.*"hemline decisions propose"/);
  });

  it('goes from proposal to outcome', async () => {
    const proposed = await json<decisions.ProposeResult>('decisions', 'propose');
    expect(proposed).toMatchObject({ weeks: [WEEK], conflicting: 0, segment: 1, toldBefore: null });
    const again = await json<decisions.ProposeResult>('decisions', 'propose');
    expect(again).toMatchObject({ proposed: 0, unchanged: proposed.proposed, segment: null });
    expect(again.toldBefore).not.toBeNull();

    // What is to be decided goes out as a table, and comes back filled in.
    await json('decisions', 'export', 'sheet.csv', '--proposed');
    const [head, first, second, third, ...rest] = (await readFile(join(folder, 'sheet.csv'), 'utf8'))
      .trim()
      .split('\n');
    expect(head).toBe('article,market,week,decision,discount,by,reason,version,forecast_profit,held_profit');
    const decide = (line: string, decision: string, more: Record<number, string> = {}): string =>
      line
        .split(',')
        .map((cell, i) => (i === 3 ? decision : (more[i] ?? cell)))
        .join(',');
    const manual = { 4: '0.35', 5: 'ann', 6: '"press, TV"' };
    const file = await given(
      'sheet.csv',
      head!,
      decide(first!, 'approved'),
      decide(second!, 'overridden', manual),
      third!,
      ...rest,
    );
    const taken = await importFile(file);
    expect(taken).toMatchObject({
      approved: 1,
      overridden: 1,
      undecided: rest.length + 1,
      conflicting: 0,
      costed: 1,
    });
    expect(taken.unusedColumns).toEqual([]);
    expect(await importFile(file)).toMatchObject({
      applied: 0,
      segment: null,
      toldBefore: expect.any(String) as string,
    });

    const listed = await json<decisions.ListDecisionsResult>('decisions', 'list', '--by', 'ann');
    expect(listed.rows).toMatchObject([
      { state: 'overridden', chosen: 0.35, reason: 'press, TV', manual: true },
    ]);
    expect(listed.overrideCost).toBe(taken.overrideCost);
    const lineage = {
      run: proposed.run,
      models: [{ model: 'demand-naive' }],
      dataset: { name: proposed.dataset },
    };
    expect(listed.proposals).toMatchObject([{ proposal: 1, ...lineage }]);

    // The manual price is planned around, and told; what was recommended in its place is kept.
    const [{ article, market, recommended }] = listed.rows as [decisions.ListedDecision];
    const priced = await json<PriceResult>('price');
    expect(priced.overrides).toBe(1);
    const [row] = await rowsOf(priced.directory!, String(article), String(market));
    expect(row).toMatchObject({ discount: 0.35, reason: 'person' });
    const free = await json<PriceResult>('price', '--ignore-overrides', '--dry-run');
    expect(free.overrides).toBe(0);
    expect(free.profit - priced.profit).toBeCloseTo(taken.overrideCost!, 0);
    const anew = await json<decisions.ProposeResult>('decisions', 'propose', priced.run!);
    expect(anew).toMatchObject({ overridden: 1, conflicting: 0 });
    const stands = await json<decisions.ListDecisionsResult>('decisions', 'list', '--state', 'overridden');
    expect(stands.rows).toMatchObject([{ recommended, chosen: 0.35 }]);

    // The shop has put up another price than the one that was approved, later: that is not exported any more.
    const [approvedArticle, approvedMarket] = first!.split(',');
    const shop = await given(
      'shop.jsonl',
      JSON.stringify({ article: approvedArticle, market: approvedMarket, week: WEEK, discount: 0.5 }),
    );
    expect(await importFile(shop, '--as', 'in-shop')).toMatchObject({ inShop: 1, differing: 1 });
    const out = await json<decisions.ExportDecisionsResult>('decisions', 'export', 'prices.parquet');
    expect(out).toMatchObject({ prices: 1, overridden: 1, stale: 1 });
    expect(out.staleRows).toEqual([{ article: approvedArticle, market: approvedMarket, week: WEEK }]);
    const parquet = await openParquetFile(join(folder, 'prices.parquet'));
    expect(parquet.rows).toBe(1);
    const older = await importFile(
      await given(
        'late.csv',
        'article,market,week,decision,discount,at',
        `${approvedArticle},${approvedMarket},${WEEK},in-shop,0.1,2020-01-01`,
      ),
    );
    expect(older).toMatchObject({ applied: 0, conflicting: 1 });
    expect(older.conflicts[0]!.reason).toMatch(/newer/);

    const score = await json<decisions.ScoreDecisionsResult>('decisions', 'score', '--data', observed);
    expect(score.all.prices + score.unjudged).toBe(proposed.proposed);
    expect(score.overrides).toMatchObject({ prices: 1, costed: 1, atTheTime: taken.overrideCost });
    expect(score.all.earned).toBeGreaterThan(0);
    expect(score.notes).toEqual([expect.stringMatching(/1 prices are others in the data/)]);
    const twice = await json<decisions.ScoreDecisionsResult>('decisions', 'score', '--data', observed);
    expect(twice).toMatchObject({ recorded: 0, known: score.recorded, segment: null, all: score.all });
    // The monitoring of the week tells the same money, and keeps no outcomes; those that are kept tell the price in the shop by now.
    const watched = await run('monitor', '--data', observed, '--weeks', '20', '--json');
    expect([0, 5], watched.stderr).toContain(watched.code);
    const { money } = JSON.parse(watched.stdout) as MonitoringResult;
    expect(money).toMatchObject({ limits: [], notes: [] });
    const { all, by, variances } = score;
    expect(money!.scores).toMatchObject({ all, by, variances, runs: [priced.run, proposed.run] });
    expect(variances[0]).toMatchObject({ dimension: 'all', prices: score.all.prices });
    const ended = await json<decisions.ListDecisionsResult>(
      'decisions',
      'list',
      '--state',
      'outcome',
      '--limit',
      '1',
    );
    expect(ended.states.outcome).toBe(proposed.proposed);
  });

  it('sends what was drawn by lot to the shop with its propensity, and a price of a person without', async () => {
    const place = ['--store', 'explored'];
    const priced = await json<PriceResult>(
      'price',
      '--ignore-overrides',
      '--explore',
      '0.5',
      '--explore-seed',
      '4',
    );
    const { articles, series, cost } = priced.exploration!;
    expect([articles, series]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(articles).toBeGreaterThan(0);
    expect(articles).toBeLessThanOrEqual(priced.articles / 2);
    const plan = await json<PriceResult>('price', '--ignore-overrides', '--dry-run');
    expect(plan.exploration).toBeNull();
    expect(priced.profit).toBeCloseTo(plan.profit - cost, 4);
    await json('decisions', 'propose', priced.run!, ...place);
    await json('decisions', 'export', 'open.jsonl', '--proposed', ...place);
    const open = records(await readFile(join(folder, 'open.jsonl'), 'utf8'));
    const drawn = (await allRows(priced.directory!)).filter(({ propensity }) => !Number.isNaN(propensity));
    expect(drawn).toHaveLength(series);
    const [manual] = drawn;
    const decided = open.map((row) =>
      row['article'] === manual!.article && row['market'] === manual!.market
        ? { ...row, decision: 'overridden', discount: 0.45, by: 'ann', reason: 'press' }
        : { ...row, decision: 'approved' },
    );
    const file = await given('decided.jsonl', ...decided.map((row) => JSON.stringify(row)));
    await importFile(file, '--no-cost', ...place);
    const planned = await json<PriceResult>('price', '--decisions', 'explored', '--dry-run');
    expect(planned.overrides).toBe(1);
    await json('decisions', 'export', 'shop.jsonl', ...place);
    const sent = records(await readFile(join(folder, 'shop.jsonl'), 'utf8'));
    expect(sent).toHaveLength(open.length);
    const tagged = sent.filter(({ experiment }) => experiment !== null);
    expect(tagged.map(({ article, market }) => `${String(article)} ${String(market)}`).sort()).toEqual(
      drawn
        .slice(1)
        .map(({ article, market }) => `${article} ${market}`)
        .sort(),
    );
    for (const { propensity, experiment, discount } of tagged) {
      const discounts = String(experiment).replace(`${priced.run!} `, '').split(' ').map(Number);
      expect(propensity).toBe(1 / discounts.length);
      expect(discounts).toContain(discount);
    }
  });

  it('tells approvals that lapse, since something else is proposed now', async () => {
    const place = ['--store', 'explored'];
    const approved = await json<decisions.ListDecisionsResult>(
      'decisions',
      'list',
      '--state',
      'approved',
      '--limit',
      '99',
      ...place,
    );
    const plain = await json<PriceResult>('price', '--ignore-overrides');
    const discounts = new Map(
      (await allRows(plain.directory!))
        .reverse()
        .map(({ article, market, discount }) => [`${article} ${market}`, discount]),
    );
    const other = approved.rows.filter(
      ({ article, market, chosen }) => discounts.get(`${String(article)} ${String(market)}`) !== chosen,
    );
    expect(other.length).toBeGreaterThan(0);
    const proposed = await json<decisions.ProposeResult>('decisions', 'propose', plain.run!, ...place);
    expect(proposed).toMatchObject({ lapsed: other.length, overridden: 1 });
  });

  const header = 'article,market,week,decision,discount,price,by,reason,version';
  const line = (cells: string): string => `A00000002,DE,${cells}`;
  it.each([
    ['no decision column', ['article,market,week', `A,DE,${WEEK}`], /without decision.*--as/],
    [
      'a misspelt column',
      ['artcle,market,week,decision', `A,DE,${WEEK},approved`],
      /Did you mean article by artcle/,
    ],
    [
      'a discount in per cent',
      [header, line(`${WEEK},overridden,20,,ann,why,`)],
      /line 2, discount: .*0\.2 for 20 %; found 20/,
    ],
    [
      'a decimal comma',
      [header, line(`${WEEK},overridden,"0,2",,ann,why,`)],
      /line 2, discount: .*number with a point.*0,2/,
    ],
    ['no such date', [header, line('2023-02-30,approved,,,,,')], /line 2, week: .*2023-02-30/],
    [
      'an unknown decision',
      [header, line(`${WEEK},accepted,,,,,`)],
      /decision: expected approved, overridden, in-shop, found accepted/,
    ],
    [
      'nobody who overrides',
      [header, line(`${WEEK},overridden,0.2,,,,`)],
      /line 2, by: who overrides.*line 2, reason: why/,
    ],
    ['neither discount nor price', [header, line(`${WEEK},in-shop,,,,,`)], /neither a discount nor a price/],
    [
      'two decisions of one week',
      [header, line(`${WEEK},approved,,,,,`), line(`${WEEK},approved,,,,,`)],
      /line 3, decision: line 2 has one/,
    ],
    [
      'a version that is none',
      [header, line(`${WEEK},approved,,,,,1.5`)],
      /version: expected .* whole number; found 1.5/,
    ],
    [
      'a cell too many',
      [header, line(`${WEEK},approved,,,,,,,`)],
      /more or fewer cells .*line 2.*expected 9/,
    ],
    ['an open quote', [header, line(`${WEEK},approved,,,"ann,,`)], /a quote is never closed/],
    [
      'a price above the list price',
      [header, line(`${WEEK},in-shop,,9999,,,`)],
      /9999 is above the list price/,
    ],
  ])('refuses %s, and takes nothing in', async (_what, lines, message) => {
    await json('decisions', 'propose');
    const { code, stderr } = await run('decisions', 'import', await given('wrong.csv', ...lines));
    expect(code).toBe(65);
    expect(stderr).toMatch(message);
  });

  it('refuses files of no kind, and lines that are no records', async () => {
    expect((await run('decisions', 'import', 'wrong.xlsx')).stderr).toMatch(
      /ends in \.csv, \.jsonl, \.parquet/,
    );
    expect((await run('decisions', 'import', 'nothing.csv')).stderr).toMatch(/nothing there/);
    expect((await run('decisions', 'import', await given('list.jsonl', '[1]'))).stderr).toMatch(
      /a line is no record.*line 1/,
    );
  });

  it('tells apart datasets, and writes nothing where it is a dry run', async () => {
    const decided = join(folder, '.hemline', 'decisions');
    const [dataset] = await readdir(decided);
    await cp(join(decided, dataset!), join(decided, 'other'), { recursive: true });
    expect((await run('decisions', 'list')).stderr).toMatch(/several datasets.*--dataset/);
    const before = await readdir(join(decided, 'other', 'segments'));
    const file = await given('dry.csv', header, line(`2024-01-01,overridden,0.2,,ann,why,`));
    const result = await importFile(file, '--dataset', 'other', '--dry-run');
    expect(result).toMatchObject({ overridden: 1, costed: 0, dryRun: true, segment: null });
    expect(result.notes).toEqual([expect.stringMatching(/1 overrides have no proposal/)]);
    expect(await readdir(join(decided, 'other', 'segments'))).toEqual(before);
  });
});

function records(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

interface RecommendedRow {
  readonly article: string;
  readonly market: string;
  readonly discount: number;
  readonly reason: string;
  readonly propensity: number;
}

async function rowsOf(directory: string, article: string, market: string): Promise<RecommendedRow[]> {
  return (await allRows(directory)).filter((row) => row.article === article && row.market === market);
}

async function allRows(directory: string): Promise<RecommendedRow[]> {
  const file = (await readdir(directory)).find((each) => each.startsWith('recommendations-'))!;
  const batches: Batch[] = [];
  for await (const batch of (await openParquetFile(join(directory, file))).batches()) batches.push(batch);
  const rows = concatBatches(batches);
  const text = (name: string, row: number): string => {
    const { dictionary, values } = rows.strings(name);
    return dictionary[values[row]!]!;
  };
  const [discount, propensity] = [rows.floats('discount'), rows.floats('propensity')];
  return Array.from({ length: rows.length }, (_, row) => ({
    ...{ article: text('article', row), market: text('market', row), reason: text('reason', row) },
    ...{ discount: discount[row]!, propensity: propensity[row]! },
  }));
}
