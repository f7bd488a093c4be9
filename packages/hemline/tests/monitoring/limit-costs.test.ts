import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Batch,
  boolColumn,
  float64Column,
  int32Column,
  stringsToColumn,
  validityWithout,
} from '@hemline/core';
import { onDisk } from '@hemline/pricing/job';
import { writeParquetFile } from '@hemline/stores';
import { expect, it } from 'vitest';
import type { PricedRun } from '../../src/decisions/priced-run.ts';
import { limitCosts } from '../../src/monitoring/limit-costs.ts';

it('tells the limits of a run as its table has them, and passes over other tables', async () => {
  const place = await mkdtemp(join(tmpdir(), 'hemline-limits-'));
  const amount = (value: number) => float64Column(Float64Array.of(value));
  const none = float64Column(Float64Array.of(NaN), validityWithout(1, [0]));
  try {
    const table = new Batch({
      ...{ limit: stringsToColumn(['budget']), measure: stringsToColumn(['discount-value']) },
      ...{ line: int32Column(Int32Array.of(2)), lower: none, upper: amount(5000), value: amount(5100) },
      ...{ isMet: boolColumn(Uint8Array.of(0)), missedBy: amount(100), cost: amount(40) },
      ...{
        lowerMultiplier: none,
        upperMultiplier: amount(0.4),
        inWords: stringsToColumn(['1 more earns 0.40']),
      },
    });
    await writeParquetFile(join(place, 'limits.parquet'), [onDisk(table)]);
    const files = [
      { partition: 'articles', file: 'missing.parquet' },
      { partition: 'limits', file: 'limits.parquet' },
    ];
    const priced = { known: { record: { run: 'r1' } }, place, manifest: { files } } as unknown as PricedRun;
    expect(await limitCosts(priced)).toEqual([
      {
        ...{ run: 'r1', limit: 'budget', measure: 'discount-value', value: 5100, missedBy: 100, cost: 40 },
        ...{ lowerMultiplier: null, upperMultiplier: 0.4, inWords: '1 more earns 0.40' },
      },
    ]);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});
