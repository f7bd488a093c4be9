import { listing } from '@hemline/core';
import type { Dataset } from '../datasets/dataset.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** More names than this tell nothing new. */
const LISTED = 10;

/**
 * Names the files in the tables' folders that a job does not read: what is left out is never left out in silence.
 * @param dataset of the job
 * @param telemetry that is told
 */
export function tellPassedOver(
  dataset: Pick<Dataset, 'passedOver'>,
  telemetry: Pick<Telemetry, 'warn'>,
): void {
  for (const [table, files] of Map.groupBy(dataset.passedOver, (file) => file.table)) {
    const names = files.map(({ name, reason }) => `${name} (${reason})`);
    telemetry.warn(`not read in the folder of table ${table}: ${listing(names, LISTED)}`);
  }
}
