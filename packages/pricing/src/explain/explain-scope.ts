import { ConfigurationError, formatWeek, listing, nearest } from '@hemline/core';
import type { ArticleTable } from '../inputs/article-table.ts';

/** What is to be explained. */
export interface ExplainScope {
  readonly article: string;
  /** One market; all by default. */
  readonly market?: string | undefined;
  /** One week, by its first day; all by default. */
  readonly week?: string | undefined;
  /** How much more and less discount is compared with the plan; 0.1 by default. */
  readonly step?: number | undefined;
}

/** An article, and which weeks of its markets are asked about. */
export interface ScopeCells {
  /** Row of the article. */
  readonly article: number;
  /** Positions m·T + t of its problem. */
  readonly cells: readonly number[];
}

/**
 * Finds what is asked about.
 * @param table of all articles
 * @param scope as it was asked
 * @returns rows and positions
 * @throws ConfigurationError for an article, market or week that is not priced, or a step that is none
 */
export function findScope(table: ArticleTable, scope: ExplainScope): ScopeCells {
  const { market, week, step = 0.1 } = scope;
  if (!(step > 0 && step < 1))
    throw new ConfigurationError('discounts cannot be compared so far apart', {
      expected: 'a fraction above 0 and below 1, such as 0.1 for 10 points',
      found: String(step),
    });
  const article = articleRow(table, scope.article);
  const [first, end] = [table.offsets[article]!, table.offsets[article + 1]!];
  const dictionary = table.markets.strings('market');
  const markets = Array.from(
    table.market.subarray(first, end),
    (row) => dictionary.dictionary[dictionary.values[row]!]!,
  );
  const [begin, T] = [table.begin[article]!, table.end[article]!];
  const weeks = Array.from(table.weeks.subarray(begin, T), formatWeek);
  const refuse = (what: string, name: string, expected: string): ConfigurationError =>
    new ConfigurationError(`article ${scope.article} is not priced in ${what} ${name}`, {
      expected,
      remedy: `Name one of these, or leave the ${what} out to see all.`,
    });
  if (market !== undefined && !markets.includes(market)) throw refuse('market', market, listing(markets, 30));
  if (week !== undefined && !weeks.includes(week))
    throw refuse('week', week, `the first day of one of the weeks ${weeks[0]} to ${weeks.at(-1)}`);
  const cells = Array.from({ length: markets.length * T }, (_, at) => at).filter((at) => {
    const [m, t] = [Math.floor(at / T), at % T];
    const isMarket = market === undefined || markets[m] === market;
    return isMarket && t >= begin && (week === undefined || weeks[t - begin] === week);
  });
  return { article, cells };
}

function articleRow(table: ArticleTable, name: string): number {
  const column = table.articles.strings('article');
  const names = Array.from(column.values, (code) => column.dictionary[code]!);
  const isPriced = (row: number): boolean => table.end[row]! > table.begin[row]!;
  const row = names.indexOf(name);
  if (row !== -1 && isPriced(row)) return row;
  const problem =
    row === -1
      ? `there is no article ${name} in the forecasts`
      : `article ${name} is not on sale in the weeks that are priced`;
  const close = row === -1 ? nearest(name, names) : undefined;
  throw new ConfigurationError(problem, {
    expected: `an article that is priced, such as ${listing(
      names.filter((_, a) => isPriced(a)).slice(0, 3),
      3,
    )}`,
    remedy: close === undefined ? 'Name one that is priced.' : `Did you mean ${close}?`,
  });
}
