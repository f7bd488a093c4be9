import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrontierPoint } from '@hemline/pricing';
import { urlOf } from '@hemline/runs';
import type { RecordedRun } from '../runs/record-run.ts';

/** Kind of the runs that trace frontiers. */
export const FRONTIER_KIND = 'frontier';

/** What such a run leaves in its folder: the result, as reports read it. */
const FRONTIER_FILE = 'frontier.json';

/** Profit against the value of a limit. */
export interface FrontierResult {
  /** The run whose forecasts were priced. */
  readonly forecasts: string;
  readonly cutoff: string;
  readonly weeks: number;
  /** Name of the limit, what it measures, and its bounds in the file. */
  readonly limit: string;
  readonly measure: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly minimumGain: number;
  /** By value, that without the limit among them. */
  readonly points: readonly FrontierPoint[];
  readonly output: string | null;
  /** The run that traced. */
  readonly run: string;
  readonly seconds: number;
}

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
