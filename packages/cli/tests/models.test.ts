import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry, type ModelVersion } from '@hemline/runs';
import type { Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

let folder: string;
let warm: WarmCommand;
const hemline = (...args: string[]): Promise<Ended> => warm.run(args);
const version = (token: string, demandError: number, status: 'approved' | 'pending') => ({
  model: 'demand-naive',
  artifact: `file:///models/${token}`,
  dataset: 'observed',
  cutoff: '2026-01-05',
  run: `weekly-${token}`,
  metrics: { demandError, wape: NaN },
  lineage: { code: `commit-${token}` },
  status,
  reason: 'all requirements are met',
  by: 'hemline run',
  token,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-models-'));
  warm = new WarmCommand(folder);
  const registry = await openRegistry(join(folder, '.hemline/registry'));
  await registry.register(version('a', 0.5, 'approved'));
  await registry.register(version('b', 0.4, 'pending'));
  const wide = await openRegistry(join(folder, 'wide'));
  const metrics = { demandError: 0.5, demandErrorStandardError: 0.05, demandBias: 0.1, rmse: 1, wape: 0.4 };
  const scored = {
    ...version('c', 0, 'pending'),
    run: 'weekly-1',
    metrics: { ...metrics, monotoneViolations: 0, coverage90: 0.91 },
  };
  await wide.register({
    ...scored,
    model: 'demand-transformer',
    reason: 'the first, the second, the third, the fourth, the fifth, the sixth, the seventh',
  });
  await wide.register({ ...scored, model: 'of-another-house' });
  await wide.register({ ...scored, model: 'demand-naive', token: 'd', metrics: { demandError: 0.45 } });
});
afterAll(async () => {
  await warm.end();
  await rm(folder, { recursive: true, force: true });
});

describe('hemline models', { timeout: 120_000 }, () => {
  it('without a verb still lists the definitions', async () => {
    const { code, stdout } = await hemline('models', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name)).toContain('demand-naive');
  });

  it('lists, newest first, by status and dataset', async () => {
    const { code, stdout } = await hemline('models', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/demand-naive[^\n]*2[^\n]*pending[^]*demand-naive[^\n]*1[^\n]*approved/);
    const approved = await hemline(
      'models',
      'list',
      'demand-naive',
      '--status',
      'approved',
      '--dataset',
      'observed',
      '--json',
    );
    expect((JSON.parse(approved.stdout) as ModelVersion[]).map(({ version }) => version)).toEqual([1]);
  });

  it('shows the latest approved version, or the one asked for', async () => {
    const { stdout } = await hemline('models', 'show', 'demand-naive');
    expect(stdout).toMatch(/demand-naive 1: approved[^]*commit-a[^]*demandError[^]*0\.5[^]*hemline run/);
    const none = await hemline('models', 'show', 'demand-naive', '7');
    expect([none.code, none.stderr]).toEqual([65, expect.stringMatching(/no version 7.*from 1 to 2/)]);
  });

  it('lists every metric with its error, and who decided', async () => {
    const { stdout } = await hemline('models', 'list', '--registry', 'wide');
    for (const text of ['demandError 0.5000 ± 0.0500', 'coverage90 0.9100', 'hemline run', 'the seventh'])
      expect(stdout).toContain(text);
    expect(stdout).not.toContain('…');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(160);
  });

  it('shows each requirement with its limit, the value, and whether it is met', async () => {
    const { stdout } = await hemline('models', 'show', 'demand-transformer', '--registry', 'wide');
    expect(stdout).toMatch(
      /better than the baseline +│ demandError +│ below 0.441: 0.98 times that of +│ 0.5000 │ NO/,
    );
    expect(stdout).toMatch(/not too far off in all[^\n]*from -0.3 to 0.3 +│ 0.1000 │ yes/);
    expect(stdout).toMatch(/not worse than before[^\n]*not asked yet/);
    const { stdout: json } = await hemline(
      'models',
      'show',
      'demand-transformer',
      '--registry',
      'wide',
      '--json',
    );
    const { requirements } = JSON.parse(json) as { requirements: { requirement: string; met: boolean }[] };
    expect(requirements.filter(({ met }) => !met).map(({ requirement }) => requirement)).toEqual([
      'betterThan',
      'approvedTolerance',
    ]);
    const foreign = await hemline('models', 'show', 'of-another-house', '--registry', 'wide', '--json');
    expect(JSON.parse(foreign.stdout)).toMatchObject({ version: 1, requirements: null });
  });

  it('compares the approved version with the newest', async () => {
    const { stdout } = await hemline('models', 'compare', 'demand-naive', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      versions: [{ version: 1 }, { version: 2 }],
      metrics: [
        { name: 'demandError', values: [0.5, 0.4], change: expect.closeTo(-0.1) as number },
        { name: 'wape', change: null, relative: null },
      ],
    });
  });

  it('approves and rejects with a reason, and says which version forecasts now', async () => {
    const approved = await hemline(
      'models',
      'approve',
      'demand-naive',
      '2',
      '--reason',
      'seen',
      '--by',
      'Zoe',
    );
    expect(approved.stdout).toMatch(
      /demand-naive 2 is approved. Version 2 of demand-naive forecasts observed now/,
    );
    // As after every weekly run that went well: the newest is compared with what it took the place of.
    const { stdout } = await hemline('models', 'compare', 'demand-naive', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ versions: [{ version: 1 }, { version: 2 }] });
    for (const [number, now] of [
      ['2', 'Version 1'],
      ['1', 'No version'],
    ] as const) {
      const rejected = await hemline('models', 'reject', 'demand-naive', number, '--reason', 'too low');
      expect(rejected.stdout).toContain(`${now} of demand-naive forecasts observed now`);
    }
    const registry = await openRegistry(join(folder, '.hemline/registry'));
    const { history } = await registry.get('demand-naive', 2);
    expect(history.map(({ status, reason }) => [status, reason]).slice(1)).toEqual([
      ['approved', 'seen'],
      ['rejected', 'too low'],
    ]);
    expect(history[1]!.by).toBe('Zoe');
  });

  it('registers a trained model once, with the metrics of an evaluation', async () => {
    const card = {
      ...{ format: 1, model: 'demand-naive', modelVersion: 1, quantity: 'demand', hyperparameters: {} },
      ...{ cutoff: '2026-02-02', seed: 1, dataFingerprint: 'f00', codeVersion: '0.1.0', runId: 'train-1' },
      ...{ metrics: { loss: 1 }, entries: [] },
    };
    await writeFile(join(folder, 'hemline.json'), JSON.stringify(card));
    await writeFile(
      join(folder, 'metrics.json'),
      '{"rows": 5, "metrics": {"demandError": 0.3, "wape": null}}',
    );
    const args = ['models', 'register', 'demand-naive', '--dataset', 'sales', '--model-dir', '.', '--json'];
    const more = ['--metrics', 'metrics.json', '--reason', 'trained by hand', '--registry', 'elsewhere'];
    const [first, second] = [await hemline(...args, ...more), await hemline(...args, ...more)];
    expect(first.code, first.stderr).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({
      version: 1,
      status: 'pending',
      cutoff: '2026-02-02',
      run: 'train-1',
      metrics: { demandError: 0.3 },
      lineage: { data: 'f00', code: '0.1.0' },
    });
  });
});
