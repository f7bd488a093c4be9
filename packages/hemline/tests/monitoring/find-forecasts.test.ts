import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home, type ModelRegistry } from '@hemline/runs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findForecasts } from '../../src/monitoring/find-forecasts.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hemline-find-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('of a version that failed and the one that stood in, what stood in is found', async () => {
  const put = (path: string, value: object): void => {
    const file = join(folder, 'forecasts/weekly-2', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify(value));
  };
  const provenance = { model: 'ape', modelVersion: 1, runId: 'weekly-2', codeVersion: '1' };
  const of = (name: string | null): object => ({
    ...{ model: 'ape', version: 1, trainedBy: 'weekly-1', cutoff: '2025-12-29' },
    folder: name === null ? null : `s3://artifacts/forecasts/weekly-2/${name}/`,
  });
  const set = { run: 'weekly-2', dataset: { name: 'sales', lastWeek: '2026-01-05' } };
  // One of its two hosts had ended when the other failed.
  put('ape/manifest-algo-2.json', { provenance, hosts: 2, files: [] });
  put('ape.stand-in/manifest.json', { provenance, hosts: 1, files: [] });
  put('manifest.json', { ...set, models: [of('ape.stand-in'), of(null)] });
  const registry = { list: () => Promise.resolve([]) } as unknown as ModelRegistry;
  const found = await findForecasts(new Home(folder), registry, 'sales');
  expect(found).toMatchObject([
    { directory: join(folder, 'forecasts/weekly-2/ape.stand-in'), model: 'ape', version: 1 },
  ]);
});
