import { meanOf, type WindowScore } from './window-score.ts';

/** A forecaster beside another, on the same windows. */
export interface PairedDifference {
  readonly reference: string;
  /** Mean error of the one over that of the other. */
  readonly ratio: number;
  /** Mean over windows and seeds of error − error of the other. */
  readonly difference: number;
  /** Pairs: cutoffs (or markets) × seeds. */
  readonly pairs: number;
  /**
   * Of the difference, as it scatters over the pairs; null of a single one. It takes them for independent, which seeds of one window
   * are not: of few windows it is too small.
   */
  readonly overPairs: number | null;
  /** Of the difference, had other articles been sold: the delete-one jackknife (Miller 1974); null of a single article. */
  readonly overArticles: number | null;
}

/** Both scores of a window and seed. */
interface Pair {
  readonly candidate: WindowScore;
  readonly reference: WindowScore;
}

/**
 * Compares two forecasters by what differs in each window: what makes a window hard is hard for both, and cancels.
 * @param candidate scores of the one
 * @param reference scores of the other, of the same windows; where one of both has a single seed, it stands beside all of the other's
 * @returns difference and its uncertainty; null where they have no window in common
 */
export function pairedDifference(
  candidate: readonly WindowScore[],
  reference: readonly WindowScore[],
): PairedDifference | null {
  const pairs = pairsOf(candidate, reference);
  if (pairs.length === 0) return null;
  const differences = pairs.map((pair) => pair.candidate.error - pair.reference.error);
  const difference = meanOf(differences);
  const squares = differences.reduce((sum, each) => sum + (each - difference) ** 2, 0);
  const count = pairs.length;
  return {
    reference: reference[0]!.contestant,
    ratio:
      meanOf(pairs.map((pair) => pair.candidate.error)) / meanOf(pairs.map((pair) => pair.reference.error)),
    ...{ difference, pairs: count },
    overPairs: count === 1 ? null : Math.sqrt(squares / (count - 1) / count),
    overArticles: jackknife(pairs, difference),
  };
}

function pairsOf(candidate: readonly WindowScore[], reference: readonly WindowScore[]): Pair[] {
  const windowOf = ({ data, cutoff }: WindowScore): string => `${data} ${cutoff}`;
  return [...Map.groupBy(candidate, windowOf)].flatMap(([window, own]) => {
    const others = reference.filter((each) => windowOf(each) === window);
    if (others.length === 0) return [];
    const find = (scores: readonly WindowScore[], seed: number): WindowScore =>
      scores.find((each) => each.seed === seed) ?? scores[0]!;
    const seeds = new Set((own.length > others.length ? own : others).map(({ seed }) => seed));
    return [...seeds].map((seed) => ({ candidate: find(own, seed), reference: find(others, seed) }));
  });
}

/** Standard error over articles: whatever correlates within one, its weeks and markets, is left out together. */
function jackknife(pairs: readonly Pair[], difference: number): number | null {
  const without: number[] = [];
  for (const [data, own] of Map.groupBy(pairs, ({ candidate }) => candidate.data)) {
    const articles = new Set(own.flatMap(({ candidate }) => [...candidate.articles.keys()]));
    if (articles.size < 2) return null;
    const rest = pairs.filter(({ candidate }) => candidate.data !== data);
    const unchanged = rest.reduce((sum, pair) => sum + pair.candidate.error - pair.reference.error, 0);
    for (const article of articles) {
      const changed = own.reduce(
        (sum, pair) => sum + errorWithout(pair.candidate, article) - errorWithout(pair.reference, article),
        0,
      );
      without.push((unchanged + changed) / pairs.length);
    }
  }
  const count = without.length;
  return Math.sqrt(((count - 1) / count) * without.reduce((sum, each) => sum + (each - difference) ** 2, 0));
}

function errorWithout({ error, articles }: WindowScore, article: string): number {
  const own = articles.get(article);
  if (own === undefined) return error;
  const truthSquares = truthSquaresOf(articles);
  return Math.sqrt(Math.max(0, error ** 2 * truthSquares - own.squares) / (truthSquares - own.truthSquares));
}

const totals = new WeakMap<WindowScore['articles'], number>();

function truthSquaresOf(articles: WindowScore['articles']): number {
  let total = totals.get(articles);
  if (total === undefined) {
    total = [...articles.values()].reduce((sum, each) => sum + each.truthSquares, 0);
    totals.set(articles, total);
  }
  return total;
}
