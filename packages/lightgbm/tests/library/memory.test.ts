import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { missingLibrary } from '../golden.ts';

const note = missingLibrary === null ? '' : ` (skipped: ${missingLibrary})`;

describe.skipIf(missingLibrary !== null)(`memory of LightGBM${note}`, () => {
  test('200 trainings leave nothing behind, disposed of or collected', async () => {
    const script = join(import.meta.dirname, 'memory-probe.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script]);
    const { left, grownMiB, collected } = JSON.parse(stdout) as {
      left: number;
      grownMiB: number;
      collected: number;
    };
    expect(left).toBe(0);
    expect(collected).toBe(0);
    // A dataset and its booster take more than half a MiB: 100 of them would not go unnoticed.
    expect(grownMiB).toBeLessThan(25);
  });
});
