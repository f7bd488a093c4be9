import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRun, RunRecorder, type KnownRun } from '@hemline/runs';
import { runText } from '../../src/terminal/run-text.ts';

let folder: string;
let run: KnownRun;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-run-text-'));
  const code = { version: '1', commit: null, dirty: null };
  const recorder = await RunRecorder.open(join(folder, 'weekly-1'), {
    run: 'weekly-1',
    kind: 'weekly',
    code,
  });
  const scores = {
    rmse: 9,
    mae: 6,
    wape: 0.4,
    demandBias: -0.1,
    demandError: 0.5,
    coverage10: 0.1,
    coverage90: 0.9,
  };
  await recorder.addMetrics('training/demand-naive: train', { loss: 3 });
  await recorder.addMetrics('training/demand-naive: evaluate', scores);
  await recorder.addMetrics('inference/demand-naive: forecast', {
    forecast_seconds_encode: 1,
    forecast_rows: 2,
  });
  await recorder.addOutput({ name: 'demand-naive', url: 'file:///forecasts', rows: 1 });
  await recorder.addProblem('something is amiss');
  await recorder.finish('degraded');
  run = (await readRun(join(folder, 'weekly-1')))!;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('tells problems and outputs before metrics, and scores before what jobs measure of themselves', () => {
  const text = runText(run);
  const at = (part: string): number => text.indexOf(part);
  expect(at('! something is amiss')).toBeGreaterThan(0);
  expect(at('Outputs')).toBeGreaterThan(at('! something is amiss'));
  expect(at('Metrics')).toBeGreaterThan(at('Outputs'));
  expect(text).toMatch(
    /demand-naive: evaluate +│ demandError 0\.5000, demandBias -0\.1000, wape 0\.4000, rmse 9, mae 6/,
  );
  expect(at('demand-naive: train ')).toBeGreaterThan(at('demand-naive: evaluate'));
  expect(text).not.toContain('forecast_seconds_encode');
  expect(text).toContain('(4 more metrics: hemline runs show weekly-1 --all)');
});

it('shows every metric when all are asked for', () => {
  const text = runText(run, true);
  expect(text).toMatch(/inference\/demand-naive: forecast +│ forecast_seconds_encode +│ +1/);
  expect(text).toContain('coverage90');
  expect(text).not.toContain('more metrics');
});
