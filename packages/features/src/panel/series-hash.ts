import type { Batch } from '@hemline/core';

/**
 * A number in [0, 1) for the name of a series: FNV-1a with the finishing mix of MurmurHash3, 32 bits. Series with the smallest
 * ones are a sample that depends on neither the order of the data nor on how much else there is.
 * @param article of the series
 * @param market of the series
 * @returns the same number for the same names
 */
export function seriesHash(article: string, market: string): number {
  const text = `${article}\u0000${market}`;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * @param series their `article` and `market`
 * @param one number of one of them
 * @returns its {@link seriesHash}
 */
export function hashOfSeries(series: Batch, one: number): number {
  const text = (name: string): string => {
    const { values, dictionary } = series.strings(name);
    return dictionary[values[one]!]!;
  };
  return seriesHash(text('article'), text('market'));
}
