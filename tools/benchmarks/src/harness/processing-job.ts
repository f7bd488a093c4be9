import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { localSettings, processingRequest } from '@hemline/sagemaker/requests';
import { JobRunner, ProcessEngine } from '@hemline/sagemaker/run';
import type { Sample } from './contestant.ts';

/** A forecast to measure. */
export interface ForecastJob {
  /** Module of the entrypoint. */
  readonly entry: string;
  /** Folder that stands for `/opt/ml`. */
  readonly root: string;
  /** Path of each input. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly threads: number;
  /** Further arguments. */
  readonly arguments?: readonly string[];
}

/** The metrics of where the time of a forecast went. */
const STAGE = /^forecast_seconds_(\w+)$/;

/**
 * Runs a forecast as a container would start it: start, validation and manifest are part of what is measured.
 * @param job to run
 * @returns seconds, peak memory, rows, bytes, and the shares of the threads' time
 * @throws TaskFailed with its reason and its log when it fails
 */
export async function runForecast(
  job: ForecastJob,
): Promise<Omit<Sample, 'check'> & { readonly rows: number }> {
  const { entry, root, inputs, threads } = job;
  const placeOf = (name: string, path: string): { name: string; uri: string } => ({
    ...{ name, uri: pathToFileURL(path).href },
  });
  const output = join(root, 'processing', 'output', 'forecast');
  const request = processingRequest({
    ...localSettings('benchmark', 'benchmark', { HEMLINE_RUN_ID: 'benchmark' }),
    arguments: ['--step', 'forecast', '--threads', String(threads), ...(job.arguments ?? [])],
    inputs: Object.entries(inputs).map(([name, path]) => placeOf(name, path)),
    outputs: [placeOf('forecast', output)],
  });
  const engine = new ProcessEngine(() => ({ program: process.execPath, arguments: [entry] }));
  const spent = new Map<string, number>();
  let peakBytes = 0;
  const start = performance.now();
  await new JobRunner({ engine, leavesOutputs: true }).process(request, root, {
    memory: (bytes) => (peakBytes = Math.max(peakBytes, bytes)),
    metric: (name, value) => {
      const stage = STAGE.exec(name)?.[1];
      if (stage !== undefined) spent.set(stage, value);
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const manifest = JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8')) as {
    files: { rows: number; bytes: number }[];
  };
  const sum = (key: 'rows' | 'bytes'): number => manifest.files.reduce((total, file) => total + file[key], 0);
  const stages = sharesOf(spent, seconds * threads);
  return { seconds, peakBytes, rows: sum('rows'), bytes: sum('bytes'), stages };
}

/** Shares of the threads' time; what they do not account for is start-up, validation and waiting. */
function sharesOf(spent: ReadonlyMap<string, number>, all: number): Record<string, number> {
  const shares = Object.fromEntries([...spent].map(([stage, seconds]) => [stage, seconds / all]));
  const known = Object.values(shares).reduce((sum, share) => sum + share, 0);
  return { ...shares, other: Math.max(0, 1 - known) };
}
