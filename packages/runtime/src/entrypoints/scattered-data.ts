import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPartitionedByWeek, repartition } from '../datasets/repartition.ts';
import type { ProcessingContext } from '@hemline/sagemaker';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { JobProcess } from './run-entrypoint.ts';

/**
 * Brings data whose series are scattered over weekly partitions into partitions of whole series, in a temporary folder that
 * is removed in the end. Other data is left where it is.
 * @param context of the job
 * @param job telemetry and signal
 * @param work told the context to work with, and the temporary folder of the data, if there is one
 * @returns when the work is done
 */
export async function withWholeSeries(
  context: ProcessingContext,
  job: Pick<JobProcess, 'telemetry' | 'signal'>,
  work: (context: ProcessingContext, scratch: string | null) => Promise<void>,
): Promise<void> {
  const { dataset, descriptor } = context.inputs;
  await withWholeFolder(dataset?.directory, descriptorIn(descriptor?.directory), job, (scratch) =>
    work(withDataset(context, scratch), scratch),
  );
}

/**
 * @param folder of the channel or input that brings a descriptor
 * @returns its file; undefined where there is none
 */
export function descriptorIn(folder: string | undefined): string | undefined {
  return folder === undefined ? undefined : join(folder, 'dataset.json');
}

/**
 * The same of a folder.
 * @param directory of a dataset; undefined where the data comes table by table
 * @param descriptor a `dataset.json` that lies elsewhere
 * @param job telemetry and signal
 * @param work told the temporary folder of the data; null where the data is left where it is
 * @returns what the work gives
 */
export async function withWholeFolder<T>(
  directory: string | undefined,
  descriptor: string | undefined,
  { telemetry, signal }: { telemetry: Pick<Telemetry, 'info' | 'progress'>; signal: AbortSignal | undefined },
  work: (scratch: string | null) => Promise<T>,
): Promise<T> {
  if (directory === undefined || !(await isPartitionedByWeek(directory, descriptor))) return work(null);
  telemetry.info(
    'the data is partitioned by week: it is written anew, by market and sorted, before it is read',
  );
  const temporary = await mkdtemp(join(tmpdir(), 'hemline-series-'));
  try {
    const scratch = join(temporary, 'dataset');
    await repartition(directory, scratch, {
      descriptor,
      signal,
      onProgress: (event) => telemetry.progress(event),
    });
    return await work(scratch);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * A job whose data lies elsewhere.
 * @param context of the job
 * @param directory of the dataset, null where the inputs stay as they are
 * @returns the context with one input of data
 */
export function withDataset(context: ProcessingContext, directory: string | null): ProcessingContext {
  if (directory === null) return context;
  const { descriptor: _descriptor, ...inputs } = context.inputs;
  return { ...context, inputs: { ...inputs, dataset: { ...inputs['dataset']!, directory } } };
}
