import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { writeArtifact } from '@hemline/runtime';
import { writeParquetFile } from '@hemline/stores';
import model from './demand-curve-model.ts';

/** The last known week, and the only one. */
const WEEK = parseWeek('2025-06-30');

/**
 * Writes what the benchmark forecasts: a model, and one week of history.
 * @param folder for both
 * @param series in all
 * @param partitions they are spread over, a market each
 * @returns path of each input
 */
export async function writeGridInputs(
  folder: string,
  series: number,
  partitions: number,
): Promise<{ readonly weekly: string; readonly model: string }> {
  const paths = { weekly: join(folder, 'weekly'), model: join(folder, 'model') };
  for (let partition = 0; partition < partitions; partition++) {
    const first = Math.floor((partition * series) / partitions);
    const count = Math.floor(((partition + 1) * series) / partitions) - first;
    const batch = new Batch({
      article: stringsToColumn(
        Array.from({ length: count }, (_, i) => `A${String(first + i).padStart(8, '0')}`),
      ),
      week: dateColumn(new Int32Array(count).fill(WEEK)),
      demand: float64Column(new Float64Array(count).fill(3)),
      discount: float64Column(new Float64Array(count)),
      black_price: float64Column(new Float64Array(count).fill(20)),
    });
    const market = `market=M${String(partition).padStart(2, '0')}`;
    await writeParquetFile(join(paths.weekly, market, 'part-00000.parquet'), [batch]);
  }
  await mkdir(paths.model, { recursive: true });
  const facts = {
    model: model.name,
    modelVersion: model.version,
    quantity: model.quantity,
    hyperparameters: {},
    cutoff: '2025-06-30',
    seed: 0,
    dataFingerprint: 'none',
    codeVersion: 'benchmark',
    runId: 'benchmark',
    metrics: {},
  };
  await writeArtifact(paths.model, facts, () => Promise.resolve());
  return paths;
}
