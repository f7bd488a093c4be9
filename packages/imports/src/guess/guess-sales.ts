import type { TextFormat } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import { guessArticles } from './guess-articles.ts';
import type { SampledGroup } from './sampled-group.ts';
import { guessReturns } from './guess-returns.ts';
import { ColumnPicker, isNumber, isWord } from './pick-columns.ts';
import { dateFormat, numberFormat } from './value-formats.ts';
import type { SampledColumn } from './sampled-column.ts';

/** What files of sales seem to say. */
export interface GuessedSales {
  /** Keys of the map besides sections with files. */
  readonly map: {
    readonly timeZone?: string;
    readonly format?: TextFormat;
    readonly returns?: object;
    readonly articles?: object;
  };
  readonly sales: object;
  readonly notes: readonly string[];
}

/**
 * Proposes what columns of sales mean.
 * @param database with the sampled lines
 * @param sampled files and their columns
 * @param written delimiter and encoding
 * @returns null where these are no sales
 */
export async function guessSales(
  database: Database,
  { table, columns }: SampledGroup,
  written: TextFormat,
): Promise<GuessedSales | null> {
  const pick = new ColumnPicker(columns);
  const date = pick.best('date', ({ dates }) => dates.length > 0);
  const listPrice = pick.best('listPrice', isNumber);
  const amount = pick.best('amount', isNumber);
  const price = amount === null ? pick.best('price', isNumber) : null;
  const paid = amount ?? price;
  const article = pick.best('article', isWord);
  const stock = pick.best('stock', isNumber);
  const units = pick.best('units', isNumber);
  if (date === null || article === null || units === null || paid === null) return null;
  const market = pick.best('market', isWord);
  const customer = pick.best('customer', isWord);
  const document = pick.best('document', isWord);
  const discounts = pick.all('discountAmount', isNumber);
  const promotions = pick.all('promotion', ({ isFlag }) => isFlag);
  const notes: string[] = [];
  const numeric = [units, paid, listPrice, stock, ...discounts].filter((column) => column !== null);
  const format = { ...written, ...numberFormat(numeric, notes), ...dateFormat(date, notes) };
  const codes = await guessArticles(database, table, article, notes);
  const returns = await guessReturns(database, table, { units, customer, document, format }, notes);
  if (market === null) notes.push('No column looks like a market: all lines are of one, "all".');
  if (date.isZoned) notes.push('Times have an offset: UTC is a guess; say the zone of the shop in timeZone.');
  if (discounts.length > 0)
    notes.push(
      `${discounts.map(({ name }) => name).join(', ')}: taken for amounts off the line, not for shares.`,
    );
  const isDaily =
    customer === null && document === null && (await isOneADay(database, table, [article, market, date]));
  if (isDaily)
    notes.push(
      'One line for each article, market and day: a daily table, in which 0 units are an observation.',
    );
  const attributes = Object.fromEntries(
    (['group', 'brand', 'season'] as const).flatMap((role) => {
      const column = pick.best(role, isWord);
      return column === null ? [] : [[role, column.name]];
    }),
  );
  const named = { listPrice, customer, document, stock };
  return {
    map: {
      ...(date.isZoned ? { timeZone: 'UTC' } : {}),
      ...(Object.keys(format).length === 0 ? {} : { format }),
      ...(returns === null ? {} : { returns }),
      ...(Object.keys(attributes).length === 0 ? {} : { articles: { columns: attributes } }),
    },
    sales: {
      ...(isDaily ? { kind: 'daily' } : {}),
      columns: {
        article: codes.spec,
        market: market === null ? { value: 'all' } : market.name,
        date: date.name,
        units: units.name,
        ...(amount === null ? { price: paid.name } : { amount: paid.name }),
        ...Object.fromEntries(
          Object.entries(named).flatMap(([role, column]) => (column === null ? [] : [[role, column.name]])),
        ),
        ...(discounts.length === 0 ? {} : { discountAmount: discounts.map(({ name }) => name) }),
      },
      ...(codes.leaveOut === null ? {} : { leaveOut: [codes.leaveOut] }),
      ...(promotions.length === 0
        ? {}
        : {
            covariates: Object.fromEntries(
              promotions.map(({ name }) => [name, { column: name, known: 'ahead' }]),
            ),
          }),
    },
    notes,
  };
}

/** Whether no article has two lines of one market and day, or point in time. */
async function isOneADay(
  database: Database,
  table: string,
  key: readonly (SampledColumn | null)[],
): Promise<boolean> {
  const columns = key.flatMap((column) => (column === null ? [] : [identifier(column.name)]));
  const [[most]] = (await database.rows(
    `SELECT max(lines) FROM (SELECT count(*) AS lines FROM ${table} GROUP BY ${columns.join(', ')})`,
  )) as [[bigint]];
  return most === 1n;
}
