import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listRuns } from '../src/records/read-runs.ts';
import { MEASUREMENTS_FILE } from '../src/records/measurement.ts';
import { readMeasurements } from '../src/records/measurement-log.ts';
import { openRegistry } from '../src/registry/open-registry.ts';

// Left by hemline 0.1.0: `hemline run weekly` over two models, and two decisions of a person about a version.
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hemline-before-'));
  await cp(join(import.meta.dirname, 'golden', 'written-by-0.1.0'), home, { recursive: true });
});
afterAll(() => rm(home, { recursive: true, force: true }));

it('reads the record of a run that 0.1.0 wrote', async () => {
  const { runs, unreadable } = await listRuns(join(home, 'runs'));
  expect(unreadable).toEqual([]);
  const [{ record, state, directory }] = runs as [(typeof runs)[0]];
  expect(state).toBe('succeeded');
  expect(record).toMatchObject({ kind: 'weekly', parameters: { horizon: '2' } });
  expect(record.steps.every((step) => step.state === 'finished')).toBe(true);
  expect(record.outputs.map(({ name, rows }) => [name, rows])).toEqual([
    ['demand-naive', 420],
    ['return-rate-average', 14],
  ]);
  expect((await readMeasurements(join(directory, MEASUREMENTS_FILE))).length).toBeGreaterThan(10);
});

it('reads a registry that 0.1.0 wrote, and goes on with it', async () => {
  const registry = await openRegistry(join(home, 'registry'));
  const version = (await registry.latestApproved('demand-naive', 'simulated-market'))!;
  expect(version).toMatchObject({
    version: 1,
    cutoff: '2022-11-21',
    metrics: { demandError: 0.6443040883529695 },
  });
  expect(version.history.map(({ status, reason }) => [status, reason])).toEqual([
    ['approved', 'meets its requirements'],
    ['rejected', 'too low for new articles'],
    ['approved', 'better after all'],
  ]);
  const change = { status: 'rejected', reason: 'tried', by: 'a test' } as const;
  expect((await registry.setStatus('demand-naive', 1, change)).status).toBe('rejected');
  expect(await registry.latestApproved('demand-naive')).toBeNull();
});
