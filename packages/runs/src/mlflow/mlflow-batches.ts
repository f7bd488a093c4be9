/** A number at a time, as `log-batch` takes it. JSON lacks NaN and the infinities: protobuf's JSON has them as texts. */
export interface MlflowMetric {
  readonly key: string;
  readonly value: number | 'NaN' | 'Infinity' | '-Infinity';
  /** Milliseconds since 1970-01-01. */
  readonly timestamp: number;
  readonly step: number;
}

/** A parameter or a tag. */
export interface MlflowPair {
  readonly key: string;
  readonly value: string;
}

/** What one request logs. */
export interface MlflowBatch {
  readonly metrics: readonly MlflowMetric[];
  readonly params: readonly MlflowPair[];
  readonly tags: readonly MlflowPair[];
}

/** Limits of `runs/log-batch`: of each kind, of all together, and bytes of a request. */
export const BATCH_LIMITS = { metrics: 1000, params: 100, tags: 100, all: 1000, bytes: 1_000_000 } as const;
/** For the braces around what is counted. */
const RESERVED_BYTES = 2_000;

/**
 * Cuts what is to be logged into requests that MLflow takes.
 * @param all any amount
 * @returns batches in order; none for nothing
 */
export function batchesOf(all: MlflowBatch): MlflowBatch[] {
  const batches: MlflowBatch[] = [];
  let batch = { metrics: [] as MlflowMetric[], params: [] as MlflowPair[], tags: [] as MlflowPair[] };
  let bytes = RESERVED_BYTES;
  const put = <K extends keyof MlflowBatch>(kind: K, item: MlflowBatch[K][number]): void => {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const count = batch.metrics.length + batch.params.length + batch.tags.length;
    if (
      count > 0 &&
      (batch[kind].length === BATCH_LIMITS[kind] ||
        count === BATCH_LIMITS.all ||
        bytes + size > BATCH_LIMITS.bytes)
    ) {
      batches.push(batch);
      batch = { metrics: [], params: [], tags: [] };
      bytes = RESERVED_BYTES;
    }
    (batch[kind] as MlflowBatch[K][number][]).push(item);
    bytes += size;
  };
  for (const item of all.params) put('params', item);
  for (const item of all.tags) put('tags', item);
  for (const item of all.metrics) put('metrics', item);
  if (batch.metrics.length + batch.params.length + batch.tags.length > 0) batches.push(batch);
  return batches;
}
