import {
  Batch,
  dateColumn,
  float64Column,
  stringsToColumn,
  timestampColumn,
  validityWithout,
} from '@hemline/core';
import type { DecisionEvent, SegmentFacts } from '../../src/decisions/decision-event.ts';

/** An event as tests write it. */
export interface WrittenEvent {
  readonly article?: string;
  readonly week?: number;
  readonly event: DecisionEvent;
  readonly discount: number;
  readonly at?: number;
  readonly by?: string | null;
  readonly reason?: string | null;
  readonly profit?: number;
  readonly version?: number;
}

/** A Monday. */
export const WEEK = 19_600;

/**
 * @param events one after the other
 * @returns them as a batch
 */
export function eventBatch(events: readonly WrittenEvent[]): Batch {
  const amounts = (pick: (event: WrittenEvent) => number | undefined) => {
    const values = Float64Array.from(events, (event) => pick(event) ?? NaN);
    const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
    return float64Column(values, validityWithout(values.length, missing));
  };
  const none = amounts(() => undefined);
  return new Batch({
    article: stringsToColumn(events.map(({ article = 'A' }) => article)),
    market: stringsToColumn(events.map(() => 'DE')),
    week: dateColumn(Int32Array.from(events, ({ week = WEEK }) => week)),
    event: stringsToColumn(events.map(({ event }) => event)),
    discount: float64Column(Float64Array.from(events, ({ discount }) => discount)),
    at: timestampColumn(
      BigInt64Array.from(events, ({ at = 0 }) => BigInt(at)),
      'ms',
    ),
    ...{ price: none, sales: none, heldDiscount: none, heldProfit: none, cost: none, propensity: none },
    by: stringsToColumn(events.map(({ by = null }) => by)),
    reason: stringsToColumn(events.map(({ reason = null }) => reason)),
    profit: amounts(({ profit, event }) => profit ?? (event === 'proposed' ? 1 : undefined)),
    experiment: stringsToColumn(events.map(() => null)),
    version: amounts(({ version }) => version),
  });
}

/**
 * @param digest of what the events were made of
 * @returns facts about them
 */
export function factsOf(digest: string): SegmentFacts {
  return {
    schema: 1,
    kind: 'decisions',
    at: '2026-01-05T08:00:00.000Z',
    source: 'test',
    digest,
    lineage: null,
  };
}
