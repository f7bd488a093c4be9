import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { engineEntry } from '../../src/engine/engine-record.ts';

const packageRoot = resolve(import.meta.dirname, '../..');
const probe = join(packageRoot, 'tests/engine/probe.ts');
const staged = engineEntry('tensorflow')?.state === 'staged';
const folders: string[] = [];

interface Probe {
  expected: string;
  backend: string;
  version: string;
  same: boolean;
  product: number[];
  gradient: number[];
  left: number;
}

async function run(script: string, ...args: string[]): Promise<{ result: Probe; stderr: string }> {
  return runWith({}, script, ...args);
}

async function runWith(
  environment: Readonly<Record<string, string>>,
  script: string,
  ...args: string[]
): Promise<{ result: Probe; stderr: string }> {
  const env = { ...process.env, ...environment };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, ...args], { env });
  return { result: JSON.parse(stdout.trim().split('\n').at(-1)!) as Probe, stderr };
}

/** A copy of this package in a workspace of its own, whose setup left the given record. */
function packageWith(record: object | null): string {
  const root = mkdtempSync(join(tmpdir(), 'hemline-tensor-'));
  folders.push(root);
  const copy = join(root, 'packages/tensor');
  cpSync(packageRoot, copy, { recursive: true });
  mkdirSync(join(root, 'node_modules/.hemline'), { recursive: true });
  const modules = resolve(packageRoot, '../../node_modules');
  for (const name of ['@hemline', '@tensorflow'])
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  if (record !== null)
    writeFileSync(
      join(root, 'node_modules/.hemline/engines.json'),
      JSON.stringify({ format: 1, engines: record }),
    );
  return join(copy, 'tests/engine/probe.ts');
}

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function expectExact(result: Probe): void {
  // a·b by hand; the gradient of the sum of squares is 2·(a·b)·bᵀ.
  expect(result.product).toEqual([7.5, 8, 18, 14]);
  expect(result.gradient).toEqual(handGradient);
  expect(result.same).toBe(true);
  expect(result.left).toBe(0);
}

const b = [
  [0.5, -1],
  [2, 0],
  [1, 3],
];
const handGradient = [
  [7.5, 8],
  [18, 14],
].flatMap(([p, q]) => b.map(([x, y]) => 2 * (p! * x! + q! * y!)));

describe('loadTensorflow', () => {
  it('computes a product and its gradient as WebAssembly', async () => {
    const { result, stderr } = await run(probe, 'wasm');
    expect(result.backend).toBe('wasm');
    expect(result.version).toBe('4.22.0');
    expectExact(result);
    expect(stderr).toBe('');
  });

  it.skipIf(!staged)(
    `computes the same natively${staged ? '' : ' (skipped: run "npm run setup" to stage it)'}`,
    async () => {
      const { result } = await run(probe, 'native');
      expect(result.backend).toBe('native');
      expect(result.version).toMatch(/^2\./);
      expectExact(result);
    },
  );

  it('falls back to WebAssembly where setup has not run, and says so once', async () => {
    const { result, stderr } = await run(packageWith(null));
    expect(result.backend).toBe('wasm');
    expect(result.expected).toBe('wasm');
    expect(stderr.match(/runs as WebAssembly/g)).toHaveLength(1);
    expect(stderr).toContain('npm run setup');
  });

  it('expects the native library where setup has staged it alone, without loading it', async () => {
    const script = packageWith({ tensorflow: { state: 'staged', version: '2.21.0', library: 'none' } });
    const { result } = await run(script, 'wasm');
    expect([result.expected, result.backend]).toEqual(['native', 'wasm']);
  });

  it('says why setup could not stage the native library', async () => {
    const script = packageWith({
      tensorflow: { state: 'unavailable', version: '2.21.0', reason: 'no wheel here.' },
    });
    const { result, stderr } = await run(script);
    expect(result.backend).toBe('wasm');
    expect(stderr).toContain('no wheel here.');
  });

  it('takes the one that the environment asks for, and no other', async () => {
    const { result, stderr } = await runWith({ HEMLINE_TENSORFLOW: 'wasm' }, probe);
    expect(result.backend).toBe('wasm');
    expect(result.expected).toBe('wasm');
    expect(stderr).toBe('');
    await expect(runWith({ HEMLINE_TENSORFLOW: 'abacus' }, probe)).rejects.toThrow(
      /no such engine of TensorFlow; expected HEMLINE_TENSORFLOW as one of gpu, native, wasm, found abacus/,
    );
  });

  it('refuses a backend that is asked for and not staged', async () => {
    const script = packageWith(null);
    await expect(run(script, 'native')).rejects.toThrow(
      /native engine of TensorFlow is not staged.*npm run setup/,
    );
    await expect(run(script, 'gpu')).rejects.toThrow(/gpu engine of TensorFlow is not staged.*--gpu/);
  });
});
