import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkNotKept } from '../src/kept-options.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'tools/benchmarks/src/main.ts');
const NAMES = ['rows', 'market-seed', 'json'];

it('refuses options that npm has kept, by their names', () => {
  const kept = { npm_config_rows: 'true', npm_config_market_seed: '3' };
  expect(() => checkNotKept(NAMES, {}, kept)).toThrow(
    'npm has kept --rows, --market-seed for itself; expected -- before all options',
  );
});

it('has nothing against options that came through, nor against what is set for npm alone', () => {
  expect(() => checkNotKept(NAMES, { rows: '1000' }, { npm_config_rows: '1000' })).not.toThrow();
  expect(() =>
    checkNotKept(NAMES, {}, { npm_config_json: 'true', npm_config_cache: '/tmp', npm_config_rows: '' }),
  ).not.toThrow();
});

it('ends with 64 where npm has kept --rows and handed on its value as a name', () => {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'import', '1000'], {
    env: { ...process.env, npm_config_rows: 'true' },
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/npm has kept --rows for itself/);
  expect(status).toBe(64);
});

it('reads options as options where the package manager hands on its -- as well', () => {
  const bootstrap = join(ROOT, 'tools/setup/bootstrap.mjs');
  const args = [bootstrap, 'bench', '--', 'import', '--rows', '1000', '--list'];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toMatch(/^import$/m);
});
