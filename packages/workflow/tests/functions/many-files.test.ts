import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_ALERTS } from '../../src/declaration/declaration.ts';
import type { CompleteRequest } from '../../src/functions/complete-request.ts';
import type { Summary } from '../../src/functions/state.ts';

const PROGRAM = fileURLToPath(new URL('../fixtures/complete-forecasts.ts', import.meta.url));
/** Files of each of two hosts. */
const FILES = 500_000;
/** Of the heap: a function in AWS has 512 for everything. */
const MEBIBYTES = 64;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-many-files-'));
  const output = join(folder, 'forecasts/w/ape');
  mkdirSync(output, { recursive: true });
  for (const host of ['algo-1', 'algo-2']) {
    writeManifest(join(output, `manifest-${host}.json`), host);
    const totals = { hosts: 2, files: FILES, rows: FILES * 7, bytes: FILES * 4096 };
    writeFileSync(join(output, `_SUCCESS-${host}`), `${JSON.stringify(totals)}\n`);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As a job writes it, a piece at a time. */
function writeManifest(file: string, host: string): void {
  const to = openSync(file, 'w');
  writeSync(to, '{"hosts":2,"files":[');
  const sha256 = 'ab'.repeat(32);
  for (let at = 0; at < FILES;) {
    const entries: string[] = [];
    for (const end = Math.min(at + 10_000, FILES); at < end; at++) {
      const partition = `market=${host}/article=${String(at).padStart(7, '0')}`;
      const place = { partition, file: `${partition}/forecast-abababababab.parquet` };
      entries.push(JSON.stringify({ ...place, inputHash: sha256, rows: 7, bytes: 4096, sha256 }));
    }
    writeSync(to, `${entries.join(',')}${at < FILES ? ',' : ''}`);
  }
  writeSync(to, ']}\n');
  closeSync(to);
}

it(`a run of a million files is completed with a heap of ${MEBIBYTES} MiB`, () => {
  const manifest = statSync(join(folder, 'forecasts/w/ape/manifest-algo-1.json'));
  expect(manifest.size).toBeGreaterThan(2 * MEBIBYTES * 2 ** 20 * 0.9);
  const plan = {
    quantity: 'demand',
    latest: '2026-01-05',
    approved: { version: 3, run: 'w', cutoff: '2026-01-05', artifact: 's3://artifacts/runs/w/ape/' },
    standIn: null,
  };
  const request = {
    ...{ workflow: 'inference', produces: 'forecasts', alerts: DEFAULT_ALERTS },
    state: {
      ...{ run: 'w', data: 's3://data/', nested: false, late: null, training: null, parameters: {} },
      ...{ startedAt: '2026-01-05T04:00:00Z', begunAt: '2026-01-05T04:00:00Z' },
      deadlineAt: '2026-01-05T16:00:00Z',
      plan: {
        dataset: { name: 'sales', fingerprint: 'f', lastWeek: '2026-01-05', tables: {}, descriptor: '' },
      },
      models: [{ model: 'ape', plan, forecast: { job: 'j' } }],
    },
  } as unknown as CompleteRequest;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${MEBIBYTES}`, PROGRAM, folder, JSON.stringify(request)],
    { encoding: 'utf8' },
  );
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout) as Summary).toMatchObject({
    status: 'complete',
    models: [{ forecast: { files: 2 * FILES, rows: 14 * FILES, bytes: 8192 * FILES }, problems: [] }],
  });
}, 120_000);
