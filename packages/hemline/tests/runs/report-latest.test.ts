import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Home, RunRecorder } from '@hemline/runs';
import { report } from '../../src/index.ts';
import { prepareRun, type PreparedRun } from './prepared/prepared-runs.ts';

let folder: string;
let prepared: PreparedRun;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-report-latest-'));
  prepared = await prepareRun('bad drift', folder);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = async (file: string): Promise<string> =>
  (await readFile(file, 'utf8')).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

it('is of the latest run with forecasts, whatever was done since', async () => {
  const { home, run } = prepared;
  const code = { version: '1', commit: null, dirty: null };
  for (const kind of ['monitor', 'train']) {
    const recorder = await RunRecorder.open(new Home(home).runFolder(`${kind}-later`), {
      ...{ run: `${kind}-later`, kind, code },
    });
    await recorder.finish('failed');
  }
  expect(await report('latest', { home })).toMatchObject({ run, kind: 'inference' });
  const recorder = await RunRecorder.open(new Home(home).runFolder('weekly-now'), {
    ...{ run: 'weekly-now', kind: 'weekly', code },
  });
  const told: string[] = [];
  expect(await report('latest', { home, onNotice: (line) => void told.push(line) })).toMatchObject({ run });
  expect(told).toEqual([`weekly-now is still running; this is of ${run}, before it.`]);
  await recorder.finish('interrupted');
});

it('of a monitoring is about what it found', async () => {
  const { home } = prepared;
  const written = await report('monitor-2', { home });
  const page = await text(written.file);
  expect(page).toContain('Do not go on with the forecasts in use: they are plainly wrong');
  expect(page).toMatch(
    /Forecasts of demand-naive version 1 were [45]\d % too low in all, from 2025-12-15 to 2026-01-05/,
  );
  expect(page).toMatch(/demand-naive: forecasts in use.*demand error bias rows all/);
  expect(page).toMatch(/What needs a person Look at what has changed.*Train anew/);
  expect(page).not.toMatch(/version version|all all/);
  expect(page).toContain('Population stability index of the discounts');
});

it('of a run without forecasts is about what there is', async () => {
  const written = await report('train-later', { home: prepared.home });
  expect(await text(written.file)).toContain('This run has failed: it was to have trained a model');
  expect(written.bytes).toBeLessThan(30_000);
});

it('shows an article that somebody asks for, in every market, and refuses one that was not forecast', async () => {
  const { home, run } = prepared;
  const out = join(folder, 'article.html');
  const page = await text((await report(run, { home, out, articles: ['A-4'] })).file);
  expect(page).toMatch(/A-4 in DE asked for/);
  expect(page).toMatch(/A-4 in FR asked for/);
  await expect(report(run, { home, out, articles: ['A-77'] })).rejects.toThrow(/A-77.*Did you mean A-/s);
  await expect(report('train-later', { home, out, articles: ['A-4'] })).rejects.toThrow(
    /no forecasts of demand/,
  );
});
