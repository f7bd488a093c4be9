import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Batch, float64Column, schemaOf, type Table } from '@hemline/core';
import { NO_TIME, StageClock, addStages } from '../../../src/entrypoints/partitions/stages.ts';

const COMMIT = { encodeMs: 5, compressMs: 6, writeMs: 7 };

/** Two batches, each after some milliseconds. */
function slowTable(milliseconds: number): Table {
  return {
    name: 'weekly',
    schema: schemaOf({ name: 'demand', type: 'float64' }),
    async *batches() {
      for (const value of [1, 2]) {
        await pause(milliseconds);
        yield new Batch({ demand: float64Column(Float64Array.of(value)) });
      }
    },
  };
}

describe('StageClock', () => {
  it('tells reading from forecasting, although the one happens within the other', async () => {
    const clock = new StageClock();
    const table = clock.table(slowTable(40));
    async function* forecast(): AsyncGenerator<Batch> {
      for await (const batch of table.batches()) {
        await pause(10);
        yield batch;
      }
    }
    const found: number[] = [];
    for await (const batch of clock.predicting(forecast())) {
      clock.checking(() => found.push(batch.floats('demand')[0]!));
      // The consumer's own time is nobody's.
      await pause(60);
    }
    expect(found).toEqual([1, 2]);
    const { read, predict, check, encode, compress, write } = clock.times(COMMIT);
    expect(read).toBeGreaterThanOrEqual(75);
    expect(predict).toBeGreaterThanOrEqual(15);
    expect(predict).toBeLessThan(read);
    expect(check).toBeLessThan(read + predict);
    expect({ encode, compress, write }).toEqual({ encode: 5, compress: 6, write: 7 });
  });

  it('counts tables that are read at the same time once', async () => {
    const clock = new StageClock();
    const began = performance.now();
    await clock.preparing(() =>
      Promise.all(
        [1, 2, 3].map(async () => {
          for await (const batch of clock.table(slowTable(20)).batches()) expect(batch.length).toBe(1);
        }),
      ),
    );
    const { read, predict } = clock.times(COMMIT);
    expect(read + predict).toBeLessThanOrEqual(performance.now() - began);
    expect(read).toBeGreaterThanOrEqual(35);
  });

  it('closes what is left early, and adds up', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Batch> {
      try {
        for (;;) yield new Batch({ demand: float64Column(Float64Array.of(1)) });
      } finally {
        closed = true;
      }
    }
    const clock = new StageClock();
    for await (const batch of clock.predicting(endless())) if (batch.length === 1) break;
    expect(closed).toBe(true);
    const once = { ...NO_TIME, read: 1, write: 2 };
    expect(addStages(once, once)).toEqual({ ...NO_TIME, read: 2, write: 4 });
  });
});
