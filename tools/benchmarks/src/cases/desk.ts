import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pricedMarket } from '../desk/priced-market.ts';
import { CACHE } from '../harness/cache.ts';
import type { BenchmarkCase, Measured, Verdict } from '../harness/contestant.ts';
import { runChild } from '../harness/run-child.ts';
import { nodeProgram } from './programs.ts';

const ROWS = 1_000_000;
const OURS = 'hemline desk, HTTP';
const PEER = 'DuckDB, the same Parquet';

/** A large list at the desk: what people wait for, and what it takes. */
export const desk: BenchmarkCase = {
  name: 'desk',
  description: 'a list of 1 M article-markets at the desk, filtered and sorted through HTTP: hemline, DuckDB',
  rounds: 1,
  async prepare({ rows }) {
    const count = rows ?? ROWS;
    const folder = join(CACHE, `desk-list-${count}`);
    if (!existsSync(join(folder, 'list.json')))
      await runChild(nodeProgram('make-desk-list.ts', [await pricedMarket(20, 1), folder, String(count)]));
    return [
      {
        title: `${count.toLocaleString('en')} article-markets of 4 weeks: filter and sort, median of 60 questions`,
        contestants: [
          { name: OURS, program: nodeProgram('desk-list.ts', [folder]) },
          { name: PEER, program: nodeProgram('duckdb-list.ts', [folder]) },
        ],
        skipped: [],
        reference: PEER,
        verdicts,
      },
    ];
  },
};

function verdicts(find: (name: string) => Measured | null): Verdict[] {
  const [ours, peer] = [find(OURS)!, find(PEER)!];
  const most = (figure: string): number => Math.max(...ours.samples.map(({ figures }) => figures![figure]!));
  const verdict = (requirement: string, value: number, limit: number): Verdict => ({
    ...{ requirement, value, limit },
    holds: value <= limit,
  });
  return [
    verdict('seconds until the first rows, after opening the page', most('firstRowsSeconds'), 1),
    verdict('seconds of filter and sort, the median', ours.seconds.median, 0.3),
    verdict("times DuckDB's for the same rows", ours.seconds.median / peer.seconds.median, 2),
    verdict('GiB of memory of the server', ours.peakBytes / 2 ** 30, 1),
  ];
}
