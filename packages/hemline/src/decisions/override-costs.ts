import { HemlineError, takeRows, type Batch } from '@hemline/core';
import { choiceCosts } from '@hemline/pricing';
import type { DecisionLedger, DecisionStore } from '@hemline/runs/decisions';
import type { WorkOptions } from '../work-options.ts';
import { readPricedPlan } from './priced-plan.ts';

/** What decisions are looked up in. */
export interface OverrideContext {
  readonly ledger: DecisionLedger;
  readonly store: DecisionStore;
  /** Takes what could not be told, and why. */
  readonly notes: string[];
}

/**
 * What overrides earn less than the proposals in their place: by the forecasts that these were made by, read again.
 * @param events of which some are overrides, discounts filled in
 * @param context what is known before them
 * @param options home, signal
 * @returns cost of each event; NaN of those that are none, or have no proposal whose forecasts are to be had
 */
export async function overrideCosts(
  events: Batch,
  { ledger, store, notes }: OverrideContext,
  options: WorkOptions & { readonly home?: string | undefined },
): Promise<Float64Array> {
  const costs = new Float64Array(events.length).fill(NaN);
  const rowsOf = overridesByProposal(events, ledger);
  const without = rowsOf.get(-1)?.length ?? 0;
  if (without > 0) notes.push(`${without} overrides have no proposal: what they cost is not known`);
  for (const [segment, rows] of rowsOf) {
    if (segment === -1) continue;
    const { lineage } = await store.facts(segment);
    const own = takeRows(events, Uint32Array.from(rows));
    try {
      const plan = await readPricedPlan(lineage!.run, options);
      if (plan.isDataChanged)
        notes.push(
          `the data of ${lineage!.run} has changed since it was priced: costs are by its forecasts, with what the data tells of stock today`,
        );
      const cells = plan.finder.cells(own);
      const known = Uint32Array.from(rows.keys()).filter((i) => cells[i] !== -1);
      const discount = own.floats('discount');
      const found = choiceCosts(plan.valuer, {
        cells: Int32Array.from(known, (i) => cells[i]!),
        discounts: Float64Array.from(known, (i) => discount[i]!),
      });
      known.forEach((i, k) => (costs[rows[i]!] = found[k]!));
    } catch (error) {
      // A decision holds whether its cost can be told or not.
      if (!(error instanceof HemlineError) || error.blame === 'interrupted') throw error;
      notes.push(`what ${rows.length} overrides cost is not known: ${error.message}`);
    }
  }
  return costs;
}

/** Rows of overrides that are new, by the segment of the proposal; −1: nothing is proposed. */
function overridesByProposal(events: Batch, ledger: DecisionLedger): Map<number, number[]> {
  const cells = ledger.find(events);
  const { values, dictionary } = events.strings('event');
  const discount = events.floats('discount');
  const { amounts, codes, isManual } = ledger.cells;
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < events.length; row++) {
    if (dictionary[values[row]!] !== 'overridden') continue;
    const cell = cells[row]!;
    const isKnown = cell !== -1 && isManual[cell] === 1 && amounts.chosen[cell] === discount[row];
    if (isKnown) continue;
    const segment = cell === -1 ? -1 : codes.proposal[cell]!;
    const rows = rowsOf.get(segment);
    if (rows === undefined) rowsOf.set(segment, [row]);
    else rows.push(row);
  }
  return rowsOf;
}
