import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { isSystemError, systemError, valueAt, type Batch } from '@hemline/core';
import { FRONTIER_SCHEMA, frontierTable, type Frontier } from '@hemline/pricing';
import { diskSchema, onDisk, partitionOf } from '@hemline/pricing/job';
import { OutputCommit } from '@hemline/stores';
import { codeFacts } from '../runs/code-facts.ts';

/**
 * Writes a frontier: as comma-separated text where the place ends in `.csv`, else as Parquet with a manifest.
 * @param place file, folder or URL
 * @param frontier to write
 * @param run whose forecasts were priced
 * @returns when it is written, whole
 */
export async function writeFrontier(place: string, frontier: Frontier, run: string): Promise<void> {
  const batch = onDisk(frontierTable(frontier));
  if (place.endsWith('.csv')) return writeText(place, csvOf(batch));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([run, frontier.limit, frontier.points.map(({ bound }) => bound)]))
    .digest('hex');
  const provenance = {
    ...{ model: 'pricing', modelVersion: 1, trainingFingerprint: fingerprint },
    ...{ codeVersion: (await codeFacts()).version, runId: run },
  };
  const commit = await OutputCommit.open(place, provenance);
  async function* rows(): AsyncGenerator<Batch> {
    yield batch;
  }
  await commit.commitPartition(partitionOf('frontier', provenance), rows(), diskSchema(FRONTIER_SCHEMA));
  await commit.finish();
}

/** Numbers as they are, text in quotes, nothing for null: what spreadsheets read. */
function csvOf(batch: Batch): string {
  const { names, length } = batch;
  const lines = Array.from({ length }, (_, row) =>
    names.map((name) => {
      const value = valueAt(batch.column(name), row);
      return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value ?? '');
    }),
  );
  return [names, ...lines].map((cells) => `${cells.join(',')}\n`).join('');
}

/** Whoever reads it never sees half of it. */
async function writeText(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'written') : cause;
  }
}
