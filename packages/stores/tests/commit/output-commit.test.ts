import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, DataError, float64Column, schemaOf } from '@hemline/core';
import { OutputCommit, type OutputPartition } from '../../src/commit/output-commit.ts';
import { openParquet } from '@hemline/parquet';
import { readManifest, verifyManifest, type ManifestFile } from '../../src/commit/manifest.ts';

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
  output.commitPartition(place(partition), rows(...values), SCHEMA).then(({ file }) => file);
const place = (name: string, inputHash = HASH): OutputPartition => ({
  name,
  folder: name,
  stem: 'forecast',
  inputHash,
});

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

  it('says in _SUCCESS what its manifest adds up to', async () => {
    const output = await open();
    await commit(output, 'market=FR', 1, 2, 3);
    await commit(output, 'market=DE', 4);
    const { files } = await output.finish();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const totals = JSON.parse(await readFile(join(folder, '_SUCCESS'), 'utf8')) as unknown;
    expect(totals).toEqual({ hosts: 1, files: 2, rows: 4, bytes });
    // The same output of two hosts: each tells its own, and how many there are.
    for (const name of ['algo-1', 'algo-2']) {
      const all = ['algo-1', 'algo-2'];
      const host = await OutputCommit.open(join(folder, 'hosts'), PROVENANCE, { name, all });
      if (name === 'algo-1') await commit(host, 'market=DE', 1, 2);
      await host.finish(null);
    }
    const of = async (host: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder, 'hosts', `_SUCCESS-${host}`), 'utf8'));
    expect(await of('algo-1')).toMatchObject({ hosts: 2, files: 1, rows: 2 });
    expect(await of('algo-2')).toEqual({ hosts: 2, files: 0, rows: 0, bytes: 0 });
  });

  it('has no manifest before its end', async () => {
    await commit(await open(), 'market=DE', 1);
    await expect(readManifest(folder)).rejects.toThrow(/lacks a manifest.*found none/);
    expect(await readdir(folder)).not.toContain('_SUCCESS');
  });

  it('finds again what an earlier start committed, and manifests it', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    const before = await stat(join(folder, file.file));
    const again = await open();
    expect(await again.committed(place('market=DE'))).toEqual(file);
    expect(await again.committed(place('market=FR'))).toBeNull();
    expect((await again.finish()).files).toEqual([file]);
    expect((await stat(join(folder, file.file))).mtimeMs).toBe(before.mtimeMs);
  });

  it('refuses to mix two runs', async () => {
    await commit(await open(), 'market=DE', 1);
    const error = (await open()).committed(place('market=DE', 'cd'.repeat(32)));
    await expect(error).rejects.toMatchObject({ code: 'CONFIGURATION', where: { partition: 'market=DE' } });
  });

  it('does again what is missing or has another size', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    const path = join(folder, file.file);
    await truncate(path, file.bytes - 1);
    expect(await (await open()).committed(place('market=DE'))).toBeNull();
    expect(await readdir(join(folder, 'market=DE'))).toEqual([]);
    expect(await commit(await open(), 'market=DE', 1, 2)).toEqual(file);
    await rm(path);
    const again = await open();
    expect(await again.committed(place('market=DE'))).toBeNull();
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
    for (const name of [temporary, join(folder, '.manifest.json.12.tmp')]) await utimes(name, 0, 0);
    await writeFile(kept, 'mine');
    await open();
    expect((await readdir(folder, { recursive: true })).sort()).toEqual([
      '_committed',
      '_committed/run.json',
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
    const work = output.commitPartition(place('market=DE'), failing(), SCHEMA);
    await expect(work).rejects.toThrow('bad history');
    expect(await output.committed(place('market=DE'))).toBeNull();
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
    const where = { file: expect.stringMatching(new RegExp(`/${file}$`)) as string };
    const error = { code: 'DATA', where };
    await expect(verifyManifest(folder)).rejects.toMatchObject(error);
    await rm(join(folder, file));
    await expect(verifyManifest(folder)).rejects.toMatchObject(error);
  });

  it('merges the manifests of several hosts', async () => {
    for (const [name, partition] of [
      ['algo-2', 'market=FR'],
      ['algo-1', 'market=DE'],
    ] as const) {
      const output = await OutputCommit.open(folder, PROVENANCE, { name, all: ['algo-1', 'algo-2'] });
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

  it('belongs to the first run that begins, even before that has committed anything', async () => {
    await open();
    const other = { ...PROVENANCE, runId: 'run-2' };
    await expect(OutputCommit.open(folder, other)).rejects.toThrow(
      /belongs to another run .*expected run run-2 of .*found run run-1 of .*output of its own/,
    );
    await OutputCommit.open(folder, PROVENANCE);
  });

  it('has one owner when two runs begin at the same time', async () => {
    const runs = ['run-1', 'run-2', 'run-3'];
    const begun = await Promise.allSettled(
      runs.map((runId) => OutputCommit.open(folder, { ...PROVENANCE, runId })),
    );
    expect(begun.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('gives its entry to a file whose writer was killed before it could record it', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    await removeEntries();
    const before = await stat(join(folder, file.file));
    const again = await open();
    expect(await again.committed(place('market=DE'))).toEqual(file);
    expect((await again.finish()).files).toEqual([file]);
    expect((await stat(join(folder, file.file))).mtimeMs).toBe(before.mtimeMs);
    expect(await (await open()).committed(place('market=DE'))).toEqual(file);
  });

  it('takes a damaged entry, or a damaged file without one, for none', async () => {
    const file = await commit(await open(), 'market=DE', 1, 2);
    for (const name of await readdir(join(folder, '_committed')))
      if (name !== 'run.json') await writeFile(join(folder, '_committed', name), '{"partit');
    expect(await (await open()).committed(place('market=DE'))).toEqual(file);
    await removeEntries();
    await truncate(join(folder, file.file), 20);
    const again = await open();
    expect(await again.committed(place('market=DE'))).toBeNull();
    expect(await commit(again, 'market=DE', 1, 2)).toEqual(file);
  });

  it('lets two starts of a job commit the same content, and not two contents', async () => {
    const [first, second] = [await open(), await open()];
    const both = await Promise.all([commit(first, 'market=DE', 1, 2), commit(second, 'market=DE', 1, 2)]);
    expect(both[0]).toEqual(both[1]);
    await commit(first, 'market=FR', 1);
    await expect(commit(second, 'market=FR', 2)).rejects.toMatchObject({
      code: 'CONFLICT',
      where: { partition: 'market=FR' },
    });
    expect((await first.finish()).files).toHaveLength(2);
    await verifyManifest(folder);
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('lets another start begin while a partition is being written', async () => {
    const [first] = [await open()];
    let isBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (isBegun = resolve));
    let goOn = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (goOn = resolve));
    async function* slowly(): AsyncGenerator<Batch> {
      yield* rows(1);
      isBegun();
      await waiting;
      yield* rows(2);
    }
    const writing = first.commitPartition(place('market=DE'), slowly(), SCHEMA);
    await begun;
    const second = await open();
    expect((await readdir(join(folder, 'market=DE'))).filter((name) => name.endsWith('.tmp'))).toHaveLength(
      1,
    );
    const other = await commit(second, 'market=FR', 3);
    goOn();
    expect((await writing).file.rows).toBe(2);
    expect(await second.committed(place('market=DE'))).toBeNull();
    const last = await open();
    for (const name of ['market=DE', 'market=FR']) expect(await last.committed(place(name))).not.toBeNull();
    expect((await last.finish()).files).toContainEqual(other);
    await verifyManifest(folder);
  });

  it('removes the files of partitions that are no more, and no others', async () => {
    const before = await open();
    await commit(before, 'market=DE', 1);
    const gone = await commit(before, 'market=FR', 2);
    await before.finish();
    await writeFile(join(folder, 'market=FR', 'notes.txt'), 'mine');
    const again = await open();
    await again.committed(place('market=DE'));
    expect((await again.finish()).files.map(({ partition }) => partition)).toEqual(['market=DE']);
    expect(await readdir(join(folder, 'market=FR'))).toEqual(['notes.txt']);
    expect(await readdir(join(folder, '_committed'))).toHaveLength(2);
    await expect(verifyManifest(folder)).rejects.toThrow(
      /files that no manifest lists .*expected 1 files, found market=FR\/notes.txt/,
    );
    await rm(join(folder, 'market=FR', 'notes.txt'));
    expect((await verifyManifest(folder)).files).not.toContainEqual(gone);
  });

  it('removes nothing of other hosts, nor what it cannot know to be too much', async () => {
    const hosts = ['algo-1', 'algo-2'];
    const host = (name: string): Promise<OutputCommit> =>
      OutputCommit.open(folder, PROVENANCE, { name, all: hosts });
    const [one, two] = [await host('algo-1'), await host('algo-2')];
    await commit(two, 'market=FR', 2);
    await two.finish();
    await commit(await host('algo-1'), 'market=DE', 1);
    const again = await host('algo-1');
    await again.committed(place('market=DE'));
    await again.finish();
    expect((await verifyManifest(folder)).files).toHaveLength(2);
    await commit(one, 'market=XX', 3);
    const last = await host('algo-1');
    await last.committed(place('market=DE'));
    await last.finish(['market=DE', 'market=FR']);
    expect((await verifyManifest(folder)).files).toHaveLength(2);
  });

  it('clears what the killed writers of its own partitions left, and not what other hosts are writing', async () => {
    await mkdir(join(folder, 'market=DE'), { recursive: true });
    const left = `.forecast-${HASH.slice(0, 12)}.parquet.0123456789ab.tmp`;
    const others = '.forecast-cdcdcdcdcdcd.parquet.0123456789ab.tmp';
    for (const name of [left, others]) {
      await writeFile(join(folder, 'market=DE', name), 'half');
      await utimes(join(folder, 'market=DE', name), 0, 0);
    }
    const output = await OutputCommit.open(folder, PROVENANCE, { name: 'algo-1', all: ['algo-1', 'algo-2'] });
    expect(await readdir(join(folder, 'market=DE'))).toHaveLength(2);
    const { file } = await commit(output, 'market=DE', 1);
    expect((await readdir(join(folder, 'market=DE'))).sort()).toEqual([others, basename(file)]);
  });

  it('takes _SUCCESS back while more is coming', async () => {
    await (await open()).finish();
    const again = await open();
    await again.reopen();
    expect(await readdir(folder)).not.toContain('_SUCCESS');
    await commit(again, 'market=DE', 1);
    await again.finish();
    expect(await readdir(folder)).toContain('_SUCCESS');
  });

  it('forgets the manifests of a start on more hosts', async () => {
    for (const name of ['algo-1', 'algo-2', 'algo-3'])
      await (
        await OutputCommit.open(folder, PROVENANCE, { name, all: ['algo-1', 'algo-2', 'algo-3'] })
      ).finish();
    for (const name of ['algo-1', 'algo-2'])
      await (await OutputCommit.open(folder, PROVENANCE, { name, all: ['algo-1', 'algo-2'] })).finish();
    expect(await verifyManifest(folder)).toMatchObject({ hosts: 2, files: [] });
    await (await open()).finish();
    expect(await verifyManifest(folder)).toMatchObject({ hosts: 1, files: [] });
    expect((await readdir(folder)).sort()).toEqual(['_SUCCESS', '_committed', 'manifest.json']);
  });
});

async function removeEntries(): Promise<void> {
  for (const name of await readdir(join(folder, '_committed')))
    if (name !== 'run.json') await rm(join(folder, '_committed', name));
}
