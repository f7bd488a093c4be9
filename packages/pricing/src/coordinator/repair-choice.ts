import type { LinkingRow } from './linking-row.ts';
import type { Scales } from './scaling.ts';
import type { SolutionCache } from './solution-cache.ts';

/** A plan in the place of an article's chosen one, and what it is worth less for each unit that exceeded rows are lowered by. */
interface Exchange {
  readonly article: number;
  readonly generation: number;
  readonly key: number;
}

/**
 * Lowers what a choice exceeds hard rows by: plans are exchanged, those first that lose least for what they lower, as long as no
 * other hard row comes to be exceeded. Of many articles the best plans at nearly the best multipliers miss rows by more than a
 * small program can mend.
 * @param cache plans of all articles
 * @param rows linking rows
 * @param scales of the rows
 * @param multipliers near the minimum of the dual
 * @param generation of each article's plan, changed in place [A]
 * @param use what the plans use of each row, changed in place [R]
 * @param target share of its scale that a hard row is to stay below its bound
 */
export function repairChoice(
  cache: SolutionCache,
  rows: readonly LinkingRow[],
  scales: Scales,
  multipliers: Float64Array,
  generation: Int32Array,
  use: Float64Array,
  target: number,
): void {
  const R = rows.length;
  const excess = (r: number): number =>
    rows[r]!.price === null ? (use[r]! - rows[r]!.bound) / scales.use[r]! + target : -Infinity;
  const isExceeded = Uint8Array.from(rows, (_, r) => Number(excess(r) > 0));
  if (!isExceeded.includes(1)) return;
  const more = (a: number, g: number, r: number): number =>
    (cache.useOf(a, g, r) - cache.useOf(a, generation[a]!, r)) / scales.use[r]!;
  const exchanges: Exchange[] = [];
  for (let a = 0; a < cache.articles; a++) {
    const worth = cache.worthOf(a, generation[a]!, multipliers);
    let best: Exchange | null = null;
    for (let g = 0; g < cache.size; g++) {
      if (g === generation[a] || !cache.isNew(a, g)) continue;
      let lowers = 0;
      for (let r = 0; r < R; r++) if (isExceeded[r] === 1) lowers -= more(a, g, r);
      if (lowers <= 0) continue;
      const key = Math.max(0, worth - cache.worthOf(a, g, multipliers)) / lowers;
      if (best === null || key < best.key) best = { article: a, generation: g, key };
    }
    if (best !== null) exchanges.push(best);
  }
  exchanges.sort((one, other) => one.key - other.key || one.article - other.article);
  for (const { article, generation: g } of exchanges) {
    let lowers = 0;
    let isAllowed = true;
    for (let r = 0; r < R && isAllowed; r++) {
      const change = more(article, g, r);
      const before = excess(r);
      if (before > 0) lowers -= Math.max(change, -before);
      else isAllowed = before + change <= 0;
    }
    if (!isAllowed || lowers <= 0) continue;
    for (let r = 0; r < R; r++) use[r]! += more(article, g, r) * scales.use[r]!;
    generation[article] = g;
    if (rows.every((_, r) => excess(r) <= 0)) return;
  }
}
