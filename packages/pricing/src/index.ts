export type { ArticleLimits, ArticleProblem } from './article/article-problem.ts';
export { newArticlePlan, type ArticleOutcome, type ArticlePlan } from './article/article-plan.ts';
export { expectedSales } from './article/expected-sales.ts';
export { marketKeepsLimits, planKeepsLimits } from './article/plan-limits.ts';
export { simulatePlan } from './article/simulate-plan.ts';
export { ArticleWorkspace, solveArticle, type ArticleOptions } from './article/solve-article.ts';
