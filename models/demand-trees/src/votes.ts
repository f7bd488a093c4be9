/** How many trees of each objective are used, and how much what they say counts: shares that add up to 1. */
export interface Votes {
  readonly rounds: readonly number[];
  readonly shares: readonly number[];
}

/**
 * As many trees as can be had for an error within this share of the least: a few weeks of a few series decide where the least lies, and
 * what trees have learnt of everything mostly holds for weeks to come.
 */
const TOLERANCE = 0.01;
/** An objective counts by the inverse of its squared error to this power. */
const PREFERENCE = 2;
/** Keeps the ratio of two squared errors a number. */
const TINY = 1e-9;

/**
 * How many trees of each objective forecast the weeks held out best, in all windows together, and how much each objective counts: by
 * how well it did then.
 * @param losses of each objective and window: squared error without any tree, and after each; none where nothing came in a window
 * @param unchecked trees of an objective that no window tells of
 * @returns the votes
 */
export function votesOf(losses: readonly (readonly (readonly number[])[])[], unchecked: number): Votes {
  const best = losses.map((windows) => bestOf(windows, unchecked));
  const least = Math.min(...best.map(({ loss }) => loss));
  const powers = best.map(({ loss }) => (least / loss) ** PREFERENCE);
  const total = powers.reduce((sum, one) => sum + one, 0);
  return { rounds: best.map(({ rounds }) => rounds), shares: powers.map((one) => one / total) };
}

/**
 * @param votes of objectives
 * @returns as many trees of each, all of which count alike
 */
export function withEqualShares({ rounds }: Votes): Votes {
  return { rounds, shares: rounds.map(() => 1 / rounds.length) };
}

function bestOf(all: readonly (readonly number[])[], unchecked: number): { rounds: number; loss: number } {
  const windows = all.filter(({ length }) => length > 0);
  if (windows.length === 0) return { rounds: unchecked, loss: 1 };
  const length = Math.min(...windows.map((one) => one.length));
  // Of every window as a share of what the start alone is off by: none decides by its size.
  const sums = Array.from({ length }, (_, tree) =>
    windows.reduce((sum, one) => sum + (one[tree]! + TINY) / (one[0]! + TINY), 0),
  );
  const least = Math.min(...sums);
  const rounds = sums.findLastIndex((sum) => sum <= (1 + TOLERANCE) * least);
  return { rounds, loss: sums[rounds]! };
}
