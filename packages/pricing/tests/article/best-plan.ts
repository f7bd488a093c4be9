import { newArticlePlan } from '../../src/article/article-plan.ts';
import type { ArticleProblem } from '../../src/article/article-problem.ts';
import { planKeepsLimits } from '../../src/article/plan-limits.ts';
import { simulatePlan } from '../../src/article/simulate-plan.ts';

/** The best of all plans that keep the limits, each tried: value −Infinity where there is none. */
export function bestPlan(problem: ArticleProblem): { value: number; level: Uint8Array } {
  const { markets, weeks, levelCount } = problem;
  const out = newArticlePlan(markets, weeks, problem.stocks);
  const level = new Uint8Array(markets * weeks);
  let best = -Infinity;
  let bestLevel = new Uint8Array(0);
  for (;;) {
    if (planKeepsLimits(problem, level) && simulatePlan(problem, level, out) > best) {
      best = out.value;
      bestLevel = level.slice();
    }
    let place = 0;
    while (place < level.length && ++level[place] === levelCount) level[place++] = 0;
    if (place === level.length) return { value: best, level: bestLevel };
  }
}
