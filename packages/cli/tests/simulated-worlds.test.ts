import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { command } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'hemline-worlds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIZE = ['--articles', '10', '--markets', '2', '--weeks', '20', '--json'];

it('simulates other markets than the plain one, and says which', async () => {
  const worlds = ['--pool', '--competition', '0.3', '--aging=-0.5', '--vat'];
  const { code, stdout, stderr } = await command(folder, ['simulate', ...SIZE, ...worlds, '--out', 'market']);
  expect(code, stderr).toBe(0);
  const { observed } = JSON.parse(stdout) as { observed: string };
  const { options } = JSON.parse(readFileSync(join(folder, 'market/simulation.json'), 'utf8')) as {
    options: Record<string, unknown>;
  };
  expect(options).toMatchObject({ pool: true, competition: 0.3, aging: -0.5, vat: true });
  const { tables } = JSON.parse(readFileSync(join(folder, observed, 'dataset.json'), 'utf8')) as {
    tables: Record<string, { staticCovariates: string[] }>;
  };
  expect(tables.markets!.staticCovariates.slice(-2)).toEqual(['vat', 'pool']);
}, 60_000);

it.each([
  [['--competition', '1'], 'competition 1 (a number from 0 to 0.95)'],
  [['--aging', 'much'], 'Expected a number.'],
])(
  'refuses %j',
  async (options, said) => {
    const { code, stdout, stderr } = await command(folder, [
      'simulate',
      ...SIZE,
      ...options,
      '--out',
      'refused',
    ]);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(said);
  },
  60_000,
);
