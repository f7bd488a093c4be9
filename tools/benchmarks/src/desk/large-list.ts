/** Columns of the list that the table recommendations has as well: rows can be asked for alike on both sides. */
export type ListColumn = 'gain' | 'recommended' | 'today' | 'change' | 'support';

/** What is asked of a list: a filter, an order, the first hundred rows. */
export interface ListQuestion {
  readonly by: ListColumn;
  readonly descending: boolean;
  readonly markets?: readonly string[];
  /** In the name of the article. */
  readonly text?: string;
  readonly gain?: { readonly from: number };
  readonly change?: { readonly from: number };
  readonly support?: { readonly from: number };
}

/** Rows of an answer. */
export const SHOWN = 100;

/** Markets of the generated list. */
export const LIST_MARKETS: readonly string[] = ['AT', 'DE', 'FR', 'PL'];

/**
 * Questions none of which is like another: nothing that was answered before helps.
 * @returns filters and orders, the orders in turn
 */
export function listQuestions(): readonly ListQuestion[] {
  const orders = ['gain', 'recommended', 'support', 'change', 'today'] as const;
  return LIST_MARKETS.flatMap((market, m) =>
    orders.flatMap((by, i): readonly ListQuestion[] => [
      { by, descending: true, markets: [market], gain: { from: 5 + i } },
      { by, descending: i % 2 === 0, text: `${m}${i}7`, support: { from: 10 * m + i } },
      { by, descending: false, change: { from: 0.05 }, support: { from: 40 + 5 * m + i / 10 } },
    ]),
  );
}

/**
 * @param question of a list
 * @returns it, as the desk is asked
 */
export function deskQuery({ by, descending, text, markets, gain, change, support }: ListQuestion): object {
  const filter = { text, markets, gain, change, support };
  return { filter, sort: { by, descending }, offset: 0, count: SHOWN };
}

/**
 * @param question of a list
 * @param file table recommendations
 * @param first day of its first week
 * @returns it, as DuckDB is asked, of the file alone
 */
export function listSql(question: ListQuestion, file: string, first: string): string {
  const { by, descending, markets, text, gain, change, support } = question;
  const where = [
    ...(markets === undefined ? [] : [`market IN (${markets.map(quoted).join(', ')})`]),
    ...(text === undefined ? [] : [`contains(article, ${quoted(text.toUpperCase())})`]),
  ];
  const having = [
    ...(gain === undefined ? [] : [`gain >= ${gain.from}`]),
    // Differences of discounts are off by the last bits.
    ...(change === undefined ? [] : [`change >= ${change.from} - 1e-9`]),
    ...(support === undefined ? [] : [`support >= ${support.from}`]),
  ];
  const order = descending ? 'DESC' : 'ASC';
  return `WITH list AS (
      SELECT article, market, sum(profit - held_profit) AS gain,
        max(discount) FILTER (week = DATE '${first}') AS recommended, max(held_discount) FILTER (week = DATE '${first}') AS today,
        recommended - today AS change, max(support) FILTER (week = DATE '${first}') AS support
      FROM read_parquet(${quoted(file)}) ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} GROUP BY article, market)
    SELECT article, market FROM list ${having.length === 0 ? '' : `WHERE ${having.join(' AND ')}`}
    ORDER BY ${by} ${order}, article ${order}, market ${order} LIMIT ${SHOWN}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
