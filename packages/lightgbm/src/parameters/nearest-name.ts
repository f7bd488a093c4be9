/** More edits than this share of the name make another name of it. */
const MOST_EDITS = 0.4;

/**
 * @param name that is not known
 * @param known names
 * @returns the known one that was most likely meant, if any comes near
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  const wanted = name.toLowerCase().replace(/[-\s]/g, '_');
  const [best] = known
    .map((each) => ({ each, edits: editsBetween(wanted, each) }))
    .toSorted((a, b) => a.edits - b.edits);
  return best !== undefined && best.edits <= wanted.length * MOST_EDITS ? best.each : null;
}

/** Insertions, deletions and replacements (Levenshtein's distance), a row of the table at a time. */
function editsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + Number(a[i - 1] !== b[j - 1]);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}
