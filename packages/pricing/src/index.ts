export type { ArticleLimits, ArticleProblem } from './article/article-problem.ts';
export { newArticlePlan, type ArticleOutcome, type ArticlePlan } from './article/article-plan.ts';
