import type { ArticleProblem } from '../article/article-problem.ts';
import type { Reason } from './schemas.ts';

/** What is known of a week's choice. */
export interface ChosenWeek {
  readonly problem: ArticleProblem;
  readonly market: number;
  readonly week: number;
  readonly level: number;
  /** Level of the plan without limits of the business. */
  readonly freeLevel: number;
  /** 3: a person has fixed the price. */
  readonly narrowed: number;
  /** Whether the whole article stays as it is. */
  readonly isHeld: boolean;
}

/**
 * Why a level was chosen, from what would have been chosen otherwise: by a person or a limit first, and then against the level that
 * earns most in the week by itself, as if there were stock for all and a unit left were worth the residual.
 * @param chosen the week
 * @returns the reason
 */
export function reasonOf({ problem, market, week, level, freeLevel, narrowed, isHeld }: ChosenWeek): Reason {
  if (narrowed === 3) return 'person';
  if (isHeld) return 'hold';
  if (level !== freeLevel) return 'limit';
  const alone = levelAlone(problem, market, week);
  if (level === alone) return 'demand';
  return level < alone ? 'stock' : 'season-end';
}

function levelAlone({ ...problem }: ArticleProblem, market: number, week: number): number {
  const { weeks, levelCount, demand, margin, returnRate, residual, stockOf, limits } = problem;
  const from = (market * weeks + week) * levelCount;
  const left = residual[stockOf[market]!]!;
  let [best, most] = [-1, -Infinity];
  for (let l = 0; l < levelCount; l++) {
    const cell = from + l;
    if (limits.allowed[cell] !== 1) continue;
    const earned = demand[cell]! * (margin[cell]! - (1 - returnRate[cell]!) * left);
    if (earned > most) [best, most] = [l, earned];
  }
  return best;
}
