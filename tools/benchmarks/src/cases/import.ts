import { rm } from 'node:fs/promises';
import { cached } from '../harness/cache.ts';
import type { BenchmarkCase, Measured, Verdict } from '../harness/contestant.ts';
import { runChild } from '../harness/run-child.ts';
import { nodeProgram } from './programs.ts';

const ROWS = 100_000_000;
const SLOWER_BY = 1.5;
const MOST_BYTES = 4 * 2 ** 30;
const PEER = 'DuckDB, a script';
const OURS = 'hemline import';

/** Files too large to stay. */
const made: string[] = [];

/** Lines of receipts with returns become a dataset. */
export const importLines: BenchmarkCase = {
  name: 'import',
  description:
    'a CSV file of 100 M receipt lines, 9 % of them returns, to weekly sales and return cohorts: hemline, DuckDB',
  rounds: 1,
  async prepare({ rows }) {
    const count = rows ?? ROWS;
    const file = await cached(`receipts-${count}.csv`, async (path) => {
      await runChild(nodeProgram('make-receipts.ts', [path, String(count)]));
    });
    made.push(file);
    return [
      {
        title: `${count.toLocaleString('en')} lines of receipts to weekly sales and return cohorts, two threads`,
        contestants: [
          { name: OURS, program: nodeProgram('hemline-import.ts', [file]) },
          { name: PEER, program: nodeProgram('duckdb-import.ts', [file]) },
        ],
        skipped: [],
        reference: PEER,
        verdicts,
      },
    ];
  },
  async finish() {
    for (const file of made.splice(0)) await rm(file, { force: true });
  },
};

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  const [ours, peer] = [find(OURS)!, find(PEER)!];
  const time = ours.seconds.median / peer.seconds.median;
  const memory = ours.peakBytes / MOST_BYTES;
  return [
    {
      requirement: `at most ${SLOWER_BY} times the time of a script`,
      value: time,
      limit: SLOWER_BY,
      holds: time <= SLOWER_BY,
    },
    { requirement: 'a peak under 4 GiB', value: memory, limit: 1, holds: memory < 1 },
  ];
}
