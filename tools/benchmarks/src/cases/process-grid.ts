import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE } from '../harness/cache.ts';
import type { BenchmarkCase } from '../harness/contestant.ts';
import { nodeProgram } from './programs.ts';

/** 1 M series × 26 weeks × 15 discount levels. */
const ROWS = 390_000_000;
const PEAK_LIMIT = 2 * 2 ** 30;
const NAME = 'hemline, 2 threads';

/** A whole forecast job with a model that costs next to nothing. */
export const processGrid: BenchmarkCase = {
  name: 'process-grid',
  description: '390 M forecast rows from a demand curve, through the process entrypoint with 2 threads',
  rounds: 1,
  async prepare({ rows }) {
    await mkdir(CACHE, { recursive: true });
    const count = rows ?? ROWS;
    const args = [join(CACHE, 'run'), String(count)];
    return [
      {
        title: `${count.toLocaleString('en')} forecast rows as Parquet`,
        contestants: [{ name: NAME, program: nodeProgram('run-grid.ts', [...args, '2']) }],
        skipped: [],
        reference: NAME,
        verdicts(find) {
          const { peakBytes, seconds } = find(NAME)!;
          const rate = count / seconds.median / 1e6;
          return [
            {
              requirement: 'a peak under 2 GiB',
              value: peakBytes / PEAK_LIMIT,
              limit: 1,
              holds: peakBytes < PEAK_LIMIT,
            },
            { requirement: 'millions of rows a second, as measured', value: rate, limit: 0, holds: true },
          ];
        },
      },
    ];
  },
};
