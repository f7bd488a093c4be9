import { z } from 'zod';
import { addWeeks, formatWeek, parseWeek, type Table, type Week } from '@hemline/core';

/** Weeks up to the cutoff whose demand is summed up: single weeks are corrected after they are over, and many articles sell little. */
const WEEKS = 8;
/** Series of a market that are remembered, and markets of which any are. */
const [SERIES, MARKETS] = [32, 64];
/** Series of a market that are held at once. */
const MOST_HELD = 64 * SERIES;

/** Schema of {@link KnownPast}. */
export const knownPastSchema = z.object({
  /** First and last of the weeks, as dates. */
  from: z.iso.date(),
  until: z.iso.date(),
  /** All that have rows in these weeks. */
  markets: z.array(z.string()),
  /** Demand in these weeks, by market and article, of those that {@link rankOf} ranks lowest in their market. */
  demand: z.record(z.string(), z.record(z.string(), z.number())),
});

/** What a trained model remembers of its data, to know it again: a sample of what was sold in its last weeks. */
export type KnownPast = z.output<typeof knownPastSchema>;

/**
 * Takes the sample from the data of a training.
 * @param weekly table
 * @param cutoff last week that the model knows
 * @param signal stops the reading
 * @returns the sample; the same of the same data
 */
export async function rememberPast(weekly: Table, cutoff: Week, signal?: AbortSignal): Promise<KnownPast> {
  const [from, until] = [addWeeks(cutoff, 1 - WEEKS), cutoff];
  const sold = await soldIn(weekly, from, until, signal);
  const markets = [...sold.keys()].sort();
  return {
    ...{ from: formatWeek(from), until: formatWeek(until), markets },
    demand: Object.fromEntries(
      markets
        .slice(0, MARKETS)
        .map((market) => [market, Object.fromEntries(lowest(sold.get(market)!, SERIES))]),
    ),
  };
}

/** How some data agrees with what a model remembers. */
export interface PastAgreement {
  /** Markets of the data that the model has not seen. */
  readonly newMarkets: readonly string[];
  /** Series that would be in the sample of this data, and those of them that are in the model's. */
  readonly expected: number;
  readonly common: number;
  /** Correlation of what these sold, in logs; NaN where there are too few to tell. */
  readonly correlation: number;
}

/**
 * Compares data, or whole series of it, with what a model remembers.
 * @param past of the model
 * @param weekly table
 * @param signal stops the reading
 * @returns how they agree
 */
export async function comparePast(
  past: KnownPast,
  weekly: Table,
  signal?: AbortSignal,
): Promise<PastAgreement> {
  const sold = await soldIn(weekly, parseWeek(past.from), parseWeek(past.until), signal);
  const pairs: [number, number][] = [];
  let expected = 0;
  for (const [market, remembered] of Object.entries(past.demand)) {
    const there = sold.get(market);
    if (there === undefined) continue;
    const articles = Object.keys(remembered);
    // A full sample leaves out what ranks higher than its last.
    const most = articles.length < SERIES ? Infinity : Math.max(...articles.map(rankOf));
    for (const [article, demand] of there) {
      if (rankOf(article) > most) continue;
      expected++;
      if (Object.hasOwn(remembered, article))
        pairs.push([Math.log1p(remembered[article]!), Math.log1p(demand)]);
    }
  }
  const newMarkets = [...sold.keys()].filter((market) => !past.markets.includes(market)).sort();
  return { newMarkets, expected, common: pairs.length, correlation: correlationOf(pairs) };
}

/** What some series of a market sold. */
interface MarketSold {
  readonly demand: Map<string, number>;
  /** Series that rank higher are passed over. */
  most: number;
}

/** Demand in some weeks, by market and article, of at least {@link SERIES} series of a market: those that rank lowest. */
async function soldIn(
  weekly: Table,
  from: Week,
  until: Week,
  signal?: AbortSignal,
): Promise<Map<string, ReadonlyMap<string, number>>> {
  const sold = new Map<string, MarketSold>();
  const batches = weekly.batches({
    columns: ['article', 'market', 'week', 'demand'],
    weeks: { role: 'week', after: addWeeks(from, -1), until },
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const batch of batches) {
    const [articles, markets] = [batch.strings('article'), batch.strings('market')];
    const [weeks, demand] = [batch.weeks('week'), batch.floats('demand')];
    const ranks = articles.dictionary.map(rankOf);
    for (let row = 0; row < batch.length; row++) {
      if (weeks[row]! < from || weeks[row]! > until || Number.isNaN(demand[row]!)) continue;
      const market = markets.dictionary[markets.values[row]!]!;
      let own = sold.get(market);
      if (own === undefined) sold.set(market, (own = { demand: new Map(), most: Infinity }));
      const code = articles.values[row]!;
      if (ranks[code]! > own.most) continue;
      const article = articles.dictionary[code]!;
      own.demand.set(article, (own.demand.get(article) ?? 0) + demand[row]!);
      if (own.demand.size > MOST_HELD) prune(own);
    }
  }
  return new Map([...sold].map(([market, own]) => [market, own.demand]));
}

/** Memory is that of a bounded number of series a market. */
function prune(own: MarketSold): void {
  const kept = lowest(own.demand, MOST_HELD / 2);
  own.most = rankOf(kept.at(-1)![0]);
  const names = new Set(kept.map(([article]) => article));
  for (const article of [...own.demand.keys()]) if (!names.has(article)) own.demand.delete(article);
}

/** The series that rank lowest: those of equal data are equal, and those of a part of it are the part's. */
function lowest(demand: ReadonlyMap<string, number>, count: number): [string, number][] {
  const compare = ([a]: [string, number], [b]: [string, number]): number =>
    rankOf(a) - rankOf(b) || (a < b ? -1 : 1);
  return [...demand].sort(compare).slice(0, count);
}

/** A hash (FNV-1a, mixed once more), which knows nothing of what an article sells. */
function rankOf(article: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < article.length; i++) hash = Math.imul(hash ^ article.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
}

function correlationOf(pairs: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const sum = (product: (x: number, y: number) => number): number =>
    pairs.reduce((total, [x, y]) => total + product(x - a, y - b), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}
