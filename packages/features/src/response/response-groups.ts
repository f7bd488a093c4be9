import { KeyIndex, type Batch } from '@hemline/core';
import { FOLDS } from './partialled-out.ts';
import { seriesHash } from '../panel/series-hash.ts';
import type { ResponseGroups } from './response-curve.ts';
import type { ResponseRows } from './response-rows.ts';

/** Rows that a cell has on average at least: fewer would take the differences that the response is seen by with them. */
const LEAST_CELL = 12;

/**
 * Groups series by commodity group and market, and weeks with those of their like: by group, market and week where that leaves
 * enough rows together, else by group and week, by week, or not at all.
 * @param series one row each: `article`, `market`, and `group` where there are groups
 * @param rows their weeks
 * @returns the groups
 */
export function responseGroups(series: Batch, rows: ResponseRows): ResponseGroups {
  const names = series.has('group') ? ['group', 'market'] : ['market'];
  const like = new KeyIndex(names);
  const ofLike = like.add(series);
  const byGroup = series.has('group') ? new KeyIndex(['group']).add(series) : null;
  const keys = [ofLike, ...(byGroup === null ? [] : [byGroup]), new Int32Array(series.length)];
  const chosen = keys
    .map((key) => weekCells(key, rows))
    .find(({ size, cells }) => cells.length >= LEAST_CELL * size);
  const [articles, markets] = [series.strings('article'), series.strings('market')];
  return {
    like: ofLike,
    likes: like.size,
    cells: chosen?.cells ?? new Int32Array(rows.weeks.length),
    cellCount: chosen?.size ?? 1,
    folds: Uint8Array.from({ length: series.length }, (_, s) =>
      Math.floor(
        FOLDS *
          seriesHash(articles.dictionary[articles.values[s]!]!, markets.dictionary[markets.values[s]!]!),
      ),
    ),
  };
}

function weekCells(key: Int32Array, { offsets, weeks }: ResponseRows): { cells: Int32Array; size: number } {
  const numbers = new Map<number, Map<number, number>>();
  const cells = new Int32Array(weeks.length);
  let size = 0;
  for (let s = 0; s + 1 < offsets.length; s++) {
    let ofKey = numbers.get(key[s]!);
    if (ofKey === undefined) numbers.set(key[s]!, (ofKey = new Map()));
    for (let row = offsets[s]!; row < offsets[s + 1]!; row++) {
      let cell = ofKey.get(weeks[row]!);
      if (cell === undefined) ofKey.set(weeks[row]!, (cell = size++));
      cells[row] = cell;
    }
  }
  return { cells, size };
}
