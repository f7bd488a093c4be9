import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareFolders, isSame } from '../../src/check-image/compare-folders.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'hemline-compare-'))));
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), text);
}

const compare = (): ReturnType<typeof compareFolders> => compareFolders(join(folder, 'a'), join(folder, 'b'));

it('finds files that are missing, besides, and altered, however deep', async () => {
  await write('a/same', '1');
  await write('b/same', '1');
  await write('a/x/y/gone', '1');
  await write('b/x/new', '1');
  await write('a/x/other', '1');
  await write('b/x/other', '2');
  const differences = await compare();
  expect(differences).toEqual({
    onlyFirst: ['x/y/gone'],
    onlySecond: ['x/new'],
    altered: ['x/other'],
    files: 2,
  });
  expect(isSame(differences)).toBe(false);
});

it('two folders with the same files are the same; two empty ones prove nothing', async () => {
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  expect(isSame(await compare())).toBe(false);
  await write('a/x', '1');
  await write('b/x', '1');
  expect(isSame(await compare())).toBe(true);
});
