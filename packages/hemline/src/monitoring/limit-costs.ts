import { columnOnDisk, type Batch } from '@hemline/core';
import { openParquetFile } from '@hemline/stores';
import type { PricedRun } from '../decisions/priced-run.ts';

/** What a limit of the business costs the plans of a run, in the currency of the data. */
export interface LimitCost {
  /** Run whose plans it bound. */
  readonly run: string;
  readonly limit: string;
  readonly measure: string;
  /** What the plans come to; null where nothing tells it. */
  readonly value: number | null;
  /** By how much it is missed, and what that costs by the price of missing it; 0 where it is met. */
  readonly missedBy: number;
  readonly cost: number;
  /** What a unit less of the lower bound, and a unit more of the upper one, would earn; null where there is no such bound. */
  readonly lowerMultiplier: number | null;
  readonly upperMultiplier: number | null;
  readonly inWords: string;
}

/** Table of an output of pricing. */
const LIMITS = /^limits\b/;

/**
 * Reads what the limits of a run cost: its table limits.
 * @param priced run
 * @returns its limits; none where it had none
 */
export async function limitCosts({ known, place, manifest }: PricedRun): Promise<LimitCost[]> {
  const found: LimitCost[] = [];
  for (const { partition, file } of manifest.files) {
    if (!LIMITS.test(partition)) continue;
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    for await (const batch of parquet.batches({})) found.push(...costsOf(known.record.run, batch));
  }
  return found;
}

function costsOf(run: string, batch: Batch): LimitCost[] {
  const texts = (name: string): string[] => {
    const { dictionary, values } = batch.strings(columnOnDisk(name));
    return Array.from(values, (code) => dictionary[code]!);
  };
  const numbers = (name: string): (number | null)[] =>
    Array.from(batch.floats(columnOnDisk(name)), (value) => (Number.isNaN(value) ? null : value));
  const [limit, measure, inWords] = [texts('limit'), texts('measure'), texts('inWords')];
  const [value, missedBy, cost] = [numbers('value'), numbers('missedBy'), numbers('cost')];
  const [lower, upper] = [numbers('lowerMultiplier'), numbers('upperMultiplier')];
  return limit.map((name, i) => ({
    ...{ run, limit: name, measure: measure[i]!, value: value[i]! },
    ...{ missedBy: missedBy[i] ?? 0, cost: cost[i] ?? 0 },
    ...{ lowerMultiplier: lower[i]!, upperMultiplier: upper[i]!, inWords: inWords[i]! },
  }));
}
