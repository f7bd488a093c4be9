import {
  Batch,
  dateColumn,
  float64Column,
  int32Column,
  stringColumn,
  stringsToColumn,
  timestampColumn,
  validityWithout,
  type Column,
} from '@hemline/core';
import { DECISION_STATES, type DecisionLedger } from '@hemline/runs/decisions';

/** Columns of decisions as they are listed and exported. */
export const CELL_COLUMNS = [
  ...([
    'article',
    'market',
    'week',
    'state',
    'recommended',
    'chosen',
    'actual',
    'listPrice',
    'proposal',
    'version',
  ] as const),
  ...(['manual', 'by', 'reason', 'chosenAt', 'actualAt', 'forecastProfit', 'heldProfit', 'cost'] as const),
  ...(['units', 'earned', 'costAfter', 'propensity', 'experiment'] as const),
] as const;
/** One of {@link CELL_COLUMNS}. */
export type CellColumn = (typeof CELL_COLUMNS)[number];

/**
 * Cells as a batch.
 * @param ledger of all
 * @param cells numbers of those that are wanted, in their order
 * @param columns that are wanted
 * @returns a row for each; what is not known is missing
 */
export function cellTable(
  ledger: DecisionLedger,
  cells: Uint32Array,
  columns: readonly CellColumn[] = CELL_COLUMNS,
): Batch {
  return new Batch(new Map(columns.map((name) => [name, columnOf(ledger, cells, name)])), cells.length);
}

function columnOf(ledger: DecisionLedger, cells: Uint32Array, name: CellColumn): Column {
  const { amounts, codes, state, isManual } = ledger.cells;
  const each = <T>(pick: (cell: number) => T): T[] => Array.from(cells, pick);
  switch (name) {
    case 'article':
      return stringsToColumn(each((cell) => ledger.articleOf(cell)));
    case 'market':
      return stringsToColumn(each((cell) => ledger.marketOf(cell)));
    case 'week':
      return dateColumn(Int32Array.from(cells, (cell) => codes.week[cell]!));
    case 'state':
      return stringColumn(
        Int32Array.from(cells, (cell) => state[cell]!),
        DECISION_STATES,
      );
    case 'proposal':
      return whole(Int32Array.from(cells, (cell) => codes.proposal[cell]!));
    case 'version':
      return whole(Int32Array.from(cells, (cell) => codes.version[cell]!));
    case 'manual':
      return {
        type: 'bool',
        length: cells.length,
        validity: null,
        values: Uint8Array.from(cells, (cell) => isManual[cell]!),
      };
    case 'by':
    case 'reason':
      return nullableText(each((cell) => ledger.textOf(cell, name)));
    // A price that a person has fixed was not drawn by lot, whatever was proposed.
    case 'experiment':
      return nullableText(each((cell) => (isDrawn(ledger, cell) ? ledger.textOf(cell, name) : null)));
    case 'propensity':
      return nullable(
        Float64Array.from(cells, (cell) => (isDrawn(ledger, cell) ? amounts.propensity[cell]! : NaN)),
      );
    case 'chosenAt':
    case 'actualAt':
      return times(Float64Array.from(cells, (cell) => amounts[name][cell]!));
    default:
      return nullable(Float64Array.from(cells, (cell) => amounts[name][cell]!));
  }
}

/** Whether the price that was chosen is the one that was drawn, if any was. */
function isDrawn({ cells: { amounts, isManual } }: DecisionLedger, cell: number): boolean {
  return isManual[cell] === 0 && amounts.chosen[cell] === amounts.recommended[cell];
}

/** Numbers of segments; −1: none. */
function whole(values: Int32Array): Column {
  const missing = [...values.keys()].filter((row) => values[row] === -1);
  return int32Column(values, validityWithout(values.length, missing));
}

function nullable(values: Float64Array): Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  return float64Column(values, validityWithout(values.length, missing));
}

function nullableText(texts: readonly (string | null)[]): Column {
  const column = stringsToColumn(texts);
  return column.validity === null ? { ...column, validity: validityWithout(texts.length, []) } : column;
}

function times(values: Float64Array): Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  const whole = BigInt64Array.from(values, (value) => (Number.isNaN(value) ? 0n : BigInt(value)));
  return timestampColumn(whole, 'ms', validityWithout(values.length, missing));
}
