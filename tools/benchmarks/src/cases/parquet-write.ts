import type { BenchmarkCase, Contestant, Measured, Verdict } from '../harness/contestant.ts';
import { pythonEnvironment } from '../harness/python-environment.ts';
import { nodeProgram, pythonProgram } from './programs.ts';
import { forecastTable } from './tables.ts';

const ROWS = 10_000_000;

/** Writing the forecast table. */
export const parquetWrite: BenchmarkCase = {
  name: 'parquet-write',
  description: '8 forecast columns of 10 M rows, zstd: hemline, pyarrow, DuckDB',
  rounds: 5,
  async prepare({ rows }) {
    const count = rows ?? ROWS;
    const file = await forecastTable(count);
    const contestants: Contestant[] = [
      { name: 'hemline', program: nodeProgram('hemline-write.ts', [file]) },
      { name: 'DuckDB (Node)', program: nodeProgram('duckdb-write.ts', [file]) },
    ];
    const skipped: { name: string; reason: string }[] = [];
    const environment = await pythonEnvironment();
    for (const [name, more] of [
      ['pyarrow', []],
      ['pyarrow, dictionaries given', ['dictionaries']],
    ] as const) {
      if ('python' in environment)
        contestants.push({
          name,
          program: pythonProgram(environment.python, 'pyarrow_write.py', [file, ...more]),
        });
      else skipped.push({ name, reason: environment.missing });
    }
    const title = `8 forecast columns of ${count.toLocaleString('en')} rows, zstd`;
    return [{ title, contestants, skipped, reference: 'pyarrow', verdicts }];
  },
};

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  const ours = find('hemline')!;
  return ['pyarrow', 'pyarrow, dictionaries given'].flatMap((name) => {
    const peer = find(name);
    if (peer === null) return [];
    const time = ours.seconds.median / peer.seconds.median;
    const size = ours.bytes! / peer.bytes!;
    return [
      { requirement: `at most the time of ${name}`, value: time, limit: 1, holds: time <= 1 },
      { requirement: `a file no larger than that of ${name}`, value: size, limit: 1, holds: size <= 1 },
    ];
  });
}
