import { formatWeek, roundDiscount } from '@hemline/core';
import type { LimitProblem } from '../limits/limit-problem.ts';
import { articleName, type ArticleRule } from './article-rules.ts';
import type { ArticleLevels } from './article-levels.ts';
import type { ArticleTable } from './article-table.ts';

/** Prices of one step of rounding apart are the same. */
const CENT = 0.005;

/** What the limits of an article are written to: those of an `ArticleProblem`, and whether each level is within the guards. */
export interface LimitArrays {
  readonly allowed: Uint8Array;
  readonly deepenOnly: Uint8Array;
  readonly maximumChanges: Int32Array;
  readonly weeksBetween: Int32Array;
  readonly largestStep: Float64Array;
}

/** Who has narrowed what may be chosen, by market and week: 0 nobody, 1 the guards, 2 a limit, 3 a person. */
export type Narrowed = Uint8Array;

/**
 * Writes what may be chosen for an article: guards first, then all limits that hold for it. Where a limit leaves nothing of what the
 * guards offer, the limit holds: whoever stated it answers for it.
 * @param table all articles
 * @param article row
 * @param rules of all articles
 * @param levels of the article
 * @param fixed discounts by market and week, NaN where none; null: none at all
 * @param out arrays of the problem
 * @param narrowed by market and week [M·T]
 * @returns what contradicts, with its line
 */
export function writeLimits(
  table: ArticleTable,
  article: number,
  rules: readonly ArticleRule[],
  levels: ArticleLevels,
  fixed: Float64Array | null,
  out: LimitArrays,
  narrowed: Narrowed,
): LimitProblem[] {
  const first = table.offsets[article]!;
  const M = table.offsets[article + 1]! - first;
  const T = table.end[article]!;
  const L = levels.discounts.length;
  const problems: LimitProblem[] = [];
  out.deepenOnly.fill(0, 0, M);
  out.maximumChanges.fill(-1, 0, M);
  out.weeksBetween.fill(0, 0, M);
  out.largestStep.fill(Infinity, 0, M);
  const own = rules.filter(({ articles }) => articles?.[article] !== 0);
  for (let m = 0; m < M; m++) {
    const ofMarket = own.filter(({ markets }) => markets?.[table.market[first + m]!] !== 0);
    for (const { limit } of ofMarket) writePath(limit, m, out);
    let before: readonly ArticleRule[] | null = null;
    for (let t = 0; t < T; t++) {
      const cell = (m * T + t) * L;
      const discount = fixed === null ? NaN : fixed[m * table.weeks.length + t]!;
      const holding = ofMarket.filter(({ begin, end }) => t >= begin && t < end);
      // Most weeks are as the one before.
      if (before !== null && Number.isNaN(discount) && isSame(holding, before)) {
        out.allowed.copyWithin(cell, cell - L, cell);
        narrowed[m * T + t] = narrowed[m * T + t - 1]!;
        continue;
      }
      before = Number.isNaN(discount) ? holding : null;
      narrowed[m * T + t] = 0;
      const price = table.blackPrice[first + m]!;
      let count = 0;
      let within = 0;
      for (let l = 0; l < L; l++) {
        const level = levels.discounts[l]!;
        const isToday = l === levels.current[m];
        const isMeant = Number.isNaN(discount) ? levels.onGrid[l] === 1 || isToday : level === discount;
        const isWithin = isMeant && holding.every((rule) => permits(rule, article, level, price));
        const isOffered =
          isToday || !Number.isNaN(discount) || guardAt(table, article, m, l, levels) === null;
        out.allowed[cell + l] = isWithin ? (isOffered ? 1 : 2) : 0;
        if (isWithin) within++;
        if (isWithin && isOffered) count++;
        if (isMeant && !isWithin) narrowed[m * T + t] = 2;
      }
      if (within === 0) {
        problems.push(contradiction(table, article, m, t, holding, discount));
        break;
      }
      // 2: permitted and not offered. Only where nothing else is left does it count.
      for (let l = 0; l < L; l++)
        if (out.allowed[cell + l] === 2) {
          out.allowed[cell + l] = Number(count === 0);
          if (count > 0 && narrowed[m * T + t] === 0) narrowed[m * T + t] = 1;
        }
      if (!Number.isNaN(discount)) narrowed[m * T + t] = 3;
    }
  }
  return problems;
}

/** Why a level is not offered: the group's forecast errs, the group was never sold so deep, the band's forecast errs. */
export type Guard = 'group' | 'depth' | 'band';

/**
 * @param table all articles
 * @param article row
 * @param m market of the article
 * @param l level of the article
 * @param levels of the article
 * @returns the guard that keeps the level from being offered; null where none does
 */
export function guardAt(
  table: ArticleTable,
  article: number,
  m: number,
  l: number,
  levels: ArticleLevels,
): Guard | null {
  // Without a discount today, the list price (or the least discount) is what is left to hold.
  if (l === 0 && levels.current[m] === -1) return null;
  if (table.held[article] === 1) return 'group';
  if (levels.discounts[l]! > table.deepest[article]!) return 'depth';
  return table.unsure[levels.below[l]!] === 1 ? 'band' : null;
}

function isSame(a: readonly ArticleRule[], b: readonly ArticleRule[]): boolean {
  return a.length === b.length && a.every((rule, i) => rule === b[i]);
}

function writePath(limit: ArticleRule['limit'], m: number, out: LimitArrays): void {
  if (limit.deepenOnly === true) out.deepenOnly[m] = 1;
  if (limit.changes !== undefined) {
    const before = out.maximumChanges[m]!;
    out.maximumChanges[m] = before === -1 ? limit.changes : Math.min(before, limit.changes);
  }
  if (limit.weeksBetween !== undefined)
    out.weeksBetween[m] = Math.max(out.weeksBetween[m]!, limit.weeksBetween);
  // The largest step is taken with the tolerance of sums of levels.
  if (limit.largestStep !== undefined)
    out.largestStep[m] = Math.min(out.largestStep[m]!, limit.largestStep + 1e-9);
}

/**
 * @param rule that holds in the week
 * @param rule.limit as it is stated
 * @param rule.levels that may be chosen
 * @param rule.floor of each article
 * @param article row
 * @param level its discount
 * @param price list price
 * @returns whether the rule permits the level
 */
export function permits(
  { limit, levels, floor }: ArticleRule,
  article: number,
  level: number,
  price: number,
): boolean {
  const { minimum = 0, maximum = 1 } = limit;
  if (level < roundDiscount(minimum) || level > roundDiscount(maximum)) return false;
  if (levels !== null && !levels.has(level)) return false;
  return floor === null || price * (1 - level) >= floor[article]! - CENT;
}

function contradiction(
  table: ArticleTable,
  article: number,
  m: number,
  t: number,
  holding: readonly ArticleRule[],
  discount: number,
): LimitProblem {
  const first = table.offsets[article]!;
  const market = table.markets.strings('market');
  const place = `article ${articleName(table.articles, article)}, market ${market.dictionary[market.values[table.market[first + m]!]!]}`;
  const price = table.blackPrice[first + m]!;
  const above = holding.find(({ floor }) => floor !== null && floor[article]! - CENT > price);
  if (above !== undefined)
    return {
      line: above.limit.line,
      text: `contradiction: the floor ${above.floor![article]!.toFixed(2)} is above the list price ${price.toFixed(2)} of ${place}`,
    };
  const person = holding.find(({ limit }) => limit.price !== undefined);
  if (person !== undefined && (discount < 0 || discount >= 1))
    return {
      line: person.limit.line,
      text: `contradiction: the fixed price ${person.limit.price} is not from 0 to the list price ${price.toFixed(2)} of ${place}`,
    };
  const lines = [...new Set(holding.map(({ limit }) => limit.line))];
  const limits = `the limits of ${lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(', ')}`}`;
  const when = `${place} in the week ${formatWeek(table.weeks[t]!)}`;
  const isPlanned =
    !Number.isNaN(discount) &&
    !holding.some(({ limit }) => limit.discount !== undefined || limit.price !== undefined);
  return {
    line: lines.at(-1)!,
    text: isPlanned
      ? `contradiction: ${limits} forbid the discount ${discount} that a plan or a person has fixed for ${when}`
      : `contradiction: ${limits} leave no level for ${when}`,
  };
}
