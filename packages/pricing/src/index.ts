export type { ArticleLimits, ArticleProblem } from './article/article-problem.ts';
export { newArticlePlan, type ArticleOutcome, type ArticlePlan } from './article/article-plan.ts';
export { parseLimits } from './limits/parse-limits.ts';
export {
  NO_LIMITS,
  type ArticleLimit,
  type BusinessLimit,
  type Measure,
  type PricingLimits,
} from './limits/limits-schema.ts';
