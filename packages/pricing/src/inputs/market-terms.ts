import { DataError, isValid, valueAt, type Batch } from '@hemline/core';
import { sharedFloat64, sharedInt32 } from './article-table.ts';

/** What pricing needs of each market. */
export interface MarketTerms {
  /** Tax rate on net prices. */
  readonly vat: Float64Array;
  /** Number of the pool whose stock it sells from; −1: its own. */
  readonly pool: Int32Array;
}

/**
 * @param markets with `vat` and `pool`, where these are there
 * @returns tax (0 where it is not said) and pools
 * @throws DataError for a tax rate outside [0, 1)
 */
export function marketTerms(markets: Batch): MarketTerms {
  const vat = sharedFloat64(markets.length);
  const pool = sharedInt32(markets.length).fill(-1);
  if (markets.has('vat'))
    markets.floats('vat').forEach((rate, row) => {
      if (rate < 0 || rate >= 1)
        throw new DataError('a tax rate cannot be', {
          expected: 'a fraction in [0, 1), such as 0.19 for 19 %',
          found: `${rate} of market ${String(valueAt(markets.column('market'), row))}`,
          where: { table: 'markets', column: 'vat', row },
          remedy: 'Give rates as fractions.',
        });
      vat[row] = Number.isNaN(rate) ? 0 : rate;
    });
  if (markets.has('pool')) {
    const column = markets.column('pool');
    const numbers = new Map<string, number>();
    for (let row = 0; row < markets.length; row++) {
      if (!isValid(column, row)) continue;
      const name = String(valueAt(column, row));
      if (!numbers.has(name)) numbers.set(name, numbers.size);
      pool[row] = numbers.get(name)!;
    }
  }
  return { vat, pool };
}
