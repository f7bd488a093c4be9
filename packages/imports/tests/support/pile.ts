/** A line of somebody who buys and returns. */
export interface Move {
  readonly party: string | null;
  readonly article: string;
  readonly market: string;
  /** Sorts as time does. */
  readonly at: string;
  /** Negative on returns. */
  readonly units: number;
}

/** What a return took from a purchase. */
export interface Taken {
  readonly purchase: Move;
  readonly back: Move;
  readonly units: number;
}

/**
 * Matches returns as a person would: pile by pile, from the top, one line after the other.
 * @param moves in the order of their file
 * @param sameTime whether purchases at the time of a return come before it
 */
export function takeFromPiles(
  moves: readonly Move[],
  sameTime: boolean,
): { readonly taken: Taken[]; readonly withoutPurchase: number } {
  const rank = (move: Move): number => (move.units > 0 === sameTime ? 0 : 1);
  const order = moves
    .map((move, line) => ({ move, line }))
    .filter(({ move }) => move.party !== null)
    .sort((a, b) =>
      a.move.at !== b.move.at
        ? a.move.at < b.move.at
          ? -1
          : 1
        : rank(a.move) - rank(b.move) || a.line - b.line,
    );
  const piles = new Map<string, { purchase: Move; left: number }[]>();
  const taken: Taken[] = [];
  let withoutPurchase = 0;
  for (const { move } of order) {
    const key = `${move.party} ${move.article}`;
    const pile = piles.get(key) ?? [];
    piles.set(key, pile);
    if (move.units > 0) {
      pile.push({ purchase: move, left: move.units });
      continue;
    }
    let open = -move.units;
    while (open > 0 && pile.length > 0) {
      const top = pile.at(-1)!;
      const units = Math.min(open, top.left);
      taken.push({ purchase: top.purchase, back: move, units });
      open -= units;
      top.left -= units;
      if (top.left === 0) pile.pop();
    }
    withoutPurchase += open;
  }
  return { taken, withoutPurchase };
}
