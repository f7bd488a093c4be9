import {
  DECISION_STATES,
  isSamePrice,
  type DecisionLineage,
  type DecisionState,
} from '@hemline/runs/decisions';
import { CELL_COLUMNS, cellTable, type CellColumn } from './cell-table.ts';
import { openDecisions, type DecisionPlaceOptions } from './decision-place.ts';
import { selectCells, weeksOf, type CellSelection } from './select-cells.ts';
import { plainValue } from './write-table.ts';

/** Rows that are listed where nobody says how many. */
export const DEFAULT_LISTED = 20;

/** What is listed. */
export interface ListDecisionsOptions extends DecisionPlaceOptions, CellSelection {
  /** Rows at most, {@link DEFAULT_LISTED} by default. */
  readonly limit?: number;
}

/** One price and its life. */
export type ListedDecision = Readonly<Record<CellColumn, string | number | boolean | null>>;

/** Prices, and how many there are of each kind. */
export interface ListDecisionsResult {
  readonly store: string;
  readonly prices: number;
  /** By state, of those that are meant. */
  readonly states: Readonly<Partial<Record<DecisionState, number>>>;
  /** Prices that a person has fixed. */
  readonly overridden: number;
  /** Prices in the shop that are not those that were chosen. */
  readonly differing: number;
  /** Forecast at the time of those that have a proposal; and of those that could have been held: as proposed, and if held. */
  readonly forecastProfit: number;
  readonly comparedProfit: number;
  readonly heldProfit: number;
  /** What overrides cost by the forecasts, of those that it is known of. */
  readonly overrideCost: number;
  readonly rows: readonly ListedDecision[];
  /** Where the proposals of these rows come from, by `proposal`: their segment. */
  readonly proposals: readonly (DecisionLineage & { readonly proposal: number })[];
}

/**
 * Lists prices by week, article and market, and where they are in their life.
 * @param options which, and how many
 * @returns rows and totals
 */
export async function listDecisions(options: ListDecisionsOptions = {}): Promise<ListDecisionsResult> {
  const store = await openDecisions(options);
  const ledger = await store.read(weeksOf(options));
  const cells = selectCells(ledger, options);
  const { amounts, isManual } = ledger.cells;
  const states = Object.fromEntries(DECISION_STATES.slice(1).map((state) => [state, 0])) as Record<
    DecisionState,
    number
  >;
  const sums = {
    overridden: 0,
    differing: 0,
    forecastProfit: 0,
    comparedProfit: 0,
    heldProfit: 0,
    overrideCost: 0,
  };
  for (const cell of cells) {
    states[ledger.stateOf(cell)]++;
    const [chosen, actual] = [amounts.chosen[cell]!, amounts.actual[cell]!];
    const isBoth = !Number.isNaN(chosen) && !Number.isNaN(actual);
    if (isBoth && !isSamePrice(chosen, actual, amounts.listPrice[cell]!)) sums.differing++;
    sums.overridden += isManual[cell]!;
    sums.forecastProfit += amounts.forecastProfit[cell]! || 0;
    if (!Number.isNaN(amounts.heldProfit[cell]!)) {
      sums.comparedProfit += amounts.forecastProfit[cell]!;
      sums.heldProfit += amounts.heldProfit[cell]!;
    }
    sums.overrideCost += isManual[cell] === 1 ? amounts.cost[cell]! || 0 : 0;
  }
  const shown = cellTable(ledger, cells.subarray(0, options.limit ?? DEFAULT_LISTED));
  const rows = Array.from({ length: shown.length }, (_, row) =>
    Object.fromEntries(CELL_COLUMNS.map((name) => [name, plainValue(shown.column(name), row)])),
  ) as ListedDecision[];
  const segments = new Set(rows.flatMap(({ proposal }) => (typeof proposal === 'number' ? [proposal] : [])));
  const proposals = await Promise.all(
    [...segments].map(async (proposal) => ({ proposal, ...(await store.facts(proposal)).lineage! })),
  );
  return { store: store.url, prices: cells.length, states, ...sums, rows, proposals };
}
