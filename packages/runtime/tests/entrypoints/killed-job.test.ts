import { spawn } from 'node:child_process';
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '@hemline/sagemaker';
import { verifyManifest } from '@hemline/stores';
import { run, start } from '../fixtures/fabricate-root.ts';
import {
  SMALL_FORECAST,
  contentOf,
  forecastOf,
  unrulyInputs,
  unrulyRoot,
  untilCommitted,
} from '../fixtures/unruly-root.ts';

const THREADS = 2;
const KILLS = 20;

let inputs: string;
afterEach(() => rm(inputs, { recursive: true, force: true }));

/** Random numbers in [0, 1) that are the same every time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What tells a file that was written again from one that was not: its inode and time. */
async function files(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const names = await readdir(forecastOf(root), { recursive: true }).catch(() => []);
  for (const name of names.filter((each) => /(^|\/)[^.][^/]*\.parquet$/.test(each))) {
    const { ino, mtimeMs } = await stat(join(forecastOf(root), name));
    found.set(name, `${ino} ${mtimeMs}`);
  }
  return found;
}

describe('a job of 200 partitions that is killed 20 times', () => {
  it('ends with the bytes of an undisturbed one, and does again at most what was in flight', async () => {
    const markets = Array.from({ length: 200 }, (_, i) => `M${String(i).padStart(3, '0')}`);
    inputs = await unrulyInputs(markets);
    const [undisturbed, killed] = [await unrulyRoot(inputs), await unrulyRoot(inputs)];
    const argv = [...SMALL_FORECAST, '--threads', String(THREADS)];
    const log = join(inputs, 'log');
    const environment = { HEMLINE_VALIDATE: 'never', UNRULY_LOG: log };
    const reference = await run('unruly-process.ts', undisturbed, argv, { HEMLINE_VALIDATE: 'never' });
    expect(reference.code, reference.stderr).toBe(0);

    const random = randomFrom(20);
    let before = new Map<string, string>();
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, ended } = start('unruly-process.ts', killed, argv, environment);
      // A quarter at any moment of the start; the others after some partitions, in the middle of the next.
      const after = kill % 4 === 0 ? 0 : 1 + Math.floor(random() * 20);
      if (after > 0) await untilCommitted(child, after);
      await pause(random() * (after === 0 ? 500 : 20));
      child.kill('SIGKILL');
      expect((await ended).code, 'killed before its end').toBeNull();
      const now = await files(killed);
      for (const [name, written] of before) expect(now.get(name), name).toBe(written);
      before = now;
    }
    const last = await run('unruly-process.ts', killed, argv, environment);
    expect(last.code, last.stderr).toBe(0);
    expect(await contentOf(forecastOf(killed))).toEqual(await contentOf(forecastOf(undisturbed)));
    expect((await verifyManifest(forecastOf(killed))).files).toHaveLength(markets.length);
    // Every beginning of a partition is a line.
    const begun = (await readFile(log, 'utf8')).trim().split('\n');
    expect(new Set(begun).size).toBe(markets.length);
    expect(begun.length - markets.length).toBeLessThanOrEqual(KILLS * THREADS);
    // Many starts of a job: a minute and more on a busy machine.
  }, 240_000);
});

describe('a job whose disk takes no more', () => {
  it('says so once, leaves nothing half-written, and ends well when there is room', async () => {
    inputs = await unrulyInputs(['AT', 'DE', 'FR']);
    const [roomy, full] = [await unrulyRoot(inputs), await unrulyRoot(inputs)];
    // Random enough to need some kilobytes a file; a process may not write files of more than one.
    const argv = [...SMALL_FORECAST, '--horizon', '52', '--threads', String(THREADS)];
    expect((await run('unruly-process.ts', roomy, argv)).code).toBe(0);
    const script = join(import.meta.dirname, '..', 'fixtures', 'unruly-process.ts');
    const child = spawn('bash', ['-c', 'ulimit -f 1; exec "$0" "$@"', process.execPath, script, ...argv], {
      env: { ...process.env, SAGEMAKER_BASE_DIR: full },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, stderr).toBe(EXIT_CODES.retryable);
    expect(stderr.match(/"level":"error"/g)).toHaveLength(1);
    expect(await readFile(join(full, 'output', 'message'), 'utf8')).toMatch(/EFBIG/);
    expect(Object.keys(await contentOf(forecastOf(full)))).toEqual(['_committed/run.json']);
    const again = await run('unruly-process.ts', full, argv);
    expect(again.code, again.stderr).toBe(0);
    expect(await contentOf(forecastOf(full))).toEqual(await contentOf(forecastOf(roomy)));
  });
});
