import { formatWeek, listing, nearest, roundDiscount, type Batch } from '@hemline/core';
import { limitsError, type LimitProblem } from '../limits/limit-problem.ts';
import type { ArticleLimit, PricingLimits } from '../limits/limits-schema.ts';
import { select, SelectionProblem, type Assortment } from '../limits/selection.ts';
import type { ArticleTable } from './article-table.ts';

/** A limit of articles, as rows and positions of the table. */
export interface ArticleRule {
  readonly limit: ArticleLimit;
  /** 1 where it holds; null: everywhere. */
  readonly articles: Uint8Array | null;
  readonly markets: Uint8Array | null;
  /** Weeks that it holds in: positions, the end excluded. */
  readonly begin: number;
  readonly end: number;
  /** Lowest price of each article; NaN without; null without a floor [A]. */
  readonly floor: Float64Array | null;
  /** Levels that may be chosen, rounded as those of a grid; null: all. */
  readonly levels: ReadonlySet<number> | null;
  /** Markets, the cheapest first: rows of the markets. */
  readonly order: Int32Array | null;
}

/**
 * Looks up what the limits of articles are about.
 * @param limits as the file states them
 * @param table with the assortment and the weeks
 * @returns the rules
 * @throws ConfigurationError that lists every limit with an unknown column or value, or a level that is not on the grid
 */
export function compileRules(
  limits: PricingLimits,
  table: Pick<ArticleTable, 'articles' | 'markets' | 'weeks' | 'discounts'>,
): ArticleRule[] {
  const problems: LimitProblem[] = [];
  const rules = eachCompiled(limits.articles, (limit) => compile(limit, table), problems);
  if (problems.length > 0) throw limitsError(limits.file, problems);
  return rules;
}

/**
 * @param limits of articles, or of the business
 * @param compile looks up what a limit is about
 * @param problems receives what is wrong with the others
 * @returns those with a selection that is there
 */
export function eachCompiled<L extends { readonly line: number }, T>(
  limits: readonly L[],
  compile: (limit: L) => T,
  problems: LimitProblem[],
): T[] {
  return limits.flatMap((limit) => {
    try {
      return [compile(limit)];
    } catch (error) {
      if (!(error instanceof SelectionProblem)) throw error;
      problems.push({ line: limit.line, text: error.message });
      return [];
    }
  });
}

/**
 * What limits of articles are about that is not there.
 * @param limits as the file states them
 * @param table with the assortment and the weeks
 * @returns a problem for each
 */
export function ruleProblems(limits: PricingLimits, table: ArticleTable): LimitProblem[] {
  const problems: LimitProblem[] = [];
  eachCompiled(limits.articles, (limit) => compile(limit, table), problems);
  return problems;
}

function compile(
  limit: ArticleLimit,
  table: Pick<ArticleTable, 'articles' | 'markets' | 'weeks' | 'discounts'>,
): ArticleRule {
  const selection = select(table, limit.where);
  const { begin, end } = weekSpan(table.weeks, limit.weeks);
  const grid = new Set(table.discounts);
  const off = (limit.levels ?? []).filter((level) => !grid.has(roundDiscount(level)));
  if (off.length > 0)
    throw new SelectionProblem(
      `levels: ${listing(off)} ${off.length === 1 ? 'is' : 'are'} not on the grid of the run (${listing([...grid], 20)})`,
    );
  return {
    limit,
    ...selection,
    ...{ begin, end },
    floor: limit.floor === undefined ? null : floors(limit.floor, table.articles, selection.articles),
    levels: limit.levels === undefined ? null : new Set(limit.levels.map(roundDiscount)),
    order: limit.priceOrder === undefined ? null : marketRows(limit.priceOrder, table),
  };
}

/**
 * @param weeks of the table
 * @param range of a limit, as dates
 * @param range.from the first
 * @param range.until the last
 * @returns first position and the one after the last
 * @throws SelectionProblem when the range has none of the weeks
 */
export function weekSpan(
  weeks: Int32Array,
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined } = {},
): { readonly begin: number; readonly end: number } {
  const names = Array.from(weeks, formatWeek);
  const begin = from === undefined ? 0 : names.findIndex((name) => name >= from);
  const end = until === undefined ? names.length : names.findLastIndex((name) => name <= until) + 1;
  if (begin === -1 || end <= begin)
    throw new SelectionProblem(
      `weeks: none of the weeks that are priced (${names[0]} to ${names.at(-1)}) is in them`,
    );
  return { begin, end };
}

function floors(
  { price, column, factor = 1 }: NonNullable<ArticleLimit['floor']>,
  articles: Batch,
  selected: Uint8Array | null,
): Float64Array {
  if (price !== undefined) return new Float64Array(articles.length).fill(price);
  const name = column!;
  if (!articles.has(name)) {
    const close = nearest(name, articles.names);
    throw new SelectionProblem(
      `floor.column: the table articles has no column ${name}${close === undefined ? ` (there are ${listing(articles.names, 20)})` : `, did you mean ${close}?`}`,
    );
  }
  const type = articles.column(name).type;
  if (type === 'string' || type === 'date' || type === 'bool')
    throw new SelectionProblem(`floor.column: ${name} holds no amounts, it is of the type ${type}`);
  const values = articles.floats(name);
  const without = values.findIndex((value, a) => selected?.[a] !== 0 && Number.isNaN(value));
  if (without !== -1)
    throw new SelectionProblem(
      `floor.column: ${name} has no value for article ${articleName(articles, without)}`,
    );
  return values.map((value) => value * factor);
}

function marketRows(names: readonly string[], { markets }: Assortment): Int32Array {
  const known = markets.strings('market').dictionary;
  return Int32Array.from(names, (name) => {
    const row = known.indexOf(name);
    if (row !== -1) return row;
    const close = nearest(name, known);
    throw new SelectionProblem(
      `priceOrder: there is no market ${name}${close === undefined ? ` (there are ${listing(known)})` : `, did you mean ${close}?`}`,
    );
  });
}

/**
 * @param articles of the table
 * @param row of an article
 * @returns its name
 */
export function articleName(articles: Batch, row: number): string {
  const column = articles.strings('article');
  return column.dictionary[column.values[row]!]!;
}
