import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunRecorder, readRun } from '@hemline/runs';
import { renderReport, writeReport } from '../src/write-report.ts';
import { BROWSER, lookAt } from '../src/testing/look-at.ts';
import { checkCharts, emptySections } from '../src/testing/check-charts.ts';
import { fabricatedSource } from './fabricated-source.ts';

let folder: string;
let page: string;
let text: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-page-'));
  text = await renderReport(await fabricatedSource(join(folder, 'run')));
  page = join(folder, 'report.html');
  await writeFile(page, text);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a report', () => {
  it('tells what failed, was tried again, or was stood in for', () => {
    expect(text).toContain('degraded');
    expect(text).toMatch(/demand-transformer: train.*demand-transformer 7 stands in/s);
    expect(text).toContain('2 attempts');
    expect(text).toContain('3.0 GiB');
  });

  it('compares with baseline and champion', () => {
    expect(text).toContain('champion: demand-transformer version 7');
    expect(text).toMatch(/demand error of\s+demand-transformer, 14 % below demand-naive/);
  });

  it('shows every metric, also of a model that has many', () => {
    expect(text).toMatch(/coverage ?10.*coverage ?50.*coverage ?90/is);
    expect(text).toMatch(/90\.8 %|0\.908/);
  });

  it('escapes what runs say', () => {
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('shows the largest parts where there are many, and says how many it left out', () => {
    expect(text).toContain('the 15 largest, 25 smaller ones left out');
    expect(text).toContain('the 15 largest, 10 smaller ones left out');
  });

  it('is the same for the same source', async () => {
    const source = await fabricatedSource(join(folder, 'again'));
    expect(await renderReport(source)).toBe(await renderReport(source));
  });

  it.skipIf(BROWSER === null).each([
    ['laptop', 1280, 'light'],
    ['laptop at night', 1280, 'dark'],
    ['tablet', 800, 'light'],
    ['phone', 375, 'light'],
  ] as const)('is whole on a %s (skipped where there is no Chromium)', async (_, width, scheme) => {
    const seen = await lookAt(page, width, scheme);
    expect(checkCharts(seen)).toEqual([]);
    expect(seen.charts.length).toBeGreaterThan(25);
    expect(emptySections(seen)).toEqual(['Demand of single articles']);
  });
});

describe('a report of a run that left little', () => {
  it('says in every section what is missing and why', async () => {
    const directory = join(folder, 'little');
    const code = { version: '1', commit: null, dirty: null };
    const recorder = await RunRecorder.open(directory, { run: 'train-1', kind: 'train', code });
    await recorder.finish('failed');
    const nothing = {
      quantityOf: () => null,
      curvesOf: async () => null,
      championOf: async () => null,
    };
    const file = join(folder, 'little.html');
    const written = await writeReport((await readRun(directory))!, nothing, file);
    expect(written.bytes).toBeLessThan(20_000);
    if (BROWSER === null) return;
    const seen = await lookAt(file, 375, 'light');
    expect(checkCharts(seen)).toEqual([]);
    expect(seen.charts).toEqual([]);
    expect(seen.sections.every(({ isEmpty }) => isEmpty)).toBe(true);
  });
});
