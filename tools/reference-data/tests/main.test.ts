import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeInvoices } from './online-retail/invoices.ts';

const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { code, out, err };
}

test('imports, and prints the summary as JSON', async () => {
  const invoices = await writeInvoices(join(folder, 'invoices.parquet'), [{ quantity: 3 }]);
  const { code, out, err } = await run(
    'online-retail',
    '--invoices',
    invoices,
    '--out',
    join(folder, 'out'),
    '--json',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(out)).toMatchObject({ lines: 1, kinds: { sale: { lines: 1, units: 3 } } });
  expect(existsSync(join(folder, 'out', 'weekly.parquet'))).toBe(true);
});

test('explains itself', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out).toContain('online-retail --invoices FILE --out DIR');
});

test.each([
  [['online-retail', '--out', 'x'], '--invoices is missing'],
  [['tea'], 'expected online-retail, found tea'],
  [['online-retail', '--speed', '9'], '--speed'],
])('%j is a mistake of the command line', async (args, problem) => {
  const { code, err } = await run(...args);
  expect(code).toBe(2);
  expect(err).toContain(problem);
});

test('a file that is not there is a mistake of the input, told without a stack', async () => {
  const { code, err } = await run(
    'online-retail',
    '--invoices',
    join(folder, 'none.parquet'),
    '--out',
    join(folder, 'nothing'),
  );
  expect(code).toBe(65);
  expect(err).toMatch(/^there is no such file/);
  expect(err).not.toContain('    at ');
});
