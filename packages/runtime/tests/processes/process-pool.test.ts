import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProcessPool } from '../../src/processes/index.ts';

type Result = { readonly value: number; readonly pid: number };

let folder: string;
let pools: ProcessPool<{ factor: number }, string, Result>[];
let told: [string, number][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-pool-'));
  [pools, told] = [[], []];
});
afterEach(() => {
  for (const pool of pools) pool.close();
  rmSync(folder, { recursive: true, force: true });
});

function poolOf(factor: number, signal = new AbortController().signal) {
  const pool = new ProcessPool<{ factor: number }, string, Result>({
    ...{ program: new URL('task-process.ts', import.meta.url), opening: { factor }, signal },
    ...{ log: join(folder, 'log'), does: 'a task', stops: 'the work', again: 'Start again.' },
    remedy: 'Do less.',
    onProgress: (task, { done }) => told.push([task, done]),
  });
  pools.push(pool);
  return pool;
}

describe('a pool of processes', { timeout: 60_000 }, () => {
  it('does tasks in the process of their lane, and tells how far they are', async () => {
    const pool = poolOf(3);
    const [one, other] = await Promise.all([pool.run('2', 0), pool.run('NaN', 1)]);
    expect(one.result.value).toBe(6);
    expect(other.result.value).toBeNaN();
    expect(other.result.pid).not.toBe(one.result.pid);
    expect(one.peakBytes).toBeGreaterThan(1e6);
    expect((await pool.run('5', 0)).result).toEqual({ value: 15, pid: one.result.pid });
    expect(told.map(([task]) => task).sort()).toEqual(['2', '5', 'NaN']);
  });

  it('tells errors of tasks as they were thrown, and goes on', async () => {
    const pool = poolOf(1);
    await expect(pool.run('fail', 0)).rejects.toMatchObject({
      code: 'DATA',
      message: expect.stringMatching(/the task is wrong/) as string,
    });
    expect((await pool.run('4', 0)).result.value).toBe(4);
    const wrong = poolOf(-1);
    for (const task of ['1', '2']) await expect(wrong.run(task, 0)).rejects.toThrow(/the opening is wrong/);
  });

  it('starts a process anew where one has died, and leaves the others alone', async () => {
    const pool = poolOf(1);
    const before = await pool.run('1', 1);
    await expect(pool.run('die', 0)).rejects.toThrow(
      /the process of a task died.*found SIGKILL.*Do less\. What it printed: .*log/s,
    );
    expect((await pool.run('7', 0)).result.value).toBe(7);
    expect((await pool.run('1', 1)).result).toEqual(before.result);
  });

  it('ends them all where it is asked to stop', async () => {
    const stop = new AbortController();
    const pool = poolOf(1, stop.signal);
    const waiting = pool.run('wait', 0);
    setTimeout(() => stop.abort(), 300);
    await expect(waiting).rejects.toMatchObject({
      blame: 'interrupted',
      message: expect.stringMatching(/the work was asked to stop.*Start again\./s) as string,
    });
  });
});
