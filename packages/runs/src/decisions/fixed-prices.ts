import { createHash } from 'node:crypto';
import { Batch, dateColumn, float64Column, stringsToColumn } from '@hemline/core';
import { DECISION_STATES } from './decision-cells.ts';
import type { DecisionLedger } from './decision-ledger.ts';

/** Prices that people have fixed. */
export interface FixedPrices {
  /** Rows of `article`, `market`, `week`, `discount`, by week, article and market. */
  readonly prices: Batch;
  /** Digest of them; null where there are none. */
  readonly digest: string | null;
}

/** What a person has fixed stands until it is decided otherwise, or its week has its outcome. */
const STANDING = ['overridden', 'in-shop'].map((state) =>
  DECISION_STATES.indexOf(state as (typeof DECISION_STATES)[number]),
);

/**
 * @param ledger of some weeks
 * @returns the prices of these weeks that people have fixed, and that nobody has decided otherwise about since
 */
export function fixedPrices(ledger: DecisionLedger): FixedPrices {
  const { amounts, codes, isManual, state, length } = ledger.cells;
  const rank = ledger.seriesRanks();
  const cells = Uint32Array.from({ length }, (_, cell) => cell)
    .filter((cell) => isManual[cell] === 1 && STANDING.includes(state[cell]!))
    .sort((a, b) => codes.week[a]! - codes.week[b]! || rank[codes.series[a]!]! - rank[codes.series[b]!]!);
  const each = <T>(pick: (cell: number) => T): T[] => Array.from(cells, pick);
  const hash = createHash('sha256');
  for (const cell of cells)
    hash.update(
      JSON.stringify([
        ...[ledger.articleOf(cell), ledger.marketOf(cell)],
        ...[codes.week[cell], amounts.chosen[cell]],
      ]),
    );
  return {
    prices: new Batch({
      article: stringsToColumn(each((cell) => ledger.articleOf(cell))),
      market: stringsToColumn(each((cell) => ledger.marketOf(cell))),
      week: dateColumn(Int32Array.from(cells, (cell) => codes.week[cell]!)),
      discount: float64Column(Float64Array.from(cells, (cell) => amounts.chosen[cell]!)),
    }),
    digest: cells.length === 0 ? null : hash.digest('hex'),
  };
}
