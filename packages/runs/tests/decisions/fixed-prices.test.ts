import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DecisionStore } from '../../src/decisions/decision-store.ts';
import { fixedPrices } from '../../src/decisions/fixed-prices.ts';
import { eventBatch, factsOf, type WrittenEvent } from './event-batch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-fixed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

let told = 0;
/** @returns the discounts that are fixed after the events, by article */
async function after(...events: WrittenEvent[]): Promise<Record<string, number>> {
  const store = await DecisionStore.open(folder);
  await store.append(eventBatch(events), factsOf(String(told++)));
  const { prices, digest } = fixedPrices(await store.read());
  expect(digest === null).toBe(prices.length === 0);
  const { dictionary, values } = prices.strings('article');
  const discount = prices.floats('discount');
  return Object.fromEntries(Array.from(values, (code, row) => [dictionary[code]!, discount[row]!]));
}

const proposed = (article: string, at = 1): WrittenEvent => ({
  ...{ event: 'proposed', article, discount: 0.2, at },
});
const by = { by: 'ann', reason: 'press' };
const withdrawn = (article: string): WrittenEvent => ({
  ...{ event: 'withdrawn', article, discount: 0 },
  ...by,
});

it('keeps what people have fixed, until it is withdrawn', async () => {
  const fixed = await after(
    ...[proposed('A'), proposed('B'), proposed('C')],
    ...[{ event: 'overridden', article: 'A', discount: 0.4, ...by } as const],
    ...[{ event: 'overridden', article: 'B', discount: 0.5, ...by } as const],
    ...[{ event: 'approved', article: 'C', discount: 0.2, ...by } as const],
  );
  expect(fixed).toEqual({ A: 0.4, B: 0.5 });
  expect(await after(withdrawn('A'))).toEqual({ B: 0.5 });
  // Another proposal does not bring it back.
  expect(await after(proposed('A', 2))).toEqual({ B: 0.5 });
  expect(await after({ event: 'overridden', article: 'A', discount: 0.1, at: 3, ...by })).toEqual({
    ...{ A: 0.1, B: 0.5 },
  });
});

it('keeps no price that is in the shop and was withdrawn', async () => {
  await after(proposed('A'), { event: 'overridden', article: 'A', discount: 0.4, at: 2, ...by });
  expect(await after({ event: 'in-shop', article: 'A', discount: 0.4, at: 3 })).toEqual({ A: 0.4 });
  expect(await after(withdrawn('A'))).toEqual({});
});
