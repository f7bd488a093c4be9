import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, DataError, float64Column, schemaOf } from '@hemline/core';
import {
  OutputCommit,
  openParquet,
  readManifest,
  verifyManifest,
  type ManifestFile,
} from '../../src/index.ts';

const PROVENANCE = {
  model: 'smoothing',
  modelVersion: 1,
  trainingFingerprint: 'data',
  codeVersion: '0.1.0',
  runId: 'run-1',
};
const SCHEMA = schemaOf({ name: 'demand', type: 'float64' });
const HASH = 'ab'.repeat(32);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-commit-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function* rows(...values: number[]): AsyncGenerator<Batch> {
  yield new Batch({ demand: float64Column(Float64Array.from(values)) });
}
const open = (): Promise<OutputCommit> => OutputCommit.open(folder, PROVENANCE);
const commit = (output: OutputCommit, partition: string, ...values: number[]): Promise<ManifestFile> =>
  output.commitPartition(partition, 'forecast', HASH, rows(...values), SCHEMA);

describe('OutputCommit', () => {
  it('records every file with what it can be traced back to', async () => {
    const output = await open();
    await commit(output, 'market=FR', 1, 2, 3);
    await commit(output, 'market=DE', 4);
    await commit(output, '', 5);
    const manifest = await output.finish();
    expect(manifest.provenance).toEqual(PROVENANCE);
    expect(manifest.files.map(({ partition, file, rows: count }) => [partition, file, count])).toEqual([
      ['', `forecast-${HASH.slice(0, 12)}.parquet`, 1],
      ['market=DE', `market=DE/forecast-${HASH.slice(0, 12)}.parquet`, 1],
      ['market=FR', `market=FR/forecast-${HASH.slice(0, 12)}.parquet`, 3],
    ]);
    for (const { file, bytes } of manifest.files) expect((await stat(join(folder, file))).size).toBe(bytes);
    expect(await verifyManifest(folder)).toEqual(manifest);
    expect((await readdir(folder)).filter((name) => name.startsWith('_')).sort()).toEqual([
      '_SUCCESS',
      '_committed',
    ]);
    expect((await openParquet(join(folder, manifest.files[1]!.file))).metadata).toMatchObject({
      'hemline.model': 'smoothing',
      'hemline.run_id': 'run-1',
      'hemline.training_fingerprint': 'data',
      'hemline.partition': 'market=DE',
    });
  });

  it('has no manifest before its end', async () => {
    await commit(await open(), 'market=DE', 1);
    await expect(readManifest(folder)).rejects.toThrow(/no manifest/);
    expect(await readdir(folder)).not.toContain('_SUCCESS');
  });

  it('finds again what an earlier start committed, and manifests it', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    const before = await stat(join(folder, file.file));
    const again = await open();
    expect(await again.committed('market=DE', HASH)).toEqual(file);
    expect(await again.committed('market=FR', HASH)).toBeNull();
    expect((await again.finish()).files).toEqual([file]);
    expect((await stat(join(folder, file.file))).mtimeMs).toBe(before.mtimeMs);
  });

  it('refuses to mix two runs', async () => {
    await commit(await open(), 'market=DE', 1);
    const error = (await open()).committed('market=DE', 'cd'.repeat(32));
    await expect(error).rejects.toMatchObject({ code: 'CONFIGURATION', where: { partition: 'market=DE' } });
  });

  it('does again what is missing or has another size', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    const path = join(folder, file.file);
    await truncate(path, file.bytes - 1);
    expect(await (await open()).committed('market=DE', HASH)).toBeNull();
    await rm(path);
    const again = await open();
    expect(await again.committed('market=DE', HASH)).toBeNull();
    expect(await commit(again, 'market=DE', 1, 2)).toEqual(file);
    await again.finish();
    await verifyManifest(folder);
  });

  it('clears hidden files that a killed start left, and nothing else', async () => {
    await mkdir(join(folder, 'market=DE'), { recursive: true });
    const [temporary, kept] = [
      join(folder, 'market=DE', '.forecast-1.parquet.0a.tmp'),
      join(folder, 'notes.tmp'),
    ];
    await writeFile(temporary, 'half');
    await writeFile(join(folder, '.manifest.json.12.tmp'), 'half');
    await writeFile(kept, 'mine');
    await open();
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      '_committed',
      'market=DE',
      'notes.tmp',
    ]);
  });

  it('leaves no trace of a partition whose rows fail', async () => {
    const output = await open();
    async function* failing(): AsyncGenerator<Batch> {
      yield* rows(1);
      throw new DataError('bad history');
    }
    const work = output.commitPartition('market=DE', 'forecast', HASH, failing(), SCHEMA);
    await expect(work).rejects.toThrow('bad history');
    expect(await output.committed('market=DE', HASH)).toBeNull();
    expect(await readdir(join(folder, 'market=DE'))).toEqual([]);
    expect((await output.finish()).files).toEqual([]);
  });

  it('tells by the checksums when one byte has flipped or a file is gone', async () => {
    const output = await open();
    const { file } = await commit(output, 'market=DE', 1, 2, 3);
    await output.finish();
    const bytes = await readFile(join(folder, file));
    bytes[bytes.length >> 1]! ^= 0x10;
    await writeFile(join(folder, file), bytes);
    await expect(verifyManifest(folder)).rejects.toMatchObject({ code: 'DATA', where: { file } });
    await rm(join(folder, file));
    await expect(verifyManifest(folder)).rejects.toMatchObject({ code: 'DATA', where: { file } });
  });

  it('merges the manifests of several hosts', async () => {
    for (const [name, partition] of [
      ['algo-2', 'market=FR'],
      ['algo-1', 'market=DE'],
    ] as const) {
      const output = await OutputCommit.open(folder, PROVENANCE, { name, count: 2 });
      await commit(output, partition, 1);
      await output.finish();
    }
    const manifest = await verifyManifest(folder);
    expect(manifest.files.map((file) => file.partition)).toEqual(['market=DE', 'market=FR']);
    expect(await readdir(folder)).toEqual(
      expect.arrayContaining([
        'manifest-algo-1.json',
        'manifest-algo-2.json',
        '_SUCCESS-algo-1',
        '_SUCCESS-algo-2',
      ]),
    );
  });
});
