import { createHash } from 'node:crypto';
import { TABLES } from '@hemline/core';
import type { DatasetPartition } from '../../datasets/dataset.ts';
import type { ProcessingJob } from '../processing-job.ts';

/**
 * Digest of everything that a partition's forecasts depend on, and of the run: what another run committed is not ours.
 * @param job what is forecast with
 * @param partition of the dataset
 * @returns hexadecimal SHA-256
 */
export function hashInputs(job: ProcessingJob, partition: DatasetPartition): string {
  const { card, cutoff, model, dataset, runId } = job;
  const { horizon, discounts, form, activeWeeks } = job.arguments;
  const others = dataset.tables.names.filter(
    (name) =>
      name !== 'weekly' && (TABLES[name].knownAt === null || model.inputs.predict[name] !== undefined),
  );
  const inputs = {
    run: runId,
    partition: partition.name,
    model: card.entries,
    card: card.model,
    version: card.modelVersion,
    cutoff,
    horizon,
    activeWeeks,
    discounts: form === 'curves' ? form : [...discounts],
    data: [partition.fingerprint, dataset.fingerprintOf(others)],
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
