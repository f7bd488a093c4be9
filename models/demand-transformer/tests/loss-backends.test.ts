import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectedBackend } from '@hemline/tensor';
import { expect, it } from 'vitest';

interface Found {
  readonly backend: string;
  readonly loss: number;
  readonly gradients: readonly (readonly number[])[];
  readonly lossesOfNaN: readonly string[];
}

async function lossOn(backend: 'native' | 'wasm'): Promise<Found> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'loss-probe.ts')],
    { env: { ...process.env, HEMLINE_TENSORFLOW: backend } },
  );
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as Found;
  expect(found.backend).toBe(backend);
  return found;
}

const isStaged = expectedBackend() === 'native';
it.skipIf(!isStaged)(
  `the loss of a whole batch is the same on WebAssembly${isStaged ? '' : ' (skipped: run "npm run setup" to stage TensorFlow)'}`,
  async () => {
    const [wasm, native] = await Promise.all([lossOn('wasm'), lossOn('native')]);
    expect(Math.abs(wasm.loss / native.loss - 1)).toBeLessThan(1e-6);
    native.gradients.forEach((gradient, i) =>
      gradient.forEach((wanted, at) =>
        expect(Math.abs(wasm.gradients[i]![at]! - wanted)).toBeLessThan(1e-6 * Math.abs(wanted) + 1e-9),
      ),
    );
    // A network that has gone wrong does not look sound on either.
    for (const { lossesOfNaN } of [wasm, native]) expect(lossesOfNaN).toEqual(['NaN', 'NaN', 'NaN', 'NaN']);
  },
);
