import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Batch,
  dateColumn,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  stringColumn,
  weeksAhead,
  parseWeek,
} from '@hemline/core';
import {
  ArticleWorkspace,
  BadArticles,
  compileRules,
  coordinate,
  DemandCells,
  LinkingLimits,
  orderSeries,
  packAnswer,
  parseLimits,
  portfolioOf,
  priceArticles,
  PRICING_DEFAULTS,
  ProblemFiller,
  StockHistory,
  unpackAnswer,
  type Evaluation,
  type Portfolio,
} from '@hemline/pricing';
import { openParquetFile, writeParquetFile } from '@hemline/stores';
import highs from 'highs';
import type { HostCosts } from '../pricing/host-costs.ts';
import { quickPortfolio } from '../pricing/quick-portfolio.ts';
import { portfolioLimits } from '../pricing/portfolio-limits.ts';
import { portfolioTable } from '../pricing/portfolio-table.ts';

// Prints what pricing costs on one thread here: articles of so many markets, from one pool or each from its own stock.
const [markets, isPool] = [Number(process.argv[2]), process.argv[3] === 'pool'];
const NAMES = Array.from({ length: markets }, (_, m) => `M${String(m).padStart(2, '0')}`);
const ARTICLES = 150;
/** Articles of the portfolio that is solved to its gap: a sample comes first. */
const PORTFOLIO = 5200;
/** Articles, and rows, of portfolios that are solved for what a search does between evaluations. */
const QUICK = [6000, 60_000, 200_000] as const;
const QUICK_ROWS = 48;
const folder = mkdtempSync(join(tmpdir(), 'hemline-host-costs-'));

/** CPU time: what else the machine does is not counted. */
const secondsOf = async (work: () => unknown): Promise<number> => {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
};

/** Articles one by one: two rates a market that bind, as many rows. */
async function articleCosts() {
  const table = portfolioTable(ARTICLES, NAMES, isPool);
  const text = NAMES.map(
    (market) => `  - { limit: discount-rate, where: { market: ${market} }, lower: 0.01, upper: 0.2 }\n`,
  );
  const limits = parseLimits(`business:\n${text.join('')}`, 'limits of the benchmark');
  const filler = new ProblemFiller(table, compileRules(limits, table), PRICING_DEFAULTS);
  const linking = new LinkingLimits(limits, table);
  const R = linking.rows.length;
  const check = await secondsOf(() => filler.check(new BadArticles(table)));
  const workspace = new ArticleWorkspace();
  const found: Evaluation = {
    ...{ profit: new Float64Array(ARTICLES), use: new Float64Array(ARTICLES * R) },
    ...{ bound: new Float64Array(ARTICLES), levels: new Uint8Array(ARTICLES * markets * 26) },
  };
  const multipliers = Float64Array.from({ length: R }, (_, r) => (r % 2 === 0 ? 0 : 0.2));
  const solveAll = (): void => {
    for (let a = 0; a < ARTICLES; a++) {
      filler.fill(a);
      linking.apply(filler.problem, a, multipliers);
      const plan = workspace.solve(filler.problem);
      linking.use(filler.problem, plan, a, found.use, a * R);
      [found.profit[a], found.bound[a]] = [plan.value, plan.bound];
      found.levels.set(plan.level.subarray(0, markets * 26), a * markets * 26);
    }
  };
  solveAll();
  const solve = await secondsOf(solveAll);
  const packed = packAnswer(found);
  const unpack = await secondsOf(() => unpackAnswer(packed));
  const priced = await priceArticles(table, {
    ...{ limits, settings: PRICING_DEFAULTS, minimumGain: 0, gap: 1, evaluations: 1 },
    bad: new BadArticles(table),
  });
  const measure = await secondsOf(() => priced.recommender.limits());
  const batches: Batch[] = [];
  const tell = await secondsOf(() => {
    for (const { recommendations } of priced.recommender.batches()) batches.push(recommendations);
  });
  const encode = await secondsOf(() => writeParquetFile(join(folder, 'out.parquet'), batches));
  return {
    ...{ solve: solve / ARTICLES, check: check / ARTICLES, measure: measure / ARTICLES },
    ...{ write: (tell + encode) / ARTICLES, answerBytes: packed.length / ARTICLES },
    unpack: unpack / ARTICLES,
  };
}

/** A forecast of the same articles as a file, sorted by article. */
async function readingCosts() {
  const { demand, weeks, discounts } = portfolioTable(ARTICLES, NAMES, isPool);
  const [T, L] = [weeks.length, discounts.length];
  const rows = ARTICLES * markets * T * L;
  const of = (width: number, count: number): Int32Array =>
    Int32Array.from({ length: rows }, (_, row) => Math.floor(row / width) % count);
  const names = Array.from({ length: ARTICLES }, (_, a) => `A${String(a).padStart(7, '0')}`);
  const file = join(folder, 'demand.parquet');
  const keys = {
    article: stringColumn(of(markets * T * L, ARTICLES), names),
    market: stringColumn(of(T * L, markets), NAMES),
  };
  const all = new Batch({
    ...keys,
    week: dateColumn(of(L, T).map((t) => weeks[t]!)),
    discount: float64Column(Float64Array.from(of(1, L), (l) => discounts[l]!)),
    demand: float64Column(Float64Array.from(demand)),
  });
  await writeParquetFile(file, [all]);
  const parquet = await openParquetFile(file);
  const index = new KeyIndex(SERIES_KEY);
  const key = await secondsOf(async () => {
    for await (const batch of parquet.batches({ columns: ['article', 'market', 'week'] })) index.add(batch);
  });
  const order = orderSeries(index, null, null);
  const bad = new BadArticles(order);
  const cells = new DemandCells(order, weeks, discounts, bad);
  const demandRow = await secondsOf(async () => {
    for await (const batch of parquet.batches()) cells.add(batch);
  });
  // Of the weekly table most rows are of articles of other hosts.
  const scope = { cutoff: parseWeek('2026-01-05'), weeks, discounts, lags: 15 };
  const foreign = new KeyIndex(SERIES_KEY);
  foreign.add(
    new Batch({
      article: stringColumn(new Int32Array(1), ['other']),
      market: stringColumn(new Int32Array(1), NAMES),
    }),
  );
  const elsewhere = orderSeries(foreign, null, null);
  const history = new StockHistory(elsewhere, { has: () => true }, scope, new BadArticles(elsewhere));
  const past = weeksAhead(parseWeek('2023-12-25'), 104);
  const length = Math.floor(rows / 4);
  const row = (value: (row: number) => number): Int32Array =>
    Int32Array.from({ length }, (_, at) => value(at));
  // In the order of weeks: no page is without articles of any host, so that none is passed over.
  const weekly = new Batch({
    article: stringColumn(
      row((at) => at % ARTICLES),
      names,
    ),
    market: stringColumn(
      row((at) => Math.floor(at / ARTICLES) % markets),
      NAMES,
    ),
    week: dateColumn(row((at) => past[Math.floor(at / ARTICLES / markets) % past.length]!)),
    ...Object.fromEntries(
      ['sales', 'demand', 'discount', 'blackPrice', 'stock'].map((name) => [
        name,
        float64Column(Float64Array.from({ length }, (_, at) => at % 7)),
      ]),
    ),
  });
  const place = join(folder, 'weekly.parquet');
  await writeParquetFile(place, [weekly]);
  const table = await openParquetFile(place);
  const where = [{ column: 'article', from: names[0]!, to: names[Math.floor(ARTICLES / 50)]! }];
  const weeklyRow = await secondsOf(async () => {
    for await (const batch of table.batches({ where })) history.add(batch);
  });
  return { key: key / rows, demandRow: demandRow / rows, weeklyRow: weeklyRow / weekly.length };
}

/** A search without the time of its evaluations. */
async function searched(own: Portfolio) {
  let solving = 0;
  let [samples, evaluations] = [0, 0];
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    let result: T;
    solving += await secondsOf(async () => (result = await work()));
    return result!;
  };
  const portfolio: Portfolio = {
    ...{ rows: own.rows, planOffsets: own.planOffsets },
    evaluate: (multipliers, every = 1) => {
      if (every > 1) samples++;
      else evaluations++;
      return timed(() => own.evaluate(multipliers, every));
    },
    known: (first) => timed(() => own.known(first)),
    vary: (levels, round) => timed(() => own.vary(levels, round)),
  };
  const load = highs as unknown as typeof highs.default;
  const solver = await load();
  const seconds = await secondsOf(() => coordinate(portfolio, solver));
  return { samples, evaluations, seconds: seconds - solving };
}

/** What the host that leads does between evaluations: a part that grows with the articles, and linear programs, which are hardest of few. */
async function leadingCosts() {
  const few = await searched(quickPortfolio(QUICK[0], QUICK_ROWS));
  const more = await searched(quickPortfolio(QUICK[1], QUICK_ROWS));
  const many = await searched(quickPortfolio(QUICK[2], QUICK_ROWS));
  const rounds = QUICK[2] * many.evaluations - QUICK[1] * more.evaluations;
  const lead = (many.seconds - more.seconds) / rounds / QUICK_ROWS;
  if (!(lead > 0)) throw new Error(`expected more work of more articles, found ${lead} s an article and row`);
  return { lead, leadAtLeast: few.seconds / (few.evaluations + few.samples) };
}

/** How many evaluations a portfolio takes. */
async function searchCosts() {
  const table = portfolioTable(PORTFOLIO);
  const limits = portfolioLimits(PORTFOLIO);
  const own = portfolioOf({
    ...{ table, limits, settings: PRICING_DEFAULTS, planned: null, minimumGain: 0 },
  });
  const { samples, evaluations } = await searched(own);
  return { samples, evaluations };
}

try {
  const costs: HostCosts = {
    ...{ ...(await articleCosts()), ...(await readingCosts()) },
    ...{ ...(await searchCosts()), ...(await leadingCosts()) },
  };
  process.stdout.write(`${JSON.stringify(costs)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
