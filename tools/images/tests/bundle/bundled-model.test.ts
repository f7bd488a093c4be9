import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulateMarket } from '@hemline/market-simulator';
import { ProcessEngine } from '@hemline/sagemaker/run';
import { bundlePrograms } from '../../src/bundle/bundle-programs.ts';
import { compareFolders, isSame } from '../../src/check-image/compare-folders.ts';
import { jobSteps } from '../../src/check-image/job-steps.ts';
import { runSteps } from '../../src/check-image/run-steps.ts';
import { imageSpec } from '../../src/spec/image-spec.ts';
import { WORKSPACE } from '../../src/spec/workspace.ts';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'hemline-bundled-'))));
afterAll(() => rm(folder, { recursive: true }));

// What the test of an image does, without the image: the bundle lies far from every node_modules.
it('a bundled model leaves byte by byte what its sources leave, threads included', async () => {
  const spec = imageSpec(WORKSPACE, 'demand-naive');
  const { bytes } = await bundlePrograms(WORKSPACE, spec.programs, join(folder, 'bundle'));
  expect(bytes).toBeLessThan(15e6);
  const { observed } = await simulateMarket({
    out: join(folder, 'market'),
    ...{ articles: 20, markets: 2, weeks: 60, planWeeks: 8 },
  });
  const programs = {
    sources: (name: string) => spec.programs[name]!,
    bundled: (name: string) => join(folder, 'bundle', `${name}.mjs`),
  };
  for (const [kind, moduleOf] of Object.entries(programs)) {
    const engine = new ProcessEngine((_, name) => ({
      program: process.execPath,
      arguments: [moduleOf(name)],
    }));
    const jobs = {
      ...{ image: spec.name, folder: join(folder, kind), dataset: observed },
      hyperparameters: { preset: 'tiny' },
      environment: { HEMLINE_RUN_ID: 'bundled' },
    };
    await runSteps(jobSteps(spec), jobs, engine);
  }
  for (const { program, made } of jobSteps(spec))
    for (const part of made) {
      const differences = await compareFolders(
        join(folder, 'sources', program, part),
        join(folder, 'bundled', program, part),
      );
      expect({ part, ...differences, isSame: isSame(differences) }).toMatchObject({
        ...{ part, isSame: true, altered: [] },
      });
    }
});

const MODELS = readdirSync(join(WORKSPACE, 'models'));

it.each(MODELS)('the programs of %s are bundled, and start', async (model) => {
  const spec = imageSpec(WORKSPACE, model);
  const out = join(folder, model);
  await bundlePrograms(WORKSPACE, spec.programs, out);
  for (const program of ['train', 'process']) {
    const { stdout } = await promisify(execFile)(process.execPath, [join(out, `${program}.mjs`), '--help']);
    expect(stdout).toContain(model);
  }
});
