import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal } from '../src/decisions/journal.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-journal-'));
  file = join(folder, 'journal.sqlite');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keep = (journal: Journal, name: string, length: number): void =>
  journal.write(() => void journal.run("INSERT INTO views VALUES ('ann', ?, ?)", name, 'x'.repeat(length)));

it('says which file is damaged, and what to do', async () => {
  await writeFile(file, 'x'.repeat(4096));
  expect(() => new Journal(file)).toThrow(
    /journal of the desk is damaged.*journal\.sqlite.*Put a copy of it back/s,
  );
});

it('looks into all pages before anybody decides', async () => {
  const journal = new Journal(file);
  for (let i = 0; i < 50; i++) keep(journal, `view ${i}`, 3000);
  journal.close();
  const bytes = await open(file, 'r+');
  const { size } = await bytes.stat();
  await bytes.write(Buffer.alloc(8192, 0x5a), 0, 8192, size - 8192 - 4096);
  await bytes.close();
  expect(() => new Journal(file)).toThrow(/journal of the desk is damaged/);
});

it('keeps nothing of what a full disk does not take, and goes on', () => {
  const journal = new Journal(file);
  keep(journal, 'before', 10);
  const { page_count: pages } = journal.one('PRAGMA page_count')!;
  journal.one(`PRAGMA max_page_count = ${Number(pages) + 4}`);
  expect(() => keep(journal, 'large', 1_000_000)).toThrow(/nothing was kept.*cannot be written/);
  keep(journal, 'after', 10);
  expect(journal.all('SELECT name FROM views ORDER BY name').map(({ name }) => name)).toEqual([
    'after',
    'before',
  ]);
  journal.close();
});

it('tells faults of its own as what they are', () => {
  const journal = new Journal(file);
  expect(() => journal.write(() => journal.run('INSERT INTO nowhere VALUES (1)'))).toThrow(/no such table/);
  keep(journal, 'after', 10);
  journal.close();
});
