import type { BenchmarkCase, Comparison, Contestant, Measured, Verdict } from '../harness/contestant.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { nodeProgram, pythonProgram } from './programs.ts';
import { READ_COLUMNS, historyTable } from './tables.ts';

const ROWS = 10_000_000;

/** Reading 7 of 15 columns, row group by row group. */
export const parquetRead: BenchmarkCase = {
  name: 'parquet-read',
  description: '7 of 15 columns of 10 M rows: hemline, pyarrow, polars, DuckDB, parquet-wasm',
  rounds: 5,
  async prepare({ rows }) {
    const comparisons: Comparison[] = [];
    for (const codec of ['snappy', 'zstd'] as const) comparisons.push(await compare(rows ?? ROWS, codec));
    return comparisons;
  },
};

async function compare(rows: number, codec: 'snappy' | 'zstd'): Promise<Comparison> {
  const file = await historyTable(rows, codec);
  const args = [file, READ_COLUMNS.join(',')];
  const contestants: Contestant[] = [
    { name: 'hemline', program: nodeProgram('hemline-read.ts', args) },
    { name: 'DuckDB (Node)', program: nodeProgram('duckdb-read.ts', args) },
    { name: 'parquet-wasm', program: nodeProgram('parquet-wasm-read.ts', args) },
  ];
  const skipped: { name: string; reason: string }[] = [];
  const environment = await pythonEnvironment();
  const peers = [
    ['pyarrow', 'pyarrow_read.py', []],
    ['pyarrow, dictionaries kept', 'pyarrow_read.py', ['article_id,market']],
    ['polars', 'polars_read.py', []],
  ] as const;
  for (const [name, script, more] of peers) {
    if ('python' in environment)
      contestants.push({ name, program: pythonProgram(environment.python, script, [...args, ...more]) });
    else skipped.push({ name, reason: environment.missing });
  }
  return {
    title: `7 of 15 columns of ${rows.toLocaleString('en')} rows, ${codec}`,
    contestants,
    skipped,
    reference: 'pyarrow',
    verdicts,
  };
}

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  const ours = find('hemline')!.seconds.median;
  const found: Verdict[] = [];
  const atMost = (name: string, limit: number): void => {
    const peer = find(name);
    if (peer === null) return;
    const value = ours / peer.seconds.median;
    found.push({
      requirement: `at most ${limit} × ${name} on one thread`,
      value,
      limit,
      holds: value <= limit,
    });
  };
  atMost('pyarrow', 3);
  atMost('pyarrow, dictionaries kept', 3);
  atMost('DuckDB (Node)', 1);
  atMost('parquet-wasm', 1);
  return found;
}
