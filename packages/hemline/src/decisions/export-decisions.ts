import { float64Column, stringsToColumn, validityWithout, type Batch } from '@hemline/core';
import { isSamePrice, type DecisionLedger } from '@hemline/runs/decisions';
import { cellTable } from './cell-table.ts';
import { openDecisions, type DecisionPlaceOptions } from './decision-place.ts';
import { tableFormat } from './given-table.ts';
import { selectCells, weeksOf, type CellSelection } from './select-cells.ts';
import { plainValue, writeTable } from './write-table.ts';

/** Rows that are made at a time. */
const BATCH_ROWS = 65_536;

/** Prices that are named where they are refused. */
const MOST_NAMED = 1000;

/** What is exported. */
export interface ExportDecisionsOptions
  extends DecisionPlaceOptions, Pick<CellSelection, 'week' | 'article' | 'market'> {
  /** Whether the prices that nobody has decided about are exported instead: to be decided, and imported. */
  readonly proposed?: boolean;
}

/** What was exported, and what was refused. */
export interface ExportDecisionsResult {
  readonly file: string;
  readonly prices: number;
  /** Of these, fixed by a person. */
  readonly overridden: number;
  /** Prices that were decided, and in the shop already. */
  readonly inShop: number;
  /** Prices that were decided before the shop had a newer one: not exported. */
  readonly stale: number;
  /** The first thousand of these. */
  readonly staleRows: readonly { readonly article: string; readonly market: string; readonly week: string }[];
  readonly store: string;
}

/**
 * Writes the prices that are to go to the shop, each with the version of what was decided: whoever sends a version back with a decision
 * is told where somebody has decided otherwise since.
 * @param file `.parquet`, `.csv` or `.jsonl`
 * @param options which
 * @returns what was written, and what was not
 */
export async function exportDecisions(
  file: string,
  options: ExportDecisionsOptions = {},
): Promise<ExportDecisionsResult> {
  tableFormat(file);
  const { proposed = false } = options;
  const store = await openDecisions(options);
  const ledger = await store.read(weeksOf(options));
  const chosen = selectCells(ledger, {
    ...options,
    states: proposed ? ['proposed'] : ['approved', 'overridden', 'in-shop'],
  });
  const { amounts, isManual } = ledger.cells;
  const isInShop = (cell: number): boolean => ledger.stateOf(cell) === 'in-shop';
  const isOpen = (cell: number): boolean => proposed || !Number.isNaN(amounts.chosen[cell]!);
  const going = chosen.filter((cell) => !isInShop(cell));
  const there = chosen.filter((cell) => isInShop(cell) && isOpen(cell));
  // What stands in the shop came after what was chosen, and is another price.
  const stale = there.filter(
    (cell) => !isSamePrice(amounts.actual[cell]!, amounts.chosen[cell]!, amounts.listPrice[cell]!),
  );
  await writeTable(file, batchesOf(ledger, going, proposed));
  const named = cellTable(ledger, stale.subarray(0, MOST_NAMED), ['article', 'market', 'week']);
  return {
    ...{ file, prices: going.length, inShop: there.length - stale.length, stale: stale.length },
    overridden: proposed ? 0 : going.reduce((sum, cell) => sum + isManual[cell]!, 0),
    staleRows: Array.from({ length: named.length }, (_, row) => ({
      article: String(plainValue(named.column('article'), row)),
      market: String(plainValue(named.column('market'), row)),
      week: String(plainValue(named.column('week'), row)),
    })),
    store: store.url,
  };
}

function* batchesOf(ledger: DecisionLedger, cells: Uint32Array, proposed: boolean): Generator<Batch> {
  const { amounts } = ledger.cells;
  for (let from = 0; from === 0 || from < cells.length; from += BATCH_ROWS) {
    const own = cells.subarray(from, from + BATCH_ROWS);
    const discount = Float64Array.from(own, (cell) => amounts[proposed ? 'recommended' : 'chosen'][cell]!);
    const price = Float64Array.from(own, (cell, row) =>
      rounded(amounts.listPrice[cell]! * (1 - discount[row]!)),
    );
    const unpriced = [...price.keys()].filter((row) => Number.isNaN(price[row]!));
    const keys = cellTable(ledger, own, ['article', 'market', 'week']);
    const more = cellTable(ledger, own, [
      'by',
      'reason',
      'version',
      'propensity',
      'experiment',
      'forecastProfit',
      'heldProfit',
    ]);
    // Of what is to be decided the price is left out: who changes the discount need not change both.
    const nobody = stringsToColumn(Array.from(own, () => null));
    yield keys.with({
      decision: proposed ? nobody : cellTable(ledger, own, ['state']).column('state'),
      discount: float64Column(discount),
      ...(proposed
        ? { by: nobody, reason: nobody, version: more.column('version') }
        : {
            price: float64Column(price, validityWithout(price.length, unpriced)),
            ...{ by: more.column('by'), reason: more.column('reason'), version: more.column('version') },
            ...{ propensity: more.column('propensity'), experiment: more.column('experiment') },
          }),
      ...(proposed
        ? { forecastProfit: more.column('forecastProfit'), heldProfit: more.column('heldProfit') }
        : {}),
    });
  }
}

/** Without what the last bits of a product leave. */
function rounded(price: number): number {
  return Math.round(1e6 * price) / 1e6;
}
