import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { HemlineError } from '@hemline/core';
import type { FuzzOutcome } from './fuzz-worker.ts';
import { memorySource } from '../../src/memory.ts';
import { fewColumns, ownFile } from './own-files.ts';
import { readAll } from './read-all.ts';

/** `HEMLINE_FUZZ=1000000 npx vitest run …/fuzz` tries more. */
const MUTATIONS = Number(process.env['HEMLINE_FUZZ'] ?? 10_000);
const SEED = Number(process.env['HEMLINE_FUZZ_SEED'] ?? 1);
/** A file of some kilobytes that takes longer hangs. */
const PATIENCE_MS = 10_000;
const MOST_MEMORY = 768 * 2 ** 20;

function fuzz(count: number): Promise<FuzzOutcome[]> {
  return new Promise((resolve, reject) => {
    const outcomes: FuzzOutcome[] = [];
    let trying = 'the start';
    const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
      workerData: { seed: SEED, count, golden: join(import.meta.dirname, '../golden') },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    let watch: NodeJS.Timeout;
    const wait = (): void => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        void worker.terminate();
        reject(new Error(`hangs: ${trying}`));
      }, PATIENCE_MS);
    };
    wait();
    worker.on('message', (message: { trying?: string; outcome?: FuzzOutcome; done?: boolean }) => {
      wait();
      if (message.trying !== undefined) trying = message.trying;
      if (message.outcome !== undefined) outcomes.push(message.outcome);
      if (message.done === true) {
        clearTimeout(watch);
        resolve(outcomes);
      }
    });
    worker.on('error', (error) => reject(new Error(`killed by ${trying}`, { cause: error })));
    worker.on('exit', (code) => {
      clearTimeout(watch);
      reject(new Error(`ended with ${code} by ${trying}`));
    });
  });
}

describe('damaged files', () => {
  it(
    `are refused with an error of ours, or read as before: ${MUTATIONS} mutations`,
    async () => {
      const before = process.memoryUsage().rss;
      const outcomes = await fuzz(MUTATIONS);
      const of = (kind: FuzzOutcome['kind']): FuzzOutcome[] => outcomes.filter((each) => each.kind === kind);
      expect(outcomes.length).toBe(MUTATIONS);
      expect(of('defect').map(({ detail }) => detail)).toEqual([]);
      expect(of('silent').filter(({ name }) => name.startsWith('own'))).toEqual([]);
      // Of files without checksums, some damage cannot be seen; most is.
      expect(of('refused').length).toBeGreaterThan(outcomes.length / 2);
      expect(process.resourceUsage().maxRSS * 1024 - before).toBeLessThan(MOST_MEMORY);
    },
    20 * 60_000,
  );

  it('are seen for every single bit of a file written here', async () => {
    const bytes = await ownFile(fewColumns(), { codec: 'none', pageRows: 32 });
    const where = [{ column: 'small', from: 1, to: 3 }];
    const whole = await readAll(memorySource(bytes));
    const part = await readAll(memorySource(bytes), where);
    const unseen: string[] = [];
    const damaged = bytes.slice();
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      // A damaged index harms only those who read by it.
      for (const [filters, expected] of [
        [[], whole],
        [where, part],
      ] as const) {
        const found = await readAll(memorySource(damaged), filters).catch((error: unknown) => error);
        if (found !== expected && !(found instanceof HemlineError))
          unseen.push(`bit ${bit & 7} of byte ${bit >> 3}: ${String(found)}`);
      }
      damaged[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(unseen).toEqual([]);
  }, 120_000);
});
