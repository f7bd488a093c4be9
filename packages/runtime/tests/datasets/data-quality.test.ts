import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  boolColumn,
  dateColumn,
  float64Column,
  parseWeek,
  stringsToColumn,
  validityWithout,
} from '@hemline/core';
import { findQuality, type QualityFinding } from '../../src/datasets/data-quality.ts';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { writeParquetFile } from '@hemline/stores';

const FIRST = parseWeek('2026-01-05');
const LAST = FIRST + 7;
let folder: string;
let findings: readonly QualityFinding[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-quality-'));
  const floats = (...values: number[]) => float64Column(Float64Array.from(values));
  const weekly = (market: string): Batch =>
    new Batch({
      // A: two weeks at two discounts, one planned. B: one price. C: only planned.
      article: stringsToColumn(['A', 'A', 'A', 'B', 'B', 'C']),
      market: stringsToColumn(new Array<string>(6).fill(market)),
      week: dateColumn(Int32Array.from([0, 7, 14, 0, 7, 14], (days) => FIRST + days)),
      demand: float64Column(Float64Array.of(3, 0, 0, 5, 0, 0), validityWithout(6, [2, 4, 5])),
      sales: floats(3, 0, 0, 5, 9, 0),
      stock: floats(3, 3, 0, 4, 9, 0),
      uncensored: boolColumn(Uint8Array.of(0, 1, 0, 0, 1, 0), validityWithout(6, [2, 5])),
      discount: floats(0, 0.2, 0.2, 0.1, 0.1, 0),
    });
  for (const market of ['DE', 'FR'])
    await writeParquetFile(join(folder, 'weekly', `market=${market}`, 'part.parquet'), [weekly(market)]);
  const articles = new Batch({
    article: stringsToColumn(['A', 'B', 'C']),
    group: stringsToColumn(['x', null, null]),
  });
  await writeParquetFile(join(folder, 'articles.parquet'), [articles]);
  findings = await findQuality(await openDataset(folder), LAST);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function counted(text: RegExp, column?: string | null): [number | null, number, string] {
  const found = findings.filter(
    (each) => text.test(each.finding) && (column === undefined || each.column === column),
  );
  expect(found, String(text)).toHaveLength(1);
  return [found[0]!.count, found[0]!.of, found[0]!.unit];
}

describe('what valid data is short of', () => {
  it('is counted over the weeks that have happened', () => {
    expect(counted(/planned/)).toEqual([4, 12, 'rows']);
    expect(counted(/censored/)).toEqual([4, 8, 'rows']);
    expect(counted(/nothing was sold/)).toEqual([2, 8, 'rows']);
    expect(counted(/more was sold/)).toEqual([2, 8, 'rows']);
    // Missing in the plan is as it should be.
    expect(counted(/missing/, 'demand')).toEqual([2, 8, 'rows']);
    expect(counted(/missing/, 'discount')).toEqual([0, 8, 'rows']);
  });

  it('is unknown, not zero, where no column tells of stock-outs', async () => {
    const place = join(folder, 'silent');
    const weekly = new Batch({
      article: stringsToColumn(['A', 'A']),
      market: stringsToColumn(['DE', 'DE']),
      week: dateColumn(Int32Array.of(FIRST, FIRST + 7)),
      demand: float64Column(Float64Array.of(3, 4)),
      discount: float64Column(Float64Array.of(0, 0.1)),
    });
    await writeParquetFile(join(place, 'weekly.parquet'), [weekly]);
    const found = await findQuality(await openDataset(place), LAST);
    expect(found.find(({ column }) => column === 'uncensored')).toMatchObject({ count: null, of: 2 });
    expect(found.find(({ finding }) => /nothing was sold/.test(finding))).toMatchObject({ count: 0 });
  });

  it('is counted over series, those of each partition by themselves', () => {
    expect(counted(/never changed/)).toEqual([2, 6, 'series']);
    expect(counted(/without any observed week/)).toEqual([2, 6, 'series']);
    expect(counted(/fewer than 13/)).toEqual([4, 6, 'series']);
  });

  it('takes a discount out of a division for the level that it is meant to be', async () => {
    const place = join(folder, 'divided');
    const weekly = new Batch({
      article: stringsToColumn(['A', 'A', 'B', 'B']),
      market: stringsToColumn(new Array<string>(4).fill('DE')),
      week: dateColumn(Int32Array.of(FIRST, FIRST + 7, FIRST, FIRST + 7)),
      demand: float64Column(Float64Array.of(3, 4, 3, 4)),
      // The same 20 %, as it comes out of prices and as it is written; and a change by a tenth of a per cent.
      discount: float64Column(Float64Array.of(1 - 7.96 / 9.95, 0.2, 0, 0.001)),
    });
    await writeParquetFile(join(place, 'weekly.parquet'), [weekly]);
    const found = await findQuality(await openDataset(place), LAST);
    expect(found.find(({ finding }) => finding.includes('never changed'))).toMatchObject({ count: 1, of: 2 });
  });

  it('is counted over the attributes', () => {
    expect(counted(/missing/, 'group')).toEqual([2, 3, 'rows']);
  });
});
