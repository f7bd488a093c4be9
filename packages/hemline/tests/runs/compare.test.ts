import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Home, RunRecorder } from '@hemline/runs';
import { compare } from '../../src/runs/runs.ts';

const code = { version: '1', commit: null, dirty: null };
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hemline-compare-'));
  for (const [run, kind] of [
    ['a-weekly', 'weekly'],
    ['b-monitor', 'monitor'],
    ['c-weekly', 'weekly'],
  ] as const) {
    const recorder = await RunRecorder.open(new Home(home).runFolder(run), { run, kind, code });
    await recorder.finish('succeeded');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('compares a run with the one before it of the same kind', async () => {
  expect(await compare('latest', undefined, { home })).toMatchObject({
    first: 'a-weekly',
    second: 'c-weekly',
  });
});

it('without a name compares the latest run that has one of its kind before it', async () => {
  const later = await mkdtemp(join(tmpdir(), 'hemline-compare-latest-'));
  for (const [run, kind] of [
    ...[['a', 'weekly'] as const, ['b', 'weekly'] as const, ['c', 'monitor'] as const],
  ]) {
    const recorder = await RunRecorder.open(new Home(later).runFolder(run), { run, kind, code });
    await recorder.finish('succeeded');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await compare(undefined, undefined, { home: later })).toMatchObject({ first: 'a', second: 'b' });
  await rm(later, { recursive: true, force: true });
});

it('compares no run with itself', async () => {
  await expect(compare('c-weekly', 'latest', { home })).rejects.toThrow(/with itself/);
});

it('says that none came before', async () => {
  await expect(compare('b-monitor', undefined, { home })).rejects.toThrow(/no earlier run/);
});
