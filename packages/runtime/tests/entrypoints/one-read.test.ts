import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Batch,
  SERIES_KEY,
  dateColumn,
  float64Column,
  formatWeek,
  parseWeek,
  stringColumn,
  type AnyModel,
} from '@hemline/core';
import { FileSource, type ByteRange } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { writeArtifact } from '../../src/artifacts/model-artifact.ts';
import { runProcessing } from '../../src/entrypoints/process.ts';
import { fabricateProcessing } from '../fixtures/fabricate-root.ts';
import { unruly } from '../fixtures/unruly-model.ts';

const MARKETS = ['DE', 'FR'];
const WEEKS = 60;
const FIRST = parseWeek('2024-01-01');
const CUTOFF = FIRST + 7 * (WEEKS - 11);

/** Goes over the history as a model of censored demand does: its keys, then its values twice; and knows its series without reading. */
const manyReads: AnyModel = {
  ...unruly,
  inputs: { fit: {}, predict: { weekly: { required: ['demand'], optional: ['discount', 'blackPrice'] } } },
  async load(artifact) {
    const fitted = await unruly.load(artifact);
    return {
      ...fitted,
      async *predict(request) {
        const weekly = request.history.get('weekly');
        for (const columns of [SERIES_KEY, ['week', 'demand'], ['demand', 'discount', 'blackPrice']])
          for await (const batch of weekly.batches({ columns })) expect(batch.length).toBeGreaterThan(0);
        expect(weekly.series?.keys.length).toBe(request.items.length);
        yield* fitted.predict(request);
      },
    };
  },
};
const nothing = (): void => {};
const telemetry = {
  ...{ info: nothing, warn: nothing, error: nothing },
  ...{ progress: nothing, metric: nothing, close: nothing },
};

let shared: string;
/** Size of the weekly table: large beside the footers, which are read more often. */
let weeklyBytes = 0;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'hemline-one-read-'));
  for (const market of MARKETS) {
    const path = join(shared, 'weekly', `market=${market}`, 'part-0.parquet');
    await writeParquetFile(path, [history(1200)], { codec: 'none' });
    weeklyBytes += (await stat(path)).size;
  }
  await writeArtifact(
    join(shared, 'model'),
    {
      ...{ model: manyReads.name, modelVersion: manyReads.version, quantity: manyReads.quantity },
      ...{ hyperparameters: {}, cutoff: formatWeek(CUTOFF), seed: 1, dataFingerprint: 'f'.repeat(64) },
      ...{ codeVersion: '0.1.0', runId: 'training', metrics: {} },
    },
    () => Promise.resolve(),
  );
});
afterAll(() => rm(shared, { recursive: true, force: true }));

/** Bytes of the weekly table that are read from now on, and how often its files are opened. */
const reads = { bytes: 0, opened: 0 };
beforeEach(() => {
  Object.assign(reads, { bytes: 0, opened: 0 });
  const [read, open] = [FileSource.prototype.read, FileSource.open.bind(FileSource)];
  const isWeekly = (path: string): boolean => path.includes('/weekly/');
  vi.spyOn(FileSource.prototype, 'read').mockImplementation(function (this: FileSource, range: ByteRange) {
    if (isWeekly(this.name)) reads.bytes += range.end - range.start;
    return read.call(this, range);
  });
  vi.spyOn(FileSource, 'open').mockImplementation((path) => {
    if (isWeekly(path)) reads.opened++;
    return open(path);
  });
  return () => vi.restoreAllMocks();
});

function history(articles: number): Batch {
  const rows = articles * WEEKS;
  const of = (values: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => values(i));
  return new Batch({
    article: stringColumn(
      Int32Array.from({ length: rows }, (_, row) => Math.floor(row / WEEKS)),
      Array.from({ length: articles }, (_, article) => `a${article}`),
    ),
    week: dateColumn(Int32Array.from({ length: rows }, (_, row) => FIRST + 7 * (row % WEEKS))),
    demand: float64Column(of((row) => Math.abs(Math.sin(row)))),
    discount: float64Column(of((row) => (1 + Math.cos(row)) / 4)),
    black_price: float64Column(of((row) => 20 + Math.sin(row / 7))),
  });
}

async function forecast(environment: NodeJS.ProcessEnv = {}): Promise<void> {
  const root = await mkdtemp(join(shared, 'root-'));
  await fabricateProcessing(root, { inputs: { model: {}, weekly: {} }, outputs: ['forecast'] });
  for (const input of ['model', 'weekly'])
    await cp(join(shared, input), join(root, 'processing', 'input', input), { recursive: true });
  await runProcessing(manyReads, ['--step', 'forecast', '--horizon', '8'], {
    environment: { SAGEMAKER_BASE_DIR: root, ...environment },
    signal: new AbortController().signal,
    telemetry,
  });
}

/** What opening a dataset reads of each file besides: its schema, and its footer for the fingerprint. */
const FOOTERS = 0.5;

describe('a forecast', () => {
  it('reads the weekly table twice: to check it, and for all that its model asks', async () => {
    await forecast();
    expect(reads.bytes / weeklyBytes).toBeGreaterThan(1);
    expect(reads.bytes / weeklyBytes).toBeLessThan(2 + FOOTERS);
    // Opened for its fingerprint, the first one for its schema, and once for each reading.
    expect(reads.opened).toBe(3 * MARKETS.length + 1);
  });

  it('reads it once where the data was checked before', async () => {
    await forecast({ HEMLINE_VALIDATE: 'never' });
    expect(reads.bytes / weeklyBytes).toBeLessThan(1 + FOOTERS);
    expect(reads.opened).toBe(2 * MARKETS.length + 1);
  });
});
