import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ArtifactError,
  Batch,
  float64Column,
  stringsToColumn,
  type ArtifactWriter,
  type HemlineError,
} from '@hemline/core';
import {
  CARD_FILE,
  openArtifact,
  readArtifactCard,
  writeArtifact,
} from '../../src/artifacts/model-artifact.ts';
import { smoothing } from '../fixtures/smoothing-model.ts';
import { cells } from '@hemline/parquet/testing';

const FACTS = {
  model: smoothing.name,
  modelVersion: smoothing.version,
  quantity: smoothing.quantity,
  hyperparameters: { epochs: 3 },
  cutoff: '2026-01-05',
  seed: 1,
  dataFingerprint: 'data',
  codeVersion: '0.1.0',
  runId: 'run',
  metrics: { loss: 0.5 },
};
const levels = new Batch({
  article: stringsToColumn(['A', null, '']),
  level: float64Column(Float64Array.of(1, -0, NaN)),
});
async function save(artifact: ArtifactWriter): Promise<void> {
  await artifact.writeJson('settings', { alpha: 0.3 });
  await artifact.writeTable('levels', levels);
  await artifact.writeBytes('weights', Uint8Array.of(0, 255, 7));
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-artifact-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function problemOf(work: Promise<unknown>): Promise<HemlineError> {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(ArtifactError);
  return error as HemlineError;
}

describe('a model folder', () => {
  it('gives back what was saved, and is traced by its card', async () => {
    const written = await writeArtifact(folder, FACTS, save);
    const { card, artifact } = await openArtifact(folder, smoothing);
    expect(card).toEqual(written);
    expect(card).toMatchObject(FACTS);
    expect(card.entries.map((entry) => entry.file)).toEqual([
      'levels.parquet',
      'settings.json',
      'weights.bin',
    ]);
    expect(await artifact.readJson('settings')).toEqual({ alpha: 0.3 });
    expect([...(await artifact.readBytes('weights'))]).toEqual([0, 255, 7]);
    const table = await artifact.readTable('levels');
    for (const name of levels.names) expect(cells(table.column(name))).toEqual(cells(levels.column(name)));
    expect((await readdir(folder)).sort()).toEqual([
      CARD_FILE,
      'levels.parquet',
      'settings.json',
      'weights.bin',
    ]);
  });

  it('keeps a part for each member: names are apart, and checked as all others', async () => {
    const card = await writeArtifact(folder, FACTS, async (artifact) => {
      await artifact.writeJson('settings', { of: 'all' });
      for (const name of ['trees', 'net']) await artifact.nested(name).writeJson('settings', { of: name });
      await artifact.nested('trees').nested('deeper').writeTable('levels', levels);
    });
    expect(card.entries.map(({ name, file }) => [name, file])).toEqual([
      ['net/settings', 'net/settings.json'],
      ['settings', 'settings.json'],
      ['trees/deeper/levels', 'trees/deeper/levels.parquet'],
      ['trees/settings', 'trees/settings.json'],
    ]);
    const { artifact } = await openArtifact(folder, smoothing);
    expect(await artifact.readJson('settings')).toEqual({ of: 'all' });
    expect(await artifact.nested('trees').readJson('settings')).toEqual({ of: 'trees' });
    expect((await artifact.nested('trees').nested('deeper').readTable('levels')).length).toBe(3);
    expect((await problemOf(artifact.nested('naive').readJson('settings'))).message).toMatch(
      /expected naive\/settings\.json/,
    );
    await writeFile(join(folder, 'net', 'settings.json'), '{"of":"another"}');
    expect((await problemOf(artifact.nested('net').readJson('settings'))).message).toMatch(/has changed/);
  });

  it.each(['', '../x', 'a/b', '.x'])('has no part named %j', async (name) => {
    const work = writeArtifact(folder, FACTS, (artifact) => artifact.nested(name).writeJson('settings', 1));
    expect((await problemOf(work)).message).toMatch(/no plain name/);
  });

  it.each([
    ['levels.parquet', 'readTable', 'levels'],
    ['settings.json', 'readJson', 'settings'],
    ['weights.bin', 'readBytes', 'weights'],
  ] as const)('names %s when a byte of it was altered, or it is gone', async (file, read, name) => {
    await writeArtifact(folder, FACTS, save);
    const { artifact } = await openArtifact(folder, smoothing);
    const bytes = await readFile(join(folder, file));
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(join(folder, file), bytes);
    const altered = await problemOf(artifact[read](name));
    expect(altered.message).toMatch(/has changed since it was written/);
    expect(altered.where.file).toBe(join(folder, file));
    await rm(join(folder, file));
    expect((await problemOf(artifact[read](name))).where.file).toBe(join(folder, file));
  });

  it('lists what there is when an entry is wanted that was never saved', async () => {
    await writeArtifact(folder, FACTS, save);
    const { artifact } = await openArtifact(folder, smoothing);
    expect((await problemOf(artifact.readJson('levels'))).message).toMatch(
      /expected levels\.json, found levels\.parquet, settings\.json, weights\.bin/,
    );
  });

  it('is none without its card, nor with a damaged or a foreign one', async () => {
    expect((await problemOf(readArtifactCard(folder))).message).toMatch(/no model folder .*hemline\.json/);
    await writeArtifact(folder, FACTS, save);
    const card = join(folder, CARD_FILE);
    const text = await readFile(card, 'utf8');
    await writeFile(card, text.replace('"format": 1', '"format": 99'));
    expect((await problemOf(readArtifactCard(folder))).message).toMatch(/expected 1, found 99/);
    await writeFile(card, text.slice(0, -20));
    expect((await problemOf(readArtifactCard(folder))).message).toMatch(/card is damaged/);
  });

  it('is refused when it holds another model, or another version of its format', async () => {
    await writeArtifact(folder, { ...FACTS, model: 'other' }, save);
    expect((await problemOf(openArtifact(folder, smoothing))).message).toMatch(
      /expected smoothing, .*found other,/,
    );
    await writeArtifact(folder, { ...FACTS, modelVersion: 7 }, save);
    expect((await problemOf(openArtifact(folder, smoothing))).message).toMatch(
      /found smoothing, artifact version 7/,
    );
  });

  it('keeps the earlier model when saving fails', async () => {
    await writeArtifact(folder, FACTS, save);
    const before = (await readdir(folder)).sort();
    const failing = writeArtifact(folder, { ...FACTS, seed: 2 }, async (artifact) => {
      await artifact.writeJson('settings', { alpha: 0.9 });
      throw new Error('out of memory');
    });
    await expect(failing).rejects.toThrow('out of memory');
    const { card, artifact } = await openArtifact(folder, smoothing);
    expect(card.seed).toBe(1);
    expect(await artifact.readJson('settings')).toEqual({ alpha: 0.3 });
    expect((await readdir(folder)).sort()).toEqual(before);
  });

  it('is cleared of what a killed start left, for all of it would be archived', async () => {
    const left = join(folder, '.writing-0123456789ab');
    await writeArtifact(left, FACTS, save);
    await writeArtifact(folder, FACTS, save);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('takes plain names only, each once', async () => {
    for (const name of ['../up', 'a/b', '', '.hidden', 'a.json'])
      await problemOf(writeArtifact(folder, FACTS, (artifact) => artifact.writeJson(name, 1)));
    const twice = writeArtifact(folder, FACTS, async (artifact) => {
      await artifact.writeJson('a', 1);
      await artifact.writeBytes('a', new Uint8Array(0));
    });
    expect((await problemOf(twice)).message).toMatch(/written twice/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('has the same bytes for the same training', async () => {
    const first = await writeArtifact(folder, FACTS, save);
    const again = await writeArtifact(folder, FACTS, save);
    expect(again).toEqual(first);
    await appendFile(join(folder, 'settings.json'), ' ');
    const { artifact } = await openArtifact(folder, smoothing);
    await problemOf(artifact.readJson('settings'));
  });
});
