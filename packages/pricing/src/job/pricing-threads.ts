import { availableParallelism } from 'node:os';

/** Fewer take longer to start a thread for than to solve. */
const ARTICLES_OF_A_THREAD = 500;

/**
 * @param articles to price
 * @returns threads that solve them where nobody says how many; the result is the same whatever the number
 */
export function pricingThreads(articles: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(articles / ARTICLES_OF_A_THREAD)));
}
