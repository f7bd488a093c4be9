import { formatWeek, isValid, valueAt, type Batch } from '@hemline/core';
import { decisions } from '@hemline/hemline';
import { compileRules, levelRefusals, NO_LIMITS, ProblemFiller } from '@hemline/pricing';
import type { ForecastPoint } from '@hemline/report/source';
import { readDemandCurves, type ArticleCurves, type StoredForecasts } from '@hemline/report/source';
import type { Dataset } from '@hemline/runtime';
import { openDataset } from '@hemline/runtime';
import type { ArticleAnswer, ArticleLineage, MarketOfArticle } from '../api/index.ts';
import type { ListView } from '../list/list-view.ts';
import { stateOf } from '../list/row-states.ts';
import type { Appraiser } from './appraiser.ts';

/** Weeks of history that are shown. */
const HISTORY_WEEKS = 104;

/** Articles whose files are not read again: about 0.1 MB each. */
const MOST_KEPT = 256;

/** Articles that are named beside it. */
const MOST_COMPARABLE = 6;

/** Where what is told of an article comes from. */
export interface ArticleSources {
  readonly priced: decisions.PricedRun;
  readonly dataset: Dataset;
  readonly view: ListView;
  /** Null: the run is too large for it; curves and stock are left out then. */
  readonly appraiser: Appraiser | null;
  readonly lineage: ArticleLineage;
}

const PLAN_COLUMNS = [
  ...['article', 'market', 'week', 'discount', 'price', 'demand', 'sales', 'profit'],
  ...['held_discount', 'held_sales', 'held_profit'],
];

/**
 * Everything about one article: only its own rows are read.
 * @param sources run, data, list
 * @param article its name, of one that is in the list
 * @returns what is known of it
 */
export async function describeArticle(sources: ArticleSources, article: string): Promise<ArticleAnswer> {
  const { view, appraiser, lineage } = sources;
  const { list } = view;
  const a = list.articles.codeOf(article)!;
  const group = list.groupOf[a]!;
  const { attributes, plans, curves } = await storedOf(sources, article);
  const rows = list.markets.texts.flatMap((market, m) => {
    const row = list.rowOf[a * list.markets.texts.length + m]!;
    return row === -1 ? [] : [{ market, row }];
  });
  return {
    ...{ article, attributes },
    group: group === -1 ? null : list.groups.texts[group]!,
    ...{ comparable: comparableTo(sources.view, a), lineage },
    markets: rows.map(({ market, row }) =>
      marketOf(sources, article, market, row, plans.get(market)!, curves.get(market)),
    ),
    stock: stockOf(appraiser, article),
  };
}

/** What files tell of an article: decisions change nothing about it. */
interface StoredArticle {
  readonly attributes: ArticleAnswer['attributes'];
  readonly plans: ReadonlyMap<string, readonly PlanWeek[]>;
  readonly curves: ReadonlyMap<string, ArticleCurves>;
}

/** What was read lately of a run, with and without its forecasts. */
const lately = new WeakMap<object, Map<string, Promise<StoredArticle>>>();
/** Reads one article after the other: others are answered between them. */
let reading: Promise<unknown> = Promise.resolve();

/** Reads an article, or knows it still: whoever decides about one looks at it again and again. */
function storedOf(sources: ArticleSources, article: string): Promise<StoredArticle> {
  const of = sources.appraiser ?? sources.view;
  const kept = lately.get(of) ?? new Map<string, Promise<StoredArticle>>();
  lately.set(of, kept);
  const known = kept.get(article);
  const found = known ?? reading.then(() => readStored(sources, article));
  if (known === undefined) {
    reading = found.catch(() => undefined);
    // What could not be read is tried again.
    found.catch(() => kept.delete(article));
  }
  // The last that was asked for goes last.
  kept.delete(article);
  kept.set(article, found);
  const [oldest] = kept.keys();
  if (kept.size > MOST_KEPT) kept.delete(oldest!);
  return found;
}

async function readStored(sources: ArticleSources, article: string): Promise<StoredArticle> {
  const plans = await plansOf(sources.priced, article);
  const curves = await curvesOf(sources, article, [...plans.keys()]);
  return { attributes: await attributesOf(sources.dataset, article), plans, curves };
}

interface PlanWeek {
  readonly week: number;
  readonly numbers: Readonly<Record<string, number>>;
}

async function plansOf(priced: decisions.PricedRun, article: string): Promise<Map<string, PlanWeek[]>> {
  const plans = new Map<string, PlanWeek[]>();
  const where = [{ column: 'article', from: article, to: article }];
  for await (const batch of decisions.recommendedRows(priced, PLAN_COLUMNS, where)) {
    const [articles, markets] = [batch.strings('article'), batch.strings('market')];
    const weeks = batch.weeks('week');
    const columns = PLAN_COLUMNS.slice(3).map((name) => [name, batch.floats(name)] as const);
    for (let row = 0; row < batch.length; row++) {
      if (articles.dictionary[articles.values[row]!] !== article) continue;
      const market = markets.dictionary[markets.values[row]!]!;
      const own = plans.get(market) ?? [];
      plans.set(market, own);
      own.push({
        week: weeks[row]!,
        numbers: Object.fromEntries(columns.map(([name, values]) => [name, values[row]!])),
      });
    }
  }
  for (const own of plans.values()) own.sort((x, y) => x.week - y.week);
  return plans;
}

async function curvesOf(
  { appraiser, dataset, priced }: ArticleSources,
  article: string,
  markets: readonly string[],
): Promise<Map<string, ArticleCurves>> {
  const demand = appraiser?.plan.work.forecasts.find(({ quantity }) => quantity === 'demand');
  const stored: StoredForecasts[] = demand === undefined ? [] : [demand];
  const known = dataset.partitions.map(({ name }) => name);
  const found = new Map<string, ArticleCurves>();
  for (const market of markets) {
    const named = `market=${market}`;
    // Which partition has it is not told where they are not by market: the one that knows anything of it.
    for (const partition of known.includes(named) ? [named] : known) {
      const [curves] = await readDemandCurves(stored, [{ item: { article, market, partition }, why: '' }], {
        directory: dataset.directory,
        descriptor: priced.known.record.parameters['descriptor'] ?? null,
      });
      if (curves!.history.length > 0 || !found.has(market)) found.set(market, curves!);
    }
  }
  return found;
}

function marketOf(
  { view, appraiser }: ArticleSources,
  article: string,
  market: string,
  row: number,
  plan: readonly PlanWeek[],
  curves: ArticleCurves | undefined,
): MarketOfArticle {
  const { list, states } = view;
  const column = (name: string): number[] => plan.map(({ numbers }) => numbers[name]!);
  const gappy = (name: string): (number | null)[] => column(name).map(nullable);
  const first = list.weeks[0]!;
  const points = curves?.forecasts[0]?.points ?? [];
  const byWeek = Map.groupBy(points, ({ week }) => week);
  const bands = plan.map(({ week, numbers }) => nearest(byWeek.get(week) ?? [], numbers['discount']!));
  const history = (curves?.history ?? []).filter(({ week }) => week < first).slice(-HISTORY_WEEKS);
  const shown = view.row(row);
  return {
    ...{ market, listPrice: shown.listPrice },
    history: {
      weeks: history.map(({ week }) => formatWeek(week)),
      ...{ sales: history.map(({ demand }) => demand), discount: history.map(({ discount }) => discount) },
      stock: history.map(({ stock }) => stock),
    },
    plan: {
      weeks: plan.map(({ week }) => formatWeek(week)),
      ...{ discount: column('discount'), demand: column('demand') },
      ...{ low: bands.map((point) => point?.low ?? null), high: bands.map((point) => point?.high ?? null) },
      ...{ sales: column('sales'), profit: column('profit'), heldDiscount: gappy('held_discount') },
      ...{ heldSales: gappy('held_sales'), heldProfit: gappy('held_profit') },
    },
    ...curveOf(appraiser, article, market, plan[0]!.week, byWeek.get(plan[0]!.week) ?? [], curves),
    ...{ today: shown.today, recommended: shown.recommended, chosen: shown.chosen },
    ...{ state: stateOf(states, row), version: shown.version },
  };
}

/** The first week at every level of the forecasts, and what the whole article earns there, all else as planned. */
function curveOf(
  appraiser: Appraiser | null,
  article: string,
  market: string,
  week: number,
  points: readonly ForecastPoint[],
  curves: ArticleCurves | undefined,
): Pick<MarketOfArticle, 'curve' | 'truth'> {
  const cell = appraiser?.cell(article, market, week) ?? -1;
  const none = { discounts: [], demand: [], low: [], high: [], profit: [], refusals: [] };
  if (appraiser === null || cell === -1) return { curve: none, truth: null };
  const { table, valuer, settings } = appraiser.plan;
  const T = table.weeks.length;
  const [n, t] = [Math.floor(cell / T), cell % T];
  const a = valuer.articleOf(cell);
  const discounts = [...table.discounts];
  const L = discounts.length;
  const planned = valuer.discountAt(cell);
  const profit = discounts.map((discount) => {
    valuer.set(cell, discount);
    return valuer.value(a);
  });
  valuer.set(cell, planned);
  const limits = appraiser.limits ?? NO_LIMITS;
  const filler = new ProblemFiller(table, compileRules(limits, table), settings);
  filler.fill(a);
  const m = n - table.offsets[a]!;
  const scope = {
    ...{
      table,
      article: a,
      rules: compileRules(limits, table),
      levels: filler.levels,
      fixed: null,
      problem: filler.problem,
    },
  };
  const refusals = discounts.map((discount) => {
    const level = filler.levels.discounts.findIndex((each) => Math.abs(each - discount) < 1e-9);
    if (level === -1) return null;
    const by = levelRefusals(scope, m, t, level);
    return by.length === 0 ? null : by.join('; ');
  });
  const bands = discounts.map((discount) => nearest(points, discount));
  const truth = curves?.truth?.find((each) => each.week === week)?.byDiscount;
  return {
    curve: {
      ...{ discounts, demand: discounts.map((_, l) => table.demand[(n * T + t) * L + l]!) },
      ...{ low: bands.map((point) => point?.low ?? null), high: bands.map((point) => point?.high ?? null) },
      ...{ profit, refusals },
    },
    truth:
      truth === undefined
        ? null
        : {
            demand: discounts.map(
              (discount) => [...truth].find(([level]) => Math.abs(level - discount) < 1e-6)?.[1] ?? NaN,
            ),
          },
  };
}

function nearest(points: readonly ForecastPoint[], discount: number): ForecastPoint | undefined {
  return points.find((point) => Math.abs(point.discount - discount) < 1e-6);
}

function stockOf(appraiser: Appraiser | null, article: string): ArticleAnswer['stock'] {
  const a = appraiser?.articleRow(article) ?? -1;
  if (appraiser === null || a === -1) return { pool: false, weeks: [], planned: [], held: [] };
  const { table, valuer } = appraiser.plan;
  const T = table.weeks.length;
  const [first, end] = [table.offsets[a]!, table.offsets[a + 1]!];
  valuer.value(a);
  const planned = valuer.left();
  const before = new Map<number, number>();
  for (let cell = first * T; cell < end * T; cell++) {
    before.set(cell, valuer.discountAt(cell));
    valuer.set(cell, NaN);
  }
  valuer.value(a);
  const held = valuer.left();
  for (const [cell, discount] of before) valuer.set(cell, discount);
  const isShared = end - first > 1 && table.pool[table.market[first]!] !== -1;
  const begin = table.begin[a]!;
  const isEndless = planned.some(Number.isNaN);
  const own = (values: Float64Array): number[] => (isEndless ? [] : [...values.subarray(begin)]);
  return {
    pool: isShared,
    weeks: isEndless
      ? []
      : Array.from(table.weeks.subarray(begin, begin + planned.length - begin), formatWeek),
    ...{ planned: own(planned), held: own(held) },
  };
}

async function attributesOf(dataset: Dataset, article: string): Promise<ArticleAnswer['attributes']> {
  const table = dataset.tables.find('articles');
  if (table === undefined) return {};
  for await (const batch of table.batches({ articles: { from: article, to: article } })) {
    const names = batch.strings('article');
    const code = names.dictionary.indexOf(article);
    for (let row = 0; row < batch.length; row++)
      if (names.values[row] === code && isValid(names, row)) return attributesAt(batch, row);
  }
  return {};
}

function attributesAt(batch: Batch, row: number): ArticleAnswer['attributes'] {
  return Object.fromEntries(
    batch.names
      .filter((name) => name !== 'article')
      .map((name) => {
        const column = batch.column(name);
        const value = valueAt(column, row);
        if (value === null) return [name, null];
        if (column.type === 'date') return [name, formatWeek(Number(value))];
        return [name, typeof value === 'number' ? value : String(value)];
      }),
  );
}

/** Of the same group, those whose list price is nearest. */
function comparableTo({ list }: ListView, a: number): ArticleAnswer['comparable'] {
  const group = list.groupOf[a]!;
  if (group === -1) return [];
  const priceOf = (article: number): number => {
    const count = list.markets.texts.length;
    for (let m = 0; m < count; m++) {
      const row = list.rowOf[article * count + m]!;
      if (row !== -1) return list.listPrice[row]!;
    }
    return NaN;
  };
  const own = priceOf(a);
  const best: { article: number; apart: number; price: number }[] = [];
  for (let other = 0; other < list.groupOf.length; other++) {
    if (other === a || list.groupOf[other] !== group) continue;
    const price = priceOf(other);
    const apart = Math.abs(price - own);
    if (Number.isNaN(apart)) continue;
    if (best.length === MOST_COMPARABLE && apart >= best.at(-1)!.apart) continue;
    best.push({ article: other, apart, price });
    best.sort((x, y) => x.apart - y.apart || x.article - y.article);
    best.length = Math.min(best.length, MOST_COMPARABLE);
  }
  return best.map(({ article, price }) => ({
    article: list.articles.texts[article]!,
    why: `${list.groups.texts[group]}, list price ${price.toFixed(2)}`,
  }));
}

function nullable(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * @param directory of a dataset
 * @param descriptor that lies elsewhere; undefined: none
 * @returns the dataset
 */
export function openDeskData(directory: string, descriptor: string | undefined): Promise<Dataset> {
  return openDataset(directory, descriptor === undefined ? {} : { descriptor });
}
