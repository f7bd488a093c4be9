/** Demand at each discount, as a multiple of that without, for a part of the articles. */
export interface Reaction {
  readonly group: string;
  readonly articles: number;
  readonly byDiscount: ReadonlyMap<number, number>;
}

/** Demand that grows by less does not react. */
const LEAST_REACTION = 1.001;

/**
 * @param overview of a forecast
 * @returns whether demand is the same at every discount; false where there is only one
 */
export function isFlat({ reactions }: { readonly reactions: readonly Reaction[] }): boolean {
  return (
    reactions.length > 0 &&
    reactions.every(({ byDiscount }) => Math.max(...byDiscount.values()) < LEAST_REACTION)
  );
}

/**
 * @param items that were forecast
 * @param levels of each item, units by discount
 * @returns reactions by group, that with most units first
 */
export function reactionsOf(
  items: readonly { readonly article: string; readonly group: string | null }[],
  levels: readonly ReadonlyMap<number, number>[],
): Reaction[] {
  const none = items.every(({ group }) => group === null) ? 'all articles' : 'without a group';
  const byGroup = Map.groupBy(
    items.map((item, i) => ({ item, levels: levels[i]! })),
    ({ item }) => item.group ?? none,
  );
  return [...byGroup]
    .map(([group, members]) => {
      const sums = new Map<number, number>();
      for (const { levels: own } of members)
        for (const [discount, units] of own) sums.set(discount, (sums.get(discount) ?? 0) + units);
      const base = sums.get(0) ?? NaN;
      const rising = [...sums].sort(([a], [b]) => a - b);
      return {
        ...{ group, articles: new Set(members.map(({ item }) => item.article)).size, base },
        byDiscount: new Map(rising.map(([discount, units]) => [discount, units / base])),
      };
    })
    .filter(({ base, byDiscount }) => base > 0 && byDiscount.size > 1)
    .sort((a, b) => b.base - a.base)
    .map(({ base: _, ...reaction }) => reaction);
}
