import { Batch, boolColumn, int32Column, stringsToColumn, type Float64Column } from '@hemline/core';
import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import { ROW_TOLERANCE, type Choice } from '../coordinator/choose-plans.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { LimitSums } from '../coordinator/limit-measure.ts';
import type { LinkingLimits } from '../coordinator/linking-limits.ts';
import { limitInWords } from './limit-words.ts';
import { nullable } from './nullable.ts';

/**
 * Adds up what plans come to, by limit.
 * @param portfolio of the articles
 * @param levels of their plans, from `planOffsets`
 * @returns sums over the articles that are priced
 */
export function measurePlans(portfolio: ArticlePortfolio, levels: Uint8Array): LimitSums {
  const { filler, linking, planOffsets } = portfolio;
  const measure = linking.measure();
  for (let a = 0; a < filler.articles; a++) {
    if (!filler.isPriced(a)) continue;
    const { problem, plan } = portfolio.outcome(a, levels.subarray(planOffsets[a]!, planOffsets[a + 1]!));
    measure.add(problem, plan, a);
  }
  return measure.sums;
}

/**
 * The table limits: what the plans come to, and what each limit costs.
 * @param linking limits of the business
 * @param plans that were found
 * @param plans.multipliers of the rows
 * @param plans.choice what they use of the rows
 * @param sums of {@link measurePlans}, over all articles
 * @returns a row for each limit of the business; null where there is none
 */
export function limitsTable(
  linking: LinkingLimits,
  {
    multipliers,
    choice,
  }: Pick<Coordination, 'multipliers'> & { readonly choice: Pick<Choice, 'use' | 'isFeasible'> },
  sums: LimitSums,
): Batch | null {
  const measured = linking.measured(sums);
  if (measured.length === 0) return null;
  const { sides, rows } = linking;
  const found = measured.map(({ limit, value, base }) => {
    const own = sides.flatMap((side, r) => (side.limit === limit ? [{ ...side, r }] : []));
    const multiplier = (isUpper: boolean): number => {
      const r = own.find((side) => side.isUpper === isUpper)?.r;
      return r === undefined ? NaN : multipliers[r]!;
    };
    const { lower = NaN, upper = NaN } = limit;
    const [low, high] = [multiplier(false), multiplier(true)];
    const cost = own.reduce(
      (sum, { r }) => sum + (limit.price ?? 0) * Math.max(0, choice.use[r]! - rows[r]!.bound),
      0,
    );
    const missed = Math.max(
      0,
      Number.isNaN(lower) ? 0 : lower - value,
      Number.isNaN(upper) ? 0 : value - upper,
    );
    const size = limit.limit === 'discount-rate' ? 1 : Math.max(Math.abs(value), 1);
    const isMet = Number.isNaN(value) || missed <= 10 * ROW_TOLERANCE * size;
    // Of what nothing keeps the multiplier is only as large as was tried.
    const isMissed = !isMet && limit.price === undefined;
    const inWords = isMissed
      ? choice.isFeasible
        ? `${limit.name}: the plan keeps it, what is explored does not`
        : `${limit.name}: no plans were found that keep it`
      : limitInWords(limit.limit, limit.name, { lower: low, upper: high }, base);
    return { limit, lower, upper, value, isMet, missed: isMet ? 0 : missed, cost, low, high, inWords };
  });
  const numbers = (pick: (row: (typeof found)[number]) => number): Float64Column =>
    nullable(Float64Array.from(found, pick));
  return new Batch({
    limit: stringsToColumn(found.map(({ limit }) => limit.name)),
    measure: stringsToColumn(found.map(({ limit }) => limit.limit)),
    line: int32Column(Int32Array.from(found, ({ limit }) => limit.line)),
    lower: numbers(({ lower }) => lower),
    upper: numbers(({ upper }) => upper),
    value: numbers(({ value }) => value),
    isMet: boolColumn(Uint8Array.from(found, ({ isMet }) => Number(isMet))),
    missedBy: numbers(({ missed }) => missed),
    cost: numbers(({ cost }) => cost),
    lowerMultiplier: numbers(({ low }) => low),
    upperMultiplier: numbers(({ high }) => high),
    inWords: stringsToColumn(found.map(({ inWords }) => inWords)),
  });
}
