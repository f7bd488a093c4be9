import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InterruptedError } from '@hemline/core';
import { watchFolder } from '../../src/triggers/watch-folder.ts';
import type { Arrival } from '../../src/triggers/arrivals.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'hemline-watch-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function arrive(name: string, success = true): void {
  mkdirSync(join(root, 'in', name), { recursive: true });
  writeFileSync(join(root, 'in', name, 'weekly.parquet'), name);
  if (success) writeFileSync(join(root, 'in', name, '_SUCCESS'), '');
}

const watch = (run: (arrival: Arrival) => Promise<void>): Promise<number> =>
  watchFolder({
    folder: join(root, 'in'),
    ledger: join(root, 'ledger'),
    workflow: 'weekly',
    interval: 1,
    once: true,
    run,
    signal: new AbortController().signal,
  });

describe('watchFolder', () => {
  it('runs every complete arrival once, also after a restart', async () => {
    arrive('w1');
    arrive('deep/w2');
    arrive('w3', false);
    const ran: string[] = [];
    const run = async ({ name }: Arrival): Promise<void> => void ran.push(name);
    expect(await watch(run)).toBe(2);
    expect(ran.toSorted()).toEqual(['deep/w2', 'w1']);
    expect(await watch(run)).toBe(0);
    arrive('w3');
    expect(await watch(run)).toBe(1);
    expect(ran).toHaveLength(3);
  });

  it('runs an arrival again that was interrupted, and one that was delivered anew', async () => {
    arrive('w1');
    await expect(watch(() => Promise.reject(new TypeError('crash')))).rejects.toThrow('crash');
    expect(await watch(() => Promise.reject(new InterruptedError('stopped')))).toBe(0);
    const ran: string[] = [];
    const run = async ({ name }: Arrival): Promise<void> => void ran.push(name);
    expect(await watch(run)).toBe(1);
    writeFileSync(join(root, 'in', 'w1', '_SUCCESS'), 'second delivery');
    expect(await watch(run)).toBe(1);
    expect(ran).toEqual(['w1', 'w1']);
  });

  it('runs an arrival once when two watchers see it at once', async () => {
    for (const name of ['a', 'b', 'c', 'd']) arrive(name);
    const ran: string[] = [];
    const run = async ({ name }: Arrival): Promise<void> => {
      ran.push(name);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    for (let round = 0; round < 3; round++) await Promise.all([watch(run), watch(run)]);
    expect(ran.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });
});
