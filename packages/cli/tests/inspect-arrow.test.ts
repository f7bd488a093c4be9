import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulateMarket } from '@hemline/market-simulator';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { command } from './command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-inspect-'));
  await simulateMarket({ out: join(folder, 'market'), articles: 10, markets: 1, weeks: 40 });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('inspect --arrow writes the columns and rows that were asked for', async () => {
  const asked = [
    '--arrow',
    'articles.arrow',
    '--table',
    'articles',
    '--columns',
    'article,group',
    '--first',
    '4',
  ];
  const { code, stdout, stderr } = await command(folder, ['inspect', 'market/observed', ...asked, '--json']);
  expect(code, stderr).toBe(0);
  const file = join(folder, 'articles.arrow');
  expect(JSON.parse(stdout)).toEqual({ file, rows: 4, columns: ['article', 'group'] });
  const table = tableFromIPC(readFileSync(file));
  expect([table.numRows, table.schema.fields.map(({ name }) => name)]).toEqual([4, ['article', 'group']]);
}, 60_000);

it('what would not be heeded without --arrow is refused', async () => {
  const { code, stderr } = await command(folder, ['inspect', 'market/observed', '--first', '4']);
  expect(code).toBe(65);
  expect(stderr).toMatch(/an Arrow file; expected --arrow FILE beside them, found --first/);
}, 60_000);
