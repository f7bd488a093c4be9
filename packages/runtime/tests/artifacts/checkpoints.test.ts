import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DirectoryCheckpoints, type TrainingIdentity } from '../../src/artifacts/checkpoints.ts';

const IDENTITY: TrainingIdentity = {
  model: 'smoothing',
  modelVersion: 1,
  dataFingerprint: 'data',
  hyperparameters: { epochs: 3 },
  cutoff: '2026-01-05',
  seed: 1,
};
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const checkpoints = (change: Partial<TrainingIdentity> = {}): DirectoryCheckpoints =>
  new DirectoryCheckpoints(folder, { ...IDENTITY, ...change });

async function latestOf(of: DirectoryCheckpoints): Promise<{ step: number; state: unknown } | null> {
  const latest = await of.latest();
  return latest === null ? null : { step: latest.step, state: await latest.artifact.readJson('state') };
}
const saveAt = (of: DirectoryCheckpoints, step: number): Promise<void> =>
  of.save(step, (artifact) => artifact.writeJson('state', { step }));

describe('checkpoints', () => {
  it('are none at first, even when there is no folder', async () => {
    expect(await checkpoints().latest()).toBeNull();
    expect(await new DirectoryCheckpoints(join(folder, 'none'), IDENTITY).latest()).toBeNull();
  });

  it('give the newest, and remove older ones', async () => {
    for (const step of [1, 2, 9, 10, 11]) {
      await saveAt(checkpoints(), step);
      expect(await latestOf(checkpoints())).toEqual({ step, state: { step } });
      expect(await readdir(folder)).toHaveLength(1);
    }
    await saveAt(checkpoints(), 11);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('of members count on their own, and tell what a stopped training goes on from', async () => {
    const whole = checkpoints();
    expect(await whole.newest()).toBeNull();
    await saveAt(whole.nested('trees'), 40);
    await saveAt(whole.nested('net'), 7);
    await saveAt(whole.nested('net'), 8);
    expect(await latestOf(checkpoints())).toBeNull();
    expect(await latestOf(checkpoints().nested('trees'))).toEqual({ step: 40, state: { step: 40 } });
    expect(await latestOf(checkpoints().nested('net'))).toEqual({ step: 8, state: { step: 8 } });
    expect(await latestOf(checkpoints({ seed: 2 }).nested('net'))).toBeNull();
    expect(await readdir(folder)).toHaveLength(2);
    expect(await whole.newest()).toBe('8 of net');
    await saveAt(whole, 3);
    expect(await whole.newest()).toBe('3');
  });

  it.each([
    { seed: 2 },
    { cutoff: '2026-01-12' },
    { dataFingerprint: 'other' },
    { hyperparameters: { epochs: 4 } },
    { model: 'other' },
    { modelVersion: 2 },
  ])('of another training are neither read nor removed: %j', async (change) => {
    await saveAt(checkpoints(change), 5);
    expect(await checkpoints().latest()).toBeNull();
    await saveAt(checkpoints(), 1);
    await saveAt(checkpoints(), 2);
    expect(await latestOf(checkpoints(change))).toEqual({ step: 5, state: { step: 5 } });
    expect(await latestOf(checkpoints())).toEqual({ step: 2, state: { step: 2 } });
  });

  it('keep the older one when saving fails', async () => {
    await saveAt(checkpoints(), 1);
    const failing = checkpoints().save(2, async (artifact) => {
      await artifact.writeJson('state', {});
      throw new Error('disk');
    });
    await expect(failing).rejects.toThrow('disk');
    expect(await latestOf(checkpoints())).toEqual({ step: 1, state: { step: 1 } });
    expect(await readdir(folder)).toHaveLength(1);
  });

  // The platform copies file by file in no promised order, and may be cut off.
  it.each([
    ['no index', 'rm', 'checkpoint.json'],
    ['half an index', 'cut', 'checkpoint.json'],
    ['a missing entry', 'rm', 'state.json'],
    ['half an entry', 'cut', 'state.json'],
  ])('with %s never load: the one before does', async (_, how, file) => {
    await saveAt(checkpoints(), 7);
    const [torn] = await readdir(folder);
    const aside = await mkdtemp(join(tmpdir(), 'hemline-aside-'));
    const { cp } = await import('node:fs/promises');
    await cp(join(folder, torn!), join(aside, torn!), { recursive: true });
    await rm(join(folder, torn!), { recursive: true });
    await saveAt(checkpoints(), 6);
    await cp(join(aside, torn!), join(folder, torn!), { recursive: true });
    await rm(aside, { recursive: true });
    expect((await latestOf(checkpoints()))?.step).toBe(7);
    const path = join(folder, torn!, file);
    await (how === 'rm' ? rm(path) : writeFile(path, '{"st'));
    expect(await latestOf(checkpoints())).toEqual({ step: 6, state: { step: 6 } });
  });
});
