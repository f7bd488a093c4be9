import type { BenchmarkCase, Comparison, Contestant, Measured, Verdict } from '../harness/contestant.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { nodeProgram, pythonProgram } from './programs.ts';
import { panelTable } from './tables.ts';

const ROWS = 10_000_000;
/** So many times as many rows, streamed. */
const STREAMED = 10;
const MOST_BYTES = 4 * 2 ** 30;

/** Twelve features of a weekly panel. */
export const features: BenchmarkCase = {
  name: 'features',
  description: '12 features of 10 M rows in 50,000 series: hemline, polars, DuckDB; 100 M rows streamed',
  rounds: 5,
  async prepare({ rows }) {
    const count = rows ?? ROWS;
    return [await compare(count), stream(count * STREAMED)];
  },
};

async function compare(rows: number): Promise<Comparison> {
  const file = await panelTable(rows);
  const contestants: Contestant[] = [
    { name: 'hemline, 1 thread', program: nodeProgram('hemline-features.ts', [file]) },
    { name: 'hemline, 2 threads', program: nodeProgram('hemline-features-threads.ts', [file]) },
    { name: 'DuckDB (Node), 1 thread', program: nodeProgram('duckdb-features.ts', [file, '1']) },
    { name: 'DuckDB (Node), 2 threads', program: nodeProgram('duckdb-features.ts', [file, '2']) },
  ];
  const skipped: { name: string; reason: string }[] = [];
  const environment = await pythonEnvironment();
  if ('python' in environment)
    contestants.push({
      name: 'polars, 1 thread',
      program: pythonProgram(environment.python, 'polars_features.py', [file]),
    });
  else skipped.push({ name: 'polars, 1 thread', reason: environment.missing });
  const title = `12 features of ${rows.toLocaleString('en')} rows`;
  return { title, contestants, skipped, reference: 'polars, 1 thread', verdicts };
}

/** One run tells: it is about memory. */
function stream(rows: number): Comparison {
  const name = 'hemline, streamed';
  return {
    title: `12 features of ${rows.toLocaleString('en')} rows that are made as they are read`,
    contestants: [{ name, program: nodeProgram('hemline-features-stream.ts', [String(rows)]) }],
    skipped: [],
    reference: name,
    rounds: 1,
    verdicts: (find) => {
      const value = find(name)!.peakBytes / MOST_BYTES;
      return [{ requirement: 'a peak under 4 GiB', value, limit: 1, holds: value < 1 }];
    },
  };
}

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  const ours = find('hemline, 1 thread')!;
  const two = find('hemline, 2 threads')!;
  const found: Verdict[] = [];
  const atLeast = (requirement: string, value: number, limit: number): void => {
    found.push({ requirement, value, limit, holds: value >= limit });
  };
  const polars = find('polars, 1 thread');
  if (polars !== null) {
    atLeast('at least 3 × as fast as polars on one thread', polars.seconds.median / ours.seconds.median, 3);
    atLeast('the memory of polars over ours', polars.peakBytes / ours.peakBytes, 1);
  }
  const duckdb = find('DuckDB (Node), 2 threads')!;
  atLeast('faster on one thread than DuckDB on two', duckdb.seconds.median / ours.seconds.median, 1);
  atLeast('the memory of DuckDB over ours', duckdb.peakBytes / ours.peakBytes, 1);
  atLeast('two threads at least 1.6 × as fast as one', ours.seconds.median / two.seconds.median, 1.6);
  return found;
}
