/** How many trees of each member are used, and how much what they say counts: shares that add up to 1. */
export interface Votes {
  readonly rounds: readonly number[];
  readonly shares: readonly number[];
}

/**
 * As many trees as can be had for an error within this share of the least: a few weeks of a few series decide where the least lies, and
 * what trees have learnt of everything mostly holds for weeks to come.
 */
const TOLERANCE = 0.01;
/** A member counts by the inverse of its squared error to this power. */
const PREFERENCE = 1;
/** Keeps the ratio of two squared errors a number. */
const TINY = 1e-9;

/**
 * How many trees of each member forecast the weeks held out best, in all windows together, and how much each member counts: by
 * how well it did then.
 * @param losses of each member and window: squared error without any tree, and after each; none where nothing came in a window
 * @param unchecked trees of a member that no window tells of
 * @returns the votes
 */
export function votesOf(losses: readonly (readonly (readonly number[])[])[], unchecked: number): Votes {
  const scales = scalesOf(losses);
  const best = losses.map((windows) => bestOf(windows, scales, unchecked));
  const least = Math.min(...best.map(({ loss }) => loss));
  const powers = best.map(({ loss }) => (least / loss) ** PREFERENCE);
  const total = powers.reduce((sum, one) => sum + one, 0);
  return { rounds: best.map(({ rounds }) => rounds), shares: powers.map((one) => one / total) };
}

/**
 * @param votes of members
 * @returns as many trees of each, all of which count alike
 */
export function withEqualShares({ rounds }: Votes): Votes {
  return { rounds, shares: rounds.map(() => 1 / rounds.length) };
}

/** Squared error of each window without any tree, of the member that begins best: no window decides by its size, and members compare. */
function scalesOf(losses: readonly (readonly (readonly number[])[])[]): number[] {
  const windows = losses[0]?.length ?? 0;
  return Array.from({ length: windows }, (_, window) =>
    Math.min(...losses.map((all) => all[window]![0] ?? Infinity)),
  );
}

function bestOf(
  all: readonly (readonly number[])[],
  scales: readonly number[],
  unchecked: number,
): { rounds: number; loss: number } {
  const windows = all.flatMap((losses, k) => (losses.length > 0 ? [{ losses, scale: scales[k]! }] : []));
  if (windows.length === 0) return { rounds: unchecked, loss: 1 };
  const length = Math.min(...windows.map(({ losses }) => losses.length));
  const sums = Array.from({ length }, (_, tree) =>
    windows.reduce((sum, { losses, scale }) => sum + (losses[tree]! + TINY) / (scale + TINY), 0),
  );
  const least = Math.min(...sums);
  const rounds = sums.findLastIndex((sum) => sum <= (1 + TOLERANCE) * least);
  return { rounds, loss: sums[rounds]! };
}
