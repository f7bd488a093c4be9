import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeProgram, pythonProgram } from '../src/cases/programs.ts';
import { beside } from '../src/harness/beside.ts';
import type { Comparison, Measured } from '../src/harness/contestant.ts';

let other: string;
beforeAll(async () => {
  other = await mkdtemp(join(tmpdir(), 'hemline-beside-'));
  const script = join(other, 'tools/benchmarks/src/contestants/hemline-read.ts');
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, '');
});
afterAll(() => rm(other, { recursive: true }));

const comparison = (contestants: Comparison['contestants']): Comparison => ({
  ...{ title: 'reading', contestants, skipped: [], reference: 'pyarrow', verdicts: () => [] },
});
const measured = (name: string, median: number): Measured => ({
  ...{ name, seconds: { median, least: median, most: median }, peakBytes: 0, bytes: null, stages: null },
  samples: [],
});

it('puts each of our contestants beside itself in another checkout, and leaves peers out', () => {
  const { contestants, reference, verdicts } = beside(
    comparison([
      { name: 'hemline', program: nodeProgram('hemline-read.ts', ['data.parquet']) },
      { name: 'DuckDB', program: nodeProgram('duckdb-read.ts', ['data.parquet']) },
      { name: 'pyarrow', program: pythonProgram('python3', 'pyarrow_read.py', ['data.parquet']) },
    ]),
    other,
  );
  expect(contestants.map(({ name }) => name)).toEqual(['hemline', 'hemline, there']);
  expect(reference).toBe('hemline, there');
  expect(contestants[1]!.program.args).toEqual([
    join(other, 'tools/benchmarks/src/contestants/hemline-read.ts'),
    'data.parquet',
  ]);
  const find = (name: string): Measured => measured(name, name === 'hemline' ? 3 : 2);
  expect(verdicts(find)).toEqual([
    { requirement: 'hemline: no slower than there', value: 1.5, limit: 1, holds: false },
  ]);
});

it('runs a script that the other checkout lacks from here, on the sources of there; and says where nothing is there', () => {
  const entry = join(import.meta.dirname, '../../../models/demand-naive/src/process.ts');
  const { contestants, skipped } = beside(
    comparison([
      { name: 'job', program: nodeProgram('forecast-new.ts', [entry, 'market']) },
      { name: 'new', program: nodeProgram('hemline-new.ts', ['data.parquet']) },
    ]),
    other,
  );
  expect(contestants[1]!.program.args.slice(1)).toEqual([
    join(other, 'models/demand-naive/src/process.ts'),
    'market',
  ]);
  expect(skipped).toEqual([{ name: 'new', reason: `${other} does not have it` }]);
});
