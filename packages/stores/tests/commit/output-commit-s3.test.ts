import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { S3Client } from '@aws-sdk/client-s3';
import { Batch, ConflictError, float64Column, schemaOf } from '@hemline/core';
import { OutputCommit, type OutputPartition } from '../../src/commit/output-commit.ts';
import { openStore } from '../../src/open-store.ts';
import { verifyManifest, type ManifestFile } from '../../src/commit/manifest.ts';
import type { Store } from '../../src/store.ts';
import { S3Server } from '../../src/testing/s3-server.ts';

const PROVENANCE = {
  model: 'smoothing',
  modelVersion: 1,
  trainingFingerprint: 'data',
  codeVersion: '0.1.0',
  runId: 'run-1',
};
const SCHEMA = schemaOf({ name: 'demand', type: 'float64' });
const HOSTS = ['algo-1', 'algo-2'];

const server = new S3Server();
let client: S3Client;
let store: Store;
let count = 0;

beforeAll(async () => {
  client = new S3Client({
    endpoint: await server.listen(),
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 3,
    retryMode: 'standard',
  });
});
beforeEach(async () => {
  store = await openStore(`s3://bucket/output-${count++}`, { s3: { client } });
});
afterEach(() => {
  expect(server.uploads.size).toBe(0);
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

const place = (name: string): OutputPartition => ({
  name,
  folder: name,
  stem: 'forecast',
  inputHash: 'ab'.repeat(32),
});
async function* rows(...values: number[]): AsyncGenerator<Batch> {
  yield new Batch({ demand: float64Column(Float64Array.from(values)) });
}
/** Rows that no encoding makes smaller than three parts. */
async function* manyRows(): AsyncGenerator<Batch> {
  for (let batch = 0; batch < 12; batch++) {
    const values = Float64Array.from(
      { length: 1 << 18 },
      (_, i) => Math.sin(i * 12.9898 + batch) * 43_758.5453,
    );
    yield new Batch({ demand: float64Column(values) });
  }
}
const commit = async (
  output: OutputCommit,
  partition: string,
  batches: AsyncIterable<Batch>,
): Promise<ManifestFile> => (await output.commitPartition(place(partition), batches, SCHEMA)).file;
const keys = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { key } of store.list()) found.push(key);
  return found;
};

describe('OutputCommit in S3', () => {
  it('commits small and large partitions, and a restart skips them', async () => {
    const output = await OutputCommit.open(store, PROVENANCE);
    const small = await commit(output, 'market=AT', rows(1, 2));
    const large = await commit(output, 'market=DE', manyRows());
    expect(large.bytes).toBeGreaterThan(16 << 20);
    const again = await OutputCommit.open(store, PROVENANCE);
    expect(await again.committed(place('market=AT'))).toEqual(small);
    expect(await again.committed(place('market=DE'))).toEqual(large);
    expect(await again.committed(place('market=FR'))).toBeNull();
    await again.finish();
    expect((await verifyManifest(store)).files).toEqual([small, large]);
    expect(await keys()).toEqual(
      expect.arrayContaining(['_SUCCESS', '_committed/run.json', 'manifest.json', small.file, large.file]),
    );
  });

  it('loses and doubles nothing when answers are lost', async () => {
    const output = await OutputCommit.open(store, PROVENANCE);
    server.fail('PutObject', 'lost response', 'lost response');
    const small = await commit(output, 'market=AT', rows(1, 2));
    server.fail('CompleteMultipartUpload', 'lost response');
    const large = await commit(output, 'market=DE', manyRows());
    await output.finish();
    expect((await verifyManifest(store)).files).toEqual([small, large]);
  });

  it('leaves nothing when a partition cannot be committed, which a restart then does', async () => {
    const output = await OutputCommit.open(store, PROVENANCE);
    server.fail('CompleteMultipartUpload', ...Array.from({ length: 3 }, () => 'status 503' as const));
    await expect(commit(output, 'market=DE', manyRows())).rejects.toMatchObject({
      code: 'STORE',
      retryable: true,
    });
    expect(await keys()).toEqual(['_committed/run.json']);
    const again = await OutputCommit.open(store, PROVENANCE);
    await commit(again, 'market=DE', manyRows());
    await again.finish();
    expect((await verifyManifest(store)).files).toHaveLength(1);
  });

  it('lets one of two starts win each partition', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => OutputCommit.open(store, PROVENANCE)));
    const both = await Promise.all(
      [first!, second!].map((output) => commit(output, 'market=AT', rows(1, 2))),
    );
    expect(both[0]).toEqual(both[1]);
    const ends = await Promise.allSettled([
      commit(first!, 'market=DE', rows(1)),
      commit(second!, 'market=DE', rows(2)),
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = ends.find((end) => end.status === 'rejected')!;
    expect(lost.reason).toBeInstanceOf(ConflictError);
    const last = await OutputCommit.open(store, PROVENANCE);
    await last.committed(place('market=AT'));
    await last.committed(place('market=DE'));
    await last.finish();
    expect((await verifyManifest(store)).files).toHaveLength(2);
  });

  it('has one owner when two runs begin at the same time', async () => {
    const runs = ['run-1', 'run-2', 'run-3'].map((runId) =>
      OutputCommit.open(store, { ...PROVENANCE, runId }),
    );
    const ends = await Promise.allSettled(runs);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'CONFIGURATION' });
  });

  it('gives its entry to a file whose writer was killed in between', async () => {
    const file = await commit(await OutputCommit.open(store, PROVENANCE), 'market=DE', rows(1, 2));
    for (const key of await keys()) if (/^_committed\/[0-9a-f]+\.json$/.test(key)) await store.remove(key);
    const again = await OutputCommit.open(store, PROVENANCE);
    expect(await again.committed(place('market=DE'))).toEqual(file);
  });

  it('gives up the uploads of killed starts, of several hosts each its own', async () => {
    const host = (name: string): Promise<OutputCommit> =>
      OutputCommit.open(store, PROVENANCE, { name, all: HOSTS });
    const key = `market=DE/forecast-${'ab'.repeat(6)}.parquet`;
    const kill = async (of: string): Promise<void> => {
      // A writer that is never heard of again.
      await (await store.create(of)).write(new Uint8Array(9 << 20));
    };
    await kill(key);
    await kill('market=FR/forecast-cdcdcdcdcdcd.parquet');
    expect(server.uploads.size).toBe(2);
    for (const upload of server.uploads.values()) upload.initiated = new Date(0);
    await commit(await host('algo-1'), 'market=DE', rows(1));
    expect([...server.uploads.values()].map(({ name }) => name.split('/').at(-2))).toEqual(['market=FR']);
    await OutputCommit.open(store, PROVENANCE);
    expect(server.uploads.size).toBe(0);
  });

  it('removes the files of partitions that are no more', async () => {
    const before = await OutputCommit.open(store, PROVENANCE);
    const kept = await commit(before, 'market=DE', rows(1));
    await commit(before, 'market=FR', rows(2));
    await before.finish();
    const again = await OutputCommit.open(store, PROVENANCE);
    await again.committed(place('market=DE'));
    await again.finish();
    expect((await keys()).filter((key) => key.endsWith('.parquet'))).toEqual([kept.file]);
    expect((await verifyManifest(store)).files).toEqual([kept]);
  });
});
