import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frontier, FrontierPoint } from '@hemline/pricing';
import { openParquetFile, verifyManifest } from '@hemline/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeFrontier } from '../../src/pricing/write-frontier.ts';

const POINT: FrontierPoint = {
  ...{ bound: 0.1, side: 'at most', isLimit: true, isFeasible: true, value: 0.0999, profit: 100 },
  ...{
    profitBound: 101,
    gap: 0.01,
    worthOfOne: 2.5,
    unitsSold: 10,
    unitsLeft: 3,
    evaluations: 1,
    seconds: 9,
  },
};
const FRONTIER: Frontier = {
  limit: { limit: 'discount-rate', name: 'a "rate", of all', line: 1, upper: 0.1 },
  points: [
    POINT,
    { ...POINT, bound: null, side: 'free', isLimit: false, worthOfOne: null },
    { ...POINT, isFeasible: false, profit: null, profitBound: null, gap: null, unitsSold: null },
  ],
};

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'hemline-frontier-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

it('writes text that spreadsheets read, whole or not at all', async () => {
  const file = join(folder, 'frontier.csv');
  await writeFrontier(file, FRONTIER, 'weekly-1');
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines[0]).toBe(
    'limit,measure,side,bound,is_limit,is_feasible,value,profit,profit_bound,gap,worth_of_one,units_sold,units_left,evaluations',
  );
  expect(lines[1]).toBe(
    '"a ""rate"", of all","discount-rate","at most",0.1,true,true,0.0999,100,101,0.01,2.5,10,3,1',
  );
  expect(lines[2]).toMatch(/,"free",,false,true,0.0999,100,101,0.01,,10,3,1$/);
  expect(lines[3]).toMatch(/,true,false,0.0999,,,,2.5,,3,1$/);
  expect(lines.slice(4)).toEqual(['']);
  expect(await readdir(folder)).toEqual(['frontier.csv']);
  await expect(writeFrontier(join(folder, 'nowhere', 'f.csv'), FRONTIER, 'r')).rejects.toThrow(
    /the path cannot be written/,
  );
});

it('writes Parquet with a manifest', async () => {
  const place = join(folder, 'table');
  await writeFrontier(place, FRONTIER, 'weekly-1');
  const { files, provenance } = await verifyManifest(place);
  expect(files.map(({ partition, rows }) => [partition, rows])).toEqual([['frontier', 3]]);
  expect(provenance).toMatchObject({ model: 'pricing', runId: 'weekly-1' });
  const parquet = await openParquetFile(join(place, files[0]!.file));
  for await (const batch of parquet.batches()) expect([...batch.floats('profit')]).toEqual([100, 100, NaN]);
});
