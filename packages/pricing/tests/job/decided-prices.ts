import { Batch, dateColumn, float64Column, stringsToColumn, timestampColumn } from '@hemline/core';
import { DECISIONS_SCHEMA, DecisionStore } from '@hemline/runs/decisions';

/** A price that somebody fixes. */
export interface Fixed {
  readonly article: string;
  readonly market: string;
  /** Days since 1970-01-01. */
  readonly week: number;
  readonly discount: number;
}

/** Fixes prices in a store of decisions, as a segment of their own. */
export async function fixPrices(place: string, fixed: readonly Fixed[]): Promise<void> {
  const column = (name: string) => {
    switch (name) {
      case 'article':
      case 'market':
        return stringsToColumn(fixed.map((each) => each[name]));
      case 'event':
      case 'by':
      case 'reason':
      case 'experiment':
        return stringsToColumn(
          fixed.map(() => ({ event: 'overridden', by: 'Mia', reason: 'window', experiment: null })[name]),
        );
      case 'week':
        return dateColumn(Int32Array.from(fixed, ({ week }) => week));
      case 'at':
        return timestampColumn(
          BigInt64Array.from(fixed, () => 1n),
          'ms',
        );
      case 'discount':
        return float64Column(Float64Array.from(fixed, ({ discount }) => discount));
      default:
        return float64Column(Float64Array.from(fixed, () => NaN));
    }
  };
  const store = await DecisionStore.open(place);
  const { segment } = await store.append(
    new Batch(new Map(DECISIONS_SCHEMA.fields.map(({ name }) => [name, column(name)]))),
    {
      ...{ schema: 1, kind: 'decisions', at: '2026-01-06T08:00:00.000Z', source: 'test', lineage: null },
      digest: JSON.stringify(fixed),
    },
  );
  if (segment === null) throw new Error('nothing was decided');
}
