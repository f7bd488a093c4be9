import { isValid, type Batch, type DiscountGrid } from '@hemline/core';

/** How well demand was forecast lately, where it is known. */
export interface ForecastErrors {
  /** Demand error by commodity group. */
  readonly byGroup: ReadonlyMap<string, number>;
  /** Demand error by level of the grid; NaN where it is not known [L]. */
  readonly byLevel: ArrayLike<number> | null;
}

/** Which levels a forecast is good enough for. */
export interface OfferedLevels {
  /** Deepest level that is offered to each article [A]. */
  readonly deepest: Float64Array;
  /** 1: nothing but today's discount is offered [A]. */
  readonly held: Uint8Array;
  /** 1: not offered to anyone [L]. */
  readonly unsure: Uint8Array;
}

/**
 * Adds up how often each group was sold at each level.
 * @param articles with `group`, where there is one [A]
 * @param rowsAt rows of history by article and level [A·L]
 * @param L levels
 * @returns rows by group and level: whole numbers, which add up alike in any order
 */
export function groupRows(articles: Batch, rowsAt: Float64Array, L: number): Float64Array {
  const { groupOf, names } = groupsOf(articles);
  const rows = new Float64Array(names.length * L);
  for (let a = 0; a < articles.length; a++)
    for (let l = 0; l < L; l++) rows[groupOf[a]! * L + l]! += rowsAt[a * L + l]!;
  return rows;
}

/**
 * A decision is as good as its forecast: a group is offered no level that is deeper than what it has been sold at often enough, and
 * nothing new where its forecast errs by too much.
 * @param articles with `group`, where there is one [A]
 * @param rows of history by group and level, of {@link groupRows}
 * @param discounts levels [L]
 * @param errors of the forecast
 * @param settings how many rows, how large an error
 * @returns what is offered
 */
export function offeredLevels(
  articles: Batch,
  rows: Float64Array,
  discounts: DiscountGrid,
  errors: ForecastErrors,
  settings: { readonly levelRows: number; readonly maximumError: number },
): OfferedLevels {
  const L = discounts.length;
  const { groupOf, names } = groupsOf(articles);
  const deepestOf = names.map((_, group) => {
    let deeper = 0;
    for (let l = L - 1; l >= 0; l--) {
      deeper += rows[group * L + l]!;
      if (deeper >= settings.levelRows) return discounts[l]!;
    }
    // Nothing is known of such a group: the list price is what is safe.
    return discounts[0]!;
  });
  const isHeld = names.map((name) => (errors.byGroup.get(name) ?? 0) > settings.maximumError);
  return {
    deepest: Float64Array.from(groupOf, (group) => deepestOf[group]!),
    held: Uint8Array.from(groupOf, (group) => Number(isHeld[group])),
    unsure: Uint8Array.from(discounts, (_, l) =>
      Number((errors.byLevel?.[l] ?? NaN) > settings.maximumError),
    ),
  };
}

function groupsOf(articles: Batch): { groupOf: Int32Array; names: readonly string[] } {
  if (!articles.has('group')) return { groupOf: new Int32Array(articles.length), names: [''] };
  const column = articles.strings('group');
  // Articles without a group are a group of their own.
  const names = [...column.dictionary, ''];
  const groupOf = Int32Array.from({ length: articles.length }, (_, a) =>
    isValid(column, a) ? column.values[a]! : names.length - 1,
  );
  return { groupOf, names };
}
