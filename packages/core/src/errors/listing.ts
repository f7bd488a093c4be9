/**
 * Prints a list for an error message: the first few, then how many more.
 * @param values what to list
 * @param limit how many to print at most
 * @returns for example `A, B, C and 12 more`
 */
export function listing(values: readonly unknown[], limit = 5): string {
  const shown = values.slice(0, limit).map(String).join(', ');
  return values.length > limit ? `${shown} and ${values.length - limit} more` : shown;
}

/** Letters of a name that another one ends with by intention and not by chance. */
const LONG_ENOUGH = 4;

/**
 * The candidate nearest to a misspelt name, for "did you mean".
 * @param name what was written
 * @param candidates what could have been meant
 * @returns the only one that ends with the name (`m5.4xlarge` for `ml.m5.4xlarge`), or else the nearest within a third of its length, or
 *   undefined
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const longer =
    name.length < LONG_ENOUGH
      ? []
      : candidates.filter((candidate) => candidate.toLowerCase().endsWith(name.toLowerCase()));
  if (longer.length === 1) return longer[0];
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best !== undefined && bestDistance <= Math.max(2, Math.floor(best.length / 3)) ? best : undefined;
}

/** Levenshtein's distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length]!;
}
