import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistry, type ModelRegistry } from '@hemline/runs';
import { LocalBuckets } from '@hemline/sagemaker/run';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plan, type Plan } from '../../src/functions/plan.ts';
import type { RunState } from '../../src/functions/state.ts';
import { LocalFiles } from '../../src/local/local-files.ts';

let folder: string;
let registry: ModelRegistry;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-plan-'));
  registry = await openRegistry(join(folder, 'registry'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function planned(
  models: readonly string[],
  more: Partial<RunState> = {},
  perCutoff = false,
): Promise<Plan> {
  const files = new LocalFiles(new LocalBuckets({ b: { folder: join(folder, 'b') } }));
  const facts = { name: 'sales', fingerprint: 'f', lastWeek: '2026-01-05', tables: { weekly: 'weekly/' } };
  await files.write('s3://b/runs/r/check/facts.json', JSON.stringify(facts));
  const parameters = {
    seed: '1',
    horizon: '26',
    discounts: '0',
    ...(perCutoff ? { cutoffs: ['2025-10-06'] } : {}),
  };
  const state = {
    data: 's3://b/data/',
    facts: { uri: 's3://b/runs/r/check/' },
    parameters,
    after: null,
    ...more,
  };
  return plan(
    {
      state: state as unknown as RunState,
      tables: ['weekly'],
      models: models.map((name) => ({ name, quantity: 'demand', maturityWeeks: 0, evaluationWeeks: 8 })),
      perCutoff,
    },
    {
      ...{ files, registry, artifacts: 's3://b/' },
      now: () => new Date('2026-01-05T08:00:00Z'),
      metric: () => undefined,
    },
  );
}

async function register(model: string, status: 'approved' | 'pending', dataset = 'sales'): Promise<void> {
  const { length } = await registry.list(model);
  await registry.register({
    ...{ model, status, dataset, reason: 'of a test', by: 'workflow', token: `${model}/${length}` },
    ...{ artifact: `s3://b/runs/r${length}/model.tar.gz`, cutoff: '2026-01-05', run: `r${length}` },
    metrics: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`metricNumber${i}`, 0.123456 + i])),
    lineage: { job: 'j'.repeat(63), data: 'f'.repeat(64) },
  });
}

describe('a plan', () => {
  it('names the latest approved version of the dataset, and the approved one before it', async () => {
    for (const [status, dataset] of [
      ['approved', 'sales'],
      ['approved', 'others'],
      ['pending', 'sales'],
      ['approved', 'sales'],
      ['pending', 'sales'],
    ] as const)
      await register('ape', status, dataset);
    await register('bee', 'approved');
    const { models } = await planned(['ape', 'bee', 'cat']);
    expect(
      models.map(({ model, plan: { approved, standIn } }) => [model, approved?.version, standIn?.version]),
    ).toEqual([
      ['ape', 4, 1],
      ['bee', 1, undefined],
      ['cat', undefined, undefined],
    ]);
    expect(models[1]!.plan.standIn).toBeNull();
    expect(models[0]!.plan.standIn).toEqual({
      ...{ model: 'ape', version: 1, run: 'r0', cutoff: '2026-01-05' },
      artifact: 's3://b/runs/r0/model.tar.gz',
      error: null,
    });
    // A backtest forecasts with what it trains.
    expect((await planned(['ape'], {}, true)).models[0]!.plan).toMatchObject({
      approved: null,
      standIn: null,
    });
  });

  it('of forty models with long histories has room in a state, twice', async () => {
    for (let i = 0; i < 30; i++)
      await registry.setStatus('ape', 4, { status: 'approved', reason: 'x'.repeat(200), by: 'someone' });
    const one = (await planned(['ape'])).models[0];
    // Once in the plan and once in what the model's branch ends with; AWS has 256 KiB for all of a state.
    expect(JSON.stringify(one).length * 2 * 40).toBeLessThan(200 * 1024);
  });
});
