import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { jobSteps, type StepJobs } from '../../src/check-image/job-steps.ts';
import { runSteps, StrictEngine } from '../../src/check-image/run-steps.ts';
import type { ContainerProgram, RunRequest } from '../../src/container/container-program.ts';
import { imageSpec } from '../../src/spec/image-spec.ts';
import { WORKSPACE } from '../../src/spec/workspace.ts';

const steps = jobSteps(imageSpec(WORKSPACE, 'demand-naive'));
let jobs: StepJobs;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'hemline-steps-'));
  mkdirSync(join(folder, 'market'));
  writeFileSync(join(folder, 'market', 'weekly.parquet'), 'rows');
  jobs = {
    ...{ image: 'localhost/hemline/demand-naive:local', folder, dataset: join(folder, 'market') },
    ...{ hyperparameters: { preset: 'tiny' }, environment: { HEMLINE_RUN_ID: 'image-test' } },
  };
});
afterEach(() => rmSync(jobs.folder, { recursive: true }));

/** Takes what it is asked to run, and answers with a code. */
function recorder(code: number): ContainerProgram & { readonly asked: RunRequest[] } {
  const asked: RunRequest[] = [];
  const run = (request: RunRequest): ReturnType<ContainerProgram['run']> => {
    asked.push(request);
    // What the next job reads.
    writeFileSync(join(request.root, 'model', 'hemline.json'), '{}', { flag: 'a' });
    return Promise.resolve({ code, output: 'one\n', complaint: 'two\nthree\nfour\n' });
  };
  return { name: 'docker', asked, run } as never;
}

it('gives every container its root with a copy of its data, open to its user', async () => {
  const program = recorder(0);
  await runSteps([steps[0]!], jobs, new StrictEngine(program, 12_345));
  expect(program.asked).toHaveLength(1);
  const [{ root, ...asked }] = program.asked as [RunRequest];
  expect(asked).toMatchObject({
    ...{ reference: jobs.image, user: 12_345, command: ['train'] },
    environment: { HEMLINE_RUN_ID: 'image-test', TRAINING_JOB_NAME: 'image-test' },
  });
  const copy = join(root, 'input', 'data', 'dataset', 'weekly.parquet');
  expect(lstatSync(copy).isSymbolicLink()).toBe(false);
  expect(readFileSync(copy, 'utf8')).toBe('rows');
  for (const folder of ['', 'model', 'output/data', 'checkpoints'])
    expect(statSync(join(root, folder)).mode & 0o777, folder).toBe(0o777);
});

it('says how the first job that fails ended, and what it said last', async () => {
  const program = recorder(78);
  await expect(runSteps(steps, jobs, new StrictEngine(program, 0))).rejects.toThrow(
    /train failed in .*expected exit code 0, found exit code: 78: .*three \| four/,
  );
  expect(program.asked).toHaveLength(1);
});
