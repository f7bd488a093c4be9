import { createHash } from 'node:crypto';
import {
  Batch,
  concatBatches,
  ConfigurationError,
  constantStringColumn,
  filterRows,
  float64Column,
  formatWeek,
  stringColumn,
  timestampColumn,
  validityWithout,
} from '@hemline/core';
import { digestOfOrigin } from '@hemline/pricing/job';
import { Home, readRun } from '@hemline/runs';
import type { DecisionLedger, SegmentFacts } from '@hemline/runs/decisions';
import type { WorkListener } from '../work-options.ts';
import { decisionsAbout, type DecisionPlaceOptions } from './decision-place.ts';
import { findPricedRun, lineageOf, recommendedRows, rowsOfWeeks, type PricedRun } from './priced-run.ts';
import { toldConflicts, type ToldConflicts } from './told-conflicts.ts';

/** Columns of recommendations that a proposal keeps. */
const COLUMNS = [
  ...['article', 'market', 'week', 'discount', 'price', 'sales', 'profit'],
  ...['held_discount', 'held_profit', 'reason', 'propensity', 'experiment'],
];

/** What is proposed. */
export interface ProposeOptions extends Omit<DecisionPlaceOptions, 'dataset'>, WorkListener {
  /** Weeks of the plan, from its first; 1 by default: those after it will be planned again. */
  readonly weeks?: number;
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
}

/** What became of the recommendations of a run. */
export interface ProposeResult extends ToldConflicts {
  readonly run: string;
  readonly dataset: string;
  readonly weeks: readonly string[];
  /** Prices that are proposed now. */
  readonly proposed: number;
  /** Prices that people have fixed, and that stand: the run may recommend others, or have planned around them. */
  readonly overridden: number;
  /** Approvals that lapse: they were of another discount than the one that is proposed now. */
  readonly lapsed: number;
  /** Prices that had this very proposal. */
  readonly unchanged: number;
  /** When the run was taken in before; null: not yet. */
  readonly toldBefore: string | null;
  /** Where the decisions are. */
  readonly store: string;
  readonly segment: number | null;
  readonly dryRun: boolean;
}

/**
 * Takes the recommendations of a run in as proposals, for people to decide about.
 * @param run its id, the beginning of it, or `latest`: the latest that recommends
 * @param options weeks, place
 * @returns what became of them
 * @throws ConfigurationError for a run without recommendations
 */
export async function propose(run = 'latest', options: ProposeOptions = {}): Promise<ProposeResult> {
  const { weeks: count = 1, dryRun = false, onNotice } = options;
  const home = new Home(options.home);
  const priced = await findPricedRun(home, run, { onNotice });
  const weeks = await firstWeeks(priced, count);
  const store = await decisionsAbout(priced.origin.dataset.name, options);
  const events = await proposals(priced, new Set(weeks));
  const facts: SegmentFacts = {
    ...{ schema: 1, kind: 'proposals', at: new Date().toISOString(), source: priced.known.record.run },
    digest: createHash('sha256')
      .update(JSON.stringify([priced.known.record.run, digestOfOrigin(priced.origin), weeks]))
      .digest('hex'),
    lineage: lineageOf(priced, await readRun(home.runFolder(priced.origin.run))),
  };
  let approved: readonly number[] = [];
  const told = await store.append(events, facts, {
    dryRun,
    complete: async (given, ledger) => {
      const own = recommendedAnew(given, ledger);
      approved = [...ledger.find(own)].filter((cell) => cell !== -1 && ledger.stateOf(cell) === 'approved');
      return own;
    },
  });
  const lapsed = approved.filter((cell) => told.ledger.stateOf(cell) === 'proposed').length;
  const cells = told.ledger.find(events);
  return {
    ...{ run: priced.known.record.run, dataset: priced.origin.dataset.name, weeks: weeks.map(formatWeek) },
    ...{ proposed: told.applied, lapsed, unchanged: told.unchanged, ...toldConflicts(told) },
    overridden: cells.reduce((sum, cell) => sum + (cell === -1 ? 0 : told.ledger.cells.isManual[cell]!), 0),
    toldBefore: told.toldBefore?.at ?? null,
    ...{ store: store.url, segment: told.segment, dryRun },
  };
}

/** What a run has planned around is no recommendation: that of before, which a person has overruled, is kept beside the price. */
function recommendedAnew(events: Batch, ledger: DecisionLedger): Batch {
  const cells = ledger.find(events);
  const { values, dictionary } = events.strings('why');
  const { isManual } = ledger.cells;
  return filterRows(
    events,
    (row) => dictionary[values[row]!] !== 'person' || cells[row] === -1 || isManual[cells[row]!] === 0,
  );
}

async function firstWeeks(priced: PricedRun, count: number): Promise<number[]> {
  const found = new Set<number>();
  for await (const batch of recommendedRows(priced, ['week']))
    for (const week of batch.weeks('week')) found.add(week);
  const weeks = [...found].sort((a, b) => a - b);
  if (count <= weeks.length) return weeks.slice(0, count);
  throw new ConfigurationError('the run has not recommended so many weeks', {
    expected: `1 to ${weeks.length}`,
    found: `${count}`,
    where: { file: priced.place },
  });
}

async function proposals(priced: PricedRun, weeks: ReadonlySet<number>): Promise<Batch> {
  const batches: Batch[] = [];
  for await (const batch of recommendedRows(priced, COLUMNS)) {
    const rows = rowsOfWeeks(batch, weeks);
    if (rows.length > 0) batches.push(rows);
  }
  const rows = concatBatches(batches);
  const { length } = rows;
  const at = new BigInt64Array(length).fill(BigInt(priced.at));
  const none = (): Uint8Array =>
    validityWithout(
      length,
      Array.from({ length }, (_, row) => row),
    );
  const noText = stringColumn(new Int32Array(length), [''], none());
  const noNumber = float64Column(new Float64Array(length), none());
  const columns = rows.columns;
  return new Batch({
    ...{ article: rows.column('article'), market: rows.column('market'), week: rows.column('week') },
    ...{ event: constantStringColumn('proposed', length), discount: rows.column('discount') },
    ...{ at: timestampColumn(at, 'ms'), price: rows.column('price'), by: noText, reason: noText },
    ...{ profit: rows.column('profit'), sales: rows.column('sales') },
    ...{ heldDiscount: rows.column('held_discount'), heldProfit: rows.column('held_profit') },
    ...{ cost: noNumber, propensity: columns.get('propensity') ?? noNumber },
    ...{ experiment: columns.get('experiment') ?? noText, why: rows.column('reason') },
  });
}
