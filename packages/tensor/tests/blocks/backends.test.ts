import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { engineEntry } from '../../src/engine/engine-record.ts';
import { blocks, golden, type BlockName, type Numbers } from './golden-blocks.ts';

type Found = Readonly<Record<string, readonly number[]>>;

async function numbersOn(backend: 'native' | 'wasm'): Promise<Found> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'backend-probe.ts')],
    { env: { ...process.env, HEMLINE_TENSORFLOW: backend } },
  );
  const { backend: used, ...found } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<
    string,
    string[]
  >;
  expect(used).toEqual([backend]);
  return Object.fromEntries(Object.entries(found).map(([name, texts]) => [name, texts.map(Number)]));
}

/** As close as the blocks are to PyTorch. */
function expectClose(found: readonly number[], wanted: readonly number[], what: string): void {
  expect(found.length, what).toBe(wanted.length);
  wanted.forEach((value, i) => {
    if (!Number.isFinite(value)) expect(found[i], what).toBe(value);
    else expect(Math.abs(found[i]! - value), what).toBeLessThan(2e-5 * (1 + Math.abs(value)));
  });
}

const wasm = await numbersOn('wasm');

describe('on WebAssembly', () => {
  it.each(Object.keys(blocks) as BlockName[])('%s equals PyTorch, forward and backward', (name) => {
    const { output, parameterGradients, inputGradients } = golden[name];
    expectClose(wasm[`${name} output`]!, output.values, name);
    [...parameterGradients, ...inputGradients].forEach(({ values }: Numbers, i) =>
      expectClose(wasm[`${name} gradient ${i}`]!, values, `${name} gradient ${i}`),
    );
  });

  it('a mean of many numbers is theirs', () => {
    for (const count of [1, 255, 257, 6656, 700_000, 10_000_000])
      expect(Math.abs(wasm[`mean of ${count}`]![0]! - 0.1), String(count)).toBeLessThan(1e-6);
    const gradient = Array.from({ length: 3000 }, (_, i) => 2 * Math.sin(i));
    expectClose(wasm['gradient of a sum']!, gradient, 'gradient of a sum');
  });

  it('what is no number stays none, whatever it is confined to', () => {
    expect(wasm['confined']).toEqual([NaN, -8, 8, -8, -0.5, 0, 8, 8]);
    expect(wasm['gradient of confined']).toEqual([0, 1, 1, 1, 0]);
  });
});

const staged = engineEntry('tensorflow')?.state === 'staged';
it.skipIf(!staged)(
  `WebAssembly gives what the native library gives${staged ? '' : ' (skipped: run "npm run setup" to stage it)'}`,
  async () => {
    const native = await numbersOn('native');
    expect(Object.keys(wasm)).toEqual(Object.keys(native));
    for (const [name, values] of Object.entries(native)) expectClose(wasm[name]!, values, name);
  },
);
