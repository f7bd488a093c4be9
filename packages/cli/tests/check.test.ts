import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { command } from './command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-check-'));
  const first = parseWeek('2024-01-01');
  await writeParquetFile(join(folder, 'shop/weekly.parquet'), [
    new Batch({
      article: stringsToColumn(['A', 'A', 'A']),
      market: stringsToColumn(['DE', 'DE', 'DE']),
      week: dateColumn(Int32Array.of(first, first + 7, first + 21)),
      demand: float64Column(Float64Array.of(6, -1, 6)),
      discount: float64Column(Float64Array.of(0, 0.1, -0.02)),
    }),
  ]);
  await writeFile(join(folder, 'shop/weekly-notes.txt'), 'beside the table');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('check tells all problems at once, writes what settles them, and is content then', async () => {
  const first = await command(folder, ['check', 'shop', '--json']);
  expect(first.code, first.stderr).toBe(65);
  const { problems, descriptor } = JSON.parse(first.stdout) as {
    problems: { kind: string; count: number }[];
    descriptor: { settings: { setting: string; value: string }[]; isWritten: boolean };
  };
  expect(problems.map(({ kind, count }) => [kind, count])).toEqual([
    ['net sales below zero', 1],
    ['price above the black price', 1],
    ['a week is skipped', 1],
  ]);
  // What weeks without a row are is asked, never guessed.
  expect(descriptor.settings.map(({ setting, value }) => [setting, value])).toEqual([
    ['netSales', 'missing'],
    ['pricesAbove', 'undiscounted'],
  ]);
  expect(descriptor.isWritten).toBe(false);
  const text = await command(folder, ['check', 'shop']);
  expect(text.stdout).toMatch(/--missing-weeks zero \(nothing was sold\) or unobserved/);

  await command(folder, ['check', 'shop', '--missing-weeks', 'zero', '--write-descriptor']);
  expect(JSON.parse(await readFile(join(folder, 'shop/dataset.json'), 'utf8'))).toEqual({
    name: 'shop',
    tables: { weekly: { netSales: 'missing', pricesAbove: 'undiscounted', missingWeeks: 'zero' } },
  });
  const settled = await command(folder, ['check', 'shop']);
  expect(settled.code, settled.stdout).toBe(0);
  expect(settled.stdout).toMatch(/No problem was found\..*taken for unknown/s);
}, 120_000);
