import { formatWeek } from '@hemline/core';
import type { ArticleProblem } from '../article/article-problem.ts';
import { inOrder, STEP_TOLERANCE } from '../article/plan-limits.ts';
import type { ArticleLevels } from '../inputs/article-levels.ts';
import { guardAt, permits, type Guard } from '../inputs/article-limits.ts';
import type { ArticleRule } from '../inputs/article-rules.ts';
import type { ArticleTable } from '../inputs/article-table.ts';

const GUARDS: Readonly<Record<Guard, string>> = {
  group: "guard: the forecast of the article's group errs by more than the maximum error",
  depth: "guard: the article's group was not sold so deep often enough to know",
  band: 'guard: the forecast of such discounts errs by more than the maximum error',
};

/** What may be said about the levels of one article. */
export interface RefusalScope {
  readonly table: ArticleTable;
  /** Row of the article. */
  readonly article: number;
  readonly rules: readonly ArticleRule[];
  readonly levels: ArticleLevels;
  /** Discounts that are fixed by market and week of the table, NaN where none; null: none at all. */
  readonly fixed: Float64Array | null;
  readonly problem: ArticleProblem;
}

/**
 * Why a level may not be chosen in a week, by itself.
 * @param scope of the article
 * @param m market of the article
 * @param t week
 * @param l level
 * @returns limits by name and line, guards, or who fixed the price; empty where it may be chosen
 */
export function levelRefusals(scope: RefusalScope, m: number, t: number, l: number): readonly string[] {
  const { table, article, levels, fixed, problem } = scope;
  const { weeks: T, levelCount: L, limits } = problem;
  if (limits.allowed[(m * T + t) * L + l] === 1) return [];
  const n = table.offsets[article]! + m;
  const holding = rulesAt(scope, m).filter(({ begin, end }) => t >= begin && t < end);
  const level = levels.discounts[l]!;
  const planned = fixed?.[m * table.weeks.length + t] ?? NaN;
  if (!Number.isNaN(planned)) {
    const by = holding.filter(({ limit }) => limit.discount !== undefined || limit.price !== undefined);
    return [`fixed at ${percentText(planned)} by ${by.length === 0 ? 'the plan' : named(by)}`];
  }
  const against = holding.filter((rule) => !permits(rule, article, level, table.blackPrice[n]!));
  if (against.length > 0) return against.map((rule) => named([rule]));
  if (levels.onGrid[l] === 0 && l !== levels.current[m]) return ['not a level of the forecasts'];
  const guard = guardAt(table, article, m, l, levels);
  return guard === null ? [] : [GUARDS[guard]];
}

/**
 * Why a plan may not be chosen, although each of its levels may: steps and changes of its markets, and the order of their prices.
 * @param scope of the article
 * @param level of the plan [M·T]
 * @returns a sentence for each setting and market
 */
export function pathRefusals(scope: RefusalScope, level: Uint8Array): readonly string[] {
  const { problem, table, article } = scope;
  const found: string[] = [];
  for (let m = 0; m < problem.markets; m++)
    for (const [setting, weeks] of brokenSteps(problem, m, level)) {
      const by = rulesAt(scope, m).filter(({ limit }) => limit[setting] !== undefined);
      found.push(
        `${named(by)}: ${setting} in market ${marketName(scope, m)}, ${weeks.map((t) => formatWeek(table.weeks[t]!)).join(', ')}`,
      );
    }
  const pairs = brokenPairs(problem, level);
  if (pairs.length > 0) {
    const by = scope.rules.filter(({ order, articles }) => order !== null && articles?.[article] !== 0);
    found.push(
      `${named(by)}: priceOrder of ${pairs.map(([low, high]) => `${marketName(scope, low)} and ${marketName(scope, high)}`).join(', ')}`,
    );
  }
  return found;
}

/**
 * @param scope of an article
 * @param m one of its markets
 * @returns its name
 */
export function marketName({ table, article }: RefusalScope, m: number): string {
  const { dictionary, values } = table.markets.strings('market');
  return dictionary[values[table.market[table.offsets[article]! + m]!]!]!;
}

function rulesAt({ rules, table, article }: RefusalScope, m: number): readonly ArticleRule[] {
  const row = table.market[table.offsets[article]! + m]!;
  return rules.filter(({ articles, markets }) => articles?.[article] !== 0 && markets?.[row] !== 0);
}

type PathSetting = 'deepenOnly' | 'changes' | 'weeksBetween' | 'largestStep';

/** Weeks in which each setting is broken: as `marketKeepsLimits` has it, and on to the end. */
function brokenSteps(problem: ArticleProblem, m: number, level: Uint8Array): Map<PathSetting, number[]> {
  const { weeks: T, limits, levels } = problem;
  const found = new Map<PathSetting, number[]>();
  const broken = (setting: PathSetting, t: number): void => {
    found.set(setting, [...(found.get(setting) ?? []), t]);
  };
  let changes = 0;
  let since = limits.weeksSinceChange[m]! < 0 ? Infinity : limits.weeksSinceChange[m]!;
  let before = limits.current[m]!;
  for (let t = 0; t < T; t++) {
    const chosen = level[m * T + t]!;
    if (before >= 0 && chosen !== before) {
      changes++;
      if (limits.deepenOnly[m] === 1 && chosen < before) broken('deepenOnly', t);
      if (Math.abs(levels[chosen]! - levels[before]!) > limits.largestStep[m]! + STEP_TOLERANCE)
        broken('largestStep', t);
      if (limits.maximumChanges[m]! >= 0 && changes > limits.maximumChanges[m]!) broken('changes', t);
      if (since < limits.weeksBetween[m]!) broken('weeksBetween', t);
      since = 0;
    }
    before = chosen;
    since++;
  }
  return found;
}

function brokenPairs(problem: ArticleProblem, level: Uint8Array): (readonly [number, number])[] {
  const { weeks: T, levelCount: L, limits } = problem;
  const found: (readonly [number, number])[] = [];
  for (let pair = 0; pair < limits.pricePairs; pair++) {
    const [low, high] = [limits.priceOrder[2 * pair]!, limits.priceOrder[2 * pair + 1]!];
    const price = (m: number, t: number): number => limits.price[(m * T + t) * L + level[m * T + t]!]!;
    const isKept = Array.from({ length: T }, (_, t) => inOrder(price(low, t), price(high, t))).every(Boolean);
    if (!isKept) found.push([low, high]);
  }
  return found;
}

function named(rules: readonly ArticleRule[]): string {
  return rules.map(({ limit }) => `${limit.name} (line ${limit.line})`).join(' and ');
}

function percentText(discount: number): string {
  return `${Math.round(1000 * discount) / 10} %`;
}
