import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { urlOf } from '@hemline/runs';
import type { RecordedRun } from '../runs/record-run.ts';
import type { FrontierResult } from './frontier.ts';

/** Kind of the runs that trace frontiers. */
export const FRONTIER_KIND = 'frontier';

/** What such a run leaves in its folder: the result, as reports read it. */
const FRONTIER_FILE = 'frontier.json';

/**
 * Keeps a frontier in the record of its run: the points in a file, and what the limit costs as it is as metrics.
 * @param result of tracing
 * @param recorded run
 */
export async function recordFrontier(
  result: FrontierResult,
  { run, directory, step, recorder }: RecordedRun,
): Promise<void> {
  const file = join(directory, FRONTIER_FILE);
  await writeFile(file, `${JSON.stringify({ ...result, run }, null, 2)}\n`);
  const profitOf = (point: FrontierResult['points'][number] | undefined): number | null =>
    point?.profit ?? null;
  const free = profitOf(result.points.find(({ side }) => side === 'free'));
  const limited = profitOf(result.points.find(({ isLimit }) => isLimit));
  await recorder.addMetrics(step, {
    points: result.points.length,
    ...(free === null ? {} : { profitFree: free }),
    ...(free === null || limited === null ? {} : { costOfLimit: free - limited }),
  });
  await recorder.addOutput({ step, name: 'frontier', url: urlOf(file) });
}
