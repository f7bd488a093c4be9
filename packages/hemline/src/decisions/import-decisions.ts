import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { float64Column, validityWithout, type Batch, type Float64Column } from '@hemline/core';
import {
  isSamePrice,
  type AppendedDecisions,
  type DecisionLedger,
  type SegmentFacts,
} from '@hemline/runs/decisions';
import type { WorkOptions } from '../work-options.ts';
import { openDecisions, type DecisionPlaceOptions } from './decision-place.ts';
import { readDecisions, timeOf, type GivenDecision } from './decision-rows.ts';
import { LINE_COLUMN } from './given-table.ts';
import { overrideCosts } from './override-costs.ts';
import { toldConflicts, type ToldConflicts } from './told-conflicts.ts';
import { WrongRows } from './wrong-rows.ts';

/** Prices that are rounded to the cent are the same. */
const CENT = 0.005;

/** How decisions are taken in. */
export interface ImportDecisionsOptions extends DecisionPlaceOptions, WorkOptions {
  /** Decision of rows that do not say: of a file without the column. */
  readonly as?: GivenDecision;
  /** Who decided, and why, where the rows do not say. */
  readonly by?: string;
  readonly reason?: string;
  /** When, where the rows do not say: an ISO date or time; now by default. */
  readonly at?: string;
  /** Whether what overrides cost is left open: to tell it, the forecasts of the run are read. */
  readonly noCost?: boolean;
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
}

/** What became of the decisions of a file. */
export interface ImportDecisionsResult extends ToldConflicts {
  readonly file: string;
  readonly rows: number;
  readonly applied: number;
  /** Of those applied, by kind. */
  readonly approved: number;
  readonly overridden: number;
  readonly inShop: number;
  /** Prices in the shop that are not those that were chosen. */
  readonly differing: number;
  /** Rows that say what is known already, and rows without a decision. */
  readonly unchanged: number;
  readonly undecided: number;
  /** When the same file was taken in before; null: not yet. */
  readonly toldBefore: string | null;
  /** What the overrides earn less than the proposals in their place, by the forecasts at the time; null where it is told of none. */
  readonly overrideCost: number | null;
  /** Overrides that the cost is told of. */
  readonly costed: number;
  readonly unusedColumns: readonly string[];
  /** What could not be told, and why. */
  readonly notes: readonly string[];
  readonly store: string;
  readonly segment: number | null;
  readonly dryRun: boolean;
}

/**
 * Takes decisions of people and prices of the shop in from a file. What contradicts what is known (an older price, a version that was
 * decided about since) changes nothing, and is told; a row that is wrong by itself refuses the file.
 * @param file `.csv`, `.jsonl` or `.parquet`
 * @param options place, what holds for rows that do not say
 * @returns what became of its rows
 * @throws SchemaError for a file that lacks a column
 * @throws DataError that names the wrong rows
 */
export async function importDecisions(
  file: string,
  options: ImportDecisionsOptions = {},
): Promise<ImportDecisionsResult> {
  const { as, by, reason, dryRun = false, noCost = false } = options;
  const at = options.at === undefined ? Date.now() : timeOf(options.at);
  const { events, undecided, unusedColumns } = await readDecisions(file, { as, by, reason, at });
  const store = await openDecisions(options);
  const facts: SegmentFacts = {
    ...{ schema: 1, kind: 'decisions', at: new Date().toISOString(), source: file, lineage: null },
    digest: await digestOf(file, [as, by, reason]),
  };
  const notes: string[] = [];
  const told = await store.append(events, facts, {
    dryRun,
    complete: async (given, ledger) => {
      const whole = completed(given, ledger, file);
      notes.length = 0;
      return noCost
        ? whole
        : whole.with({ cost: nullableFloats(await overrideCosts(whole, { ledger, store, notes }, options)) });
    },
  });
  const counts = countsOf(told);
  return {
    ...{ file, rows: events.length + undecided, applied: told.applied, ...counts },
    ...{ unchanged: told.unchanged, undecided, toldBefore: told.toldBefore?.at ?? null },
    ...{ ...toldConflicts(told), unusedColumns, notes, store: store.url, segment: told.segment, dryRun },
  };
}

/** Prices become discounts, and approvals are of what is proposed. */
function completed(events: Batch, ledger: DecisionLedger, file: string): Batch {
  const cells = ledger.find(events);
  const { recommended, listPrice } = ledger.cells.amounts;
  const kinds = events.strings('event');
  const price = events.floats('price');
  const line = events.numbers(LINE_COLUMN).values;
  const wrong = new WrongRows(file);
  const discount = events.floats('discount').map((given, row) => {
    const cell = cells[row]!;
    const isApproval = kinds.dictionary[kinds.values[row]!] === 'approved';
    if (Number.isNaN(price[row]!))
      return Number.isNaN(given) && isApproval && cell !== -1 ? recommended[cell]! : given;
    const list = cell === -1 ? NaN : listPrice[cell]!;
    if (Number.isNaN(given)) {
      if (isApproval && Number.isNaN(list)) return NaN;
      if (Number.isNaN(list))
        wrong.add(line[row]!, 'price', 'nothing is proposed that tells its list price: give the discount');
      else if (price[row]! > list + CENT)
        wrong.add(line[row]!, 'price', `${price[row]} is above the list price ${list.toFixed(2)}`);
      else if (isApproval && Math.abs(price[row]! - list * (1 - recommended[cell]!)) <= CENT)
        return recommended[cell]!;
      return Math.max(0, 1 - price[row]! / list);
    }
    if (!Number.isNaN(list) && Math.abs(list * (1 - given) - price[row]!) > CENT)
      wrong.add(
        line[row]!,
        'price',
        `${price[row]} is not the discount ${given} of the list price ${list.toFixed(2)}: leave one of them empty`,
      );
    return given;
  });
  wrong.throwIfAny();
  return events.with({ discount: float64Column(discount) });
}

/** Of the rows that were applied. */
function countsOf({
  kept,
  ledger,
}: AppendedDecisions): Pick<
  ImportDecisionsResult,
  'approved' | 'overridden' | 'inShop' | 'differing' | 'overrideCost' | 'costed'
> {
  const counts = { approved: 0, overridden: 0, 'in-shop': 0 };
  let [differing, costed, overrideCost] = [0, 0, 0];
  const cells = ledger.find(kept);
  const { actual, chosen, listPrice } = ledger.cells.amounts;
  const { values, dictionary } = kept.strings('event');
  const cost = kept.floats('cost');
  for (let row = 0; row < kept.length; row++) {
    const kind = dictionary[values[row]!] as GivenDecision;
    const cell = cells[row]!;
    counts[kind]++;
    const isChosen = kind === 'in-shop' && !Number.isNaN(chosen[cell]!);
    if (isChosen && !isSamePrice(chosen[cell]!, actual[cell]!, listPrice[cell]!)) differing++;
    if (Number.isNaN(cost[row]!)) continue;
    costed++;
    overrideCost += cost[row]!;
  }
  const { approved, overridden, 'in-shop': inShop } = counts;
  return {
    approved,
    overridden,
    inShop,
    differing,
    costed,
    overrideCost: costed === 0 ? null : overrideCost,
  };
}

async function digestOf(file: string, settings: readonly unknown[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}

function nullableFloats(values: Float64Array): Float64Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  return float64Column(values, validityWithout(values.length, missing));
}
