import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planText } from '../../src/local/plan-text.ts';
import { machinesOf } from '../../src/local/local-run.ts';
import type { Deployment } from '../../src/stack/deployment.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import { runToysHere, toyData, toyDeployment, toyLog, toyModel } from '../fixtures/toys.ts';

const NAMES = ['ant', 'bat', 'cat', 'dog', 'eel'];
let folder: string;
let data: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-at-once-'));
  data = toyData(join(folder, 'data'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const deploymentOf = (modelsAtOnce?: number): Deployment => ({
  ...toyDeployment({ models: NAMES, catalog: NAMES.map((name) => toyModel(name)) }),
  ...(modelsAtOnce === undefined ? {} : { modelsAtOnce }),
});

/** Most models of which a job of a workflow ran at the same time. */
function mostAtOnce(out: string, workflow: string): number {
  const running = new Set<string>();
  let most = 0;
  for (const { what, job } of toyLog(out)) {
    const [of, model] = job.split('/');
    if (of !== workflow) continue;
    if (what === 'started') running.add(model!);
    else running.delete(model!);
    most = Math.max(most, running.size);
  }
  return most;
}

describe('models at once', () => {
  it.each([1, 2])('are at most %i, none stops another, and all are told in their order', async (most) => {
    const template = join(folder, `template-${most}.json`);
    writeFileSync(template, JSON.stringify(synthesize(deploymentOf(most)).template));
    const out = join(folder, `out-${most}`);
    mkdirSync(out);
    const environment = { TOY_MILLISECONDS: '20', TOY_ANT: 'exits 65', TOY_CAT: 'mute' };
    const { summary } = await runToysHere({ template, data, out, environment, jobs: 10 });
    expect([mostAtOnce(out, 'training'), mostAtOnce(out, 'inference')]).toEqual([most, most]);
    expect(summary!.models.map(({ model, forecast }) => [model, forecast?.files ?? null])).toEqual([
      ['ant', null],
      ['bat', 3],
      ['cat', null],
      ['dog', 3],
      ['eel', 3],
    ]);
  });

  it('are three in AWS unless a deployment says otherwise, and the plan tells it', () => {
    const { template } = synthesize(deploymentOf());
    const machines = machinesOf(template, 'test');
    for (const name of ['training', 'inference', 'backtest'])
      expect(machines.get(name)!.definition).toMatchObject({
        States: { models: { Type: 'Map', MaxConcurrency: 3 } },
      });
    const text = planText(machines, 'weekly');
    expect(text).toContain('models, 3 at a time');
    for (const name of NAMES) expect(text).toMatch(new RegExp(`^ +${name}: forecast  \\(in AWS 4 ×`, 'm'));
    expect(text).not.toContain('stand-in');
  });

  it.each([0, 1.5, 41, NaN])('cannot be %d', (most) => {
    expect(() => synthesize(deploymentOf(most))).toThrow(
      `expected modelsAtOnce: a whole number from 1 to 40, found ${most}`,
    );
  });
});
