import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Home, readRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import type { Summary } from '@hemline/workflow';
import { reportOf } from '../../src/workflow/run-report.ts';
import { WorkflowRecord } from '../../src/workflow/workflow-record.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hemline-record-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FACTS = { folder: 's3://artifacts/forecasts/w/', files: 1, rows: 3, bytes: 10 };

/** Records a weekly run of one model that ended so. @returns its record */
async function recorded(name: string, ended: Pick<Summary, 'status' | 'recommendations'>, isForecast = true) {
  const home = new Home(join(folder, name));
  const run = home.runFolder(name);
  mkdirSync(run, { recursive: true });
  const dataset = { name: 'sales', directory: folder, fingerprint: 'f' } as Dataset;
  const record = await WorkflowRecord.open(home, run, {
    ...{ run: name, workflow: 'weekly', dataset, parameters: {}, codeVersion: 'v1', resumed: false },
    ...{ mlflow: undefined, command: [] },
  });
  const model = { model: 'demand-naive', quantity: 'demand', registered: null, scores: null, problems: [] };
  const summary = {
    ...{ run: name, workflow: 'weekly', problems: [], warnings: [], dataset: null, ...ended },
    models: [{ ...model, forecastBy: null, forecast: isForecast ? FACTS : null }],
  } as unknown as Summary;
  const result = { run: name, folder: run, resumed: false, summary, error: null, metrics: [] };
  const report = await reportOf(result, {
    ...{ workflow: 'weekly', record: '', seconds: 1, models: ['demand-naive'] },
    catalog: [{ name: 'demand-naive', quantity: 'demand' }] as never,
    data: { name: 'sales', directory: folder, fingerprint: 'f', lastWeek: null },
    pathOf: (uri) => uri.replace('s3://artifacts', folder),
  });
  await record.finish(result, report);
  return { ...(await readRun(run))!, report };
}

it('keeps where the recommendations of a run are, and what they come to', async () => {
  const place = join(folder, 'recommendations', 'w');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, '_summary.json'), JSON.stringify({ articles: 3, gain: 12, limits: [] }));
  const found = { ...FACTS, folder: 's3://artifacts/recommendations/w/' };
  const told = { ...found, articles: 3, gain: 12 } as Summary['recommendations'];
  const { state, record, report } = await recorded('w', { status: 'complete', recommendations: told });
  expect(state).toBe('succeeded');
  expect(record.outputs).toMatchObject([
    { name: 'demand-naive' },
    { name: 'recommendations', step: 'inference/optimise', rows: 3 },
  ]);
  expect(report.recommendations).toMatchObject({ directory: `${place}/`, gain: 12, rows: 3 });
});

it('leaves a run of use whose prices alone are missing, and none that lacks a forecast', async () => {
  const nothing = { status: 'incomplete', recommendations: null } as const;
  const unpriced = await recorded('unpriced', nothing);
  expect([unpriced.state, unpriced.report.status]).toEqual(['degraded', 'incomplete']);
  expect((await recorded('lacking', nothing, false)).state).toBe('failed');
});
