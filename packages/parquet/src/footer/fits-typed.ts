import type { FileMetaData } from 'hyparquet';
import type { LeafType } from './leaf-type.ts';

/** First numbers that 63 bits, and that 18 digits, do not hold. */
const TOO_LARGE_INTEGER = 2n ** 63n;
const TOO_LARGE_DECIMAL = 1e18;

/**
 * Whether a column whose declared type is wider than the typed column can be read as one, by what the statistics of its chunks
 * say. Where they say nothing, its values tell when they are read.
 * @param leaf type that the column would have
 * @param groups row groups of the file
 * @param chunk position of the column's chunk in each
 * @returns false where some chunk surely has a value that does not fit
 */
export function fitsTyped(leaf: LeafType, groups: FileMetaData['row_groups'], chunk: number): boolean {
  if (leaf.isWide === undefined) return true;
  return groups.every(({ columns }) => {
    const statistics = columns[chunk]?.meta_data?.statistics;
    const bounds = [statistics?.max_value, statistics?.min_value, statistics?.max, statistics?.min];
    return bounds.every((bound) => {
      if (leaf.representation === 'unsigned')
        return typeof bound !== 'bigint' || (bound >= 0n && bound < TOO_LARGE_INTEGER);
      return typeof bound !== 'number' || Math.abs(bound) * 10 ** leaf.scale! < TOO_LARGE_DECIMAL;
    });
  });
}
