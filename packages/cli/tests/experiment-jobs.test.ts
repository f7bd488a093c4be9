import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readRun } from '@hemline/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentOutcome } from '@hemline/experiments';
import { SageMakerStandIn } from './aws/sagemaker-stand-in.ts';
import { command, type Ended } from './command.ts';

const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
const CUTOFFS = ['2023-01-16', '2023-02-27'];
const methods = { model: 'demand-naive', hyperparameters: { method: ['mean', 'last'] } };
const FITS = 2 * CUTOFFS.length;

type Printed = ExperimentOutcome & { readonly computed: number; readonly reused: number };

let folder: string;
let server: SageMakerStandIn;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-jobs-'));
  const simulated = await command(
    folder,
    'simulate --articles 12 --markets 2 --weeks 80 --out market'.split(' '),
  );
  expect(simulated.code, simulated.stderr).toBe(0);
  server = new SageMakerStandIn(join(folder, 'jobs'), {
    data: join(folder, 'market'),
    results: join(folder, 'results'),
  });
  environment = await server.listen();
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes an experiment of a name, and gives the arguments that run it as jobs. */
async function declared(name: string, changes: object = {}): Promise<string[]> {
  const file = join(folder, `${name}.json`);
  const experiment = { name, variants: [methods], cutoffs: CUTOFFS, horizon: 6, ...changes };
  await writeFile(file, JSON.stringify(experiment));
  return ['experiment', file, ...JOBS];
}

const JOBS = [
  ...['--data', 's3://data/observed', '--output', 's3://results/experiments/'],
  ...['--instance', 'ml.m5.xlarge', '--poll', '0.1'],
];

function hemline(...args: string[]): Promise<Ended> {
  return command(folder, args, environment);
}

/** Starts the command, and signals it once it has asked this so often. */
async function signalled(
  signal: 'SIGINT' | 'SIGKILL',
  [action, count]: readonly [string, number],
  args: readonly string[],
): Promise<Ended> {
  server.asked.length = 0;
  const child = spawn(process.execPath, [script, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  await server.untilAsked(action, count);
  child.kill(signal);
  return { code: await ended, stdout: '', stderr };
}

/** What decides a ranking, without what names the start that made it. */
function standings({ variants, metric, champion, comparisons }: Printed): object {
  return { metric, champion, comparisons, variants: variants.map(({ run: _, ...each }) => each) };
}

describe('an experiment as jobs of SageMaker', { timeout: 120_000 }, () => {
  it('ranks as on this machine, each fit a job of the image of its model, few at a time', async () => {
    const args = await declared('methods');
    const file = args[1]!;
    const { code, stdout, stderr } = await hemline(...args, '--parallel', '2', '--json');
    expect(code, stderr).toBe(0);
    const jobs = JSON.parse(stdout) as Printed;
    expect([jobs.computed, jobs.reused]).toEqual([FITS, 0]);
    expect(stderr).toContain('4 fits as jobs on ml.m5.xlarge, 2 at a time, 6 hours each at most');
    expect(server.namesAsked('CreateProcessingJob')).toHaveLength(FITS);
    expect(server.peak).toBe(2);
    const local = await command(folder, ['experiment', file, '--data', 'market/observed', '--json'], {
      HEMLINE_HOME: join(folder, 'local'),
    });
    expect(local.code, local.stderr).toBe(0);
    expect(standings(jobs)).toEqual(standings(JSON.parse(local.stdout) as Printed));
    expect(jobs.code).toBe('image 123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/{model}:7');
    // What it cost is told by the records of the variants.
    const { record } = (await readRun(join(folder, '.hemline/runs', jobs.variants[0]!.run)))!;
    expect(record.steps).toMatchObject(
      CUTOFFS.map(() => ({ state: 'finished', instanceType: 'ml.m5.xlarge', instances: 1 })),
    );
  });

  it('that another machine has done is fetched, not done again', async () => {
    server.asked.length = 0;
    const elsewhere = { ...environment, HEMLINE_HOME: join(folder, 'another') };
    const args = [...(await declared('methods')), '--json'];
    const { code, stdout, stderr } = await command(folder, args, elsewhere);
    expect(code, stderr).toBe(0);
    expect((JSON.parse(stdout) as Printed).computed).toBe(FITS);
    expect(server.asked).toEqual([]);
  });

  it('killed, or left with Ctrl-C, goes on with the jobs that run, and submits none twice', async () => {
    const args = [...(await declared('left', { cutoffs: CUTOFFS.slice(1) })), '--parallel', '2'];
    let open = (): void => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    await signalled('SIGKILL', ['CreateProcessingJob', 2], args);
    const jobs = server.namesAsked('CreateProcessingJob');
    const { code, stderr } = await signalled('SIGINT', ['DescribeProcessingJob', 4], args);
    expect(code).toBe(143);
    expect(stderr).toMatch(/Leaving; jobs under way go on, and the same command goes on with them/);
    const left = stderr.split('These jobs go on')[1];
    for (const job of jobs) expect(left).toContain(job);
    expect(jobs.map((job) => server.statusOf(job))).toEqual(['InProgress', 'InProgress']);
    open();
    const again = await hemline(...args, '--json');
    expect(again.code, again.stderr).toBe(0);
    expect((JSON.parse(again.stdout) as Printed).computed).toBe(2);
    // Since the first start was killed.
    expect(server.namesAsked('CreateProcessingJob')).toEqual([]);
    expect(server.namesAsked('StopProcessingJob')).toEqual([]);
  });

  it('stops its jobs on Ctrl-C where it is told to, and says which', async () => {
    const args = [...(await declared('stopped')), '--parallel', '2', '--stop-on-interrupt'];
    server.gate = new Promise(() => undefined);
    const { code, stderr } = await signalled('SIGINT', ['CreateProcessingJob', 2], args);
    const jobs = server.namesAsked('CreateProcessingJob');
    expect(code, stderr).toBe(143);
    expect(server.namesAsked('StopProcessingJob').toSorted()).toEqual(jobs.toSorted());
    for (const job of jobs) expect(stderr.split('Telling these jobs to stop:')[1]).toContain(job);
    await server.untilIdle();
    expect(jobs.map((job) => server.statusOf(job))).toEqual(['Stopped', 'Stopped']);
  });

  it('refuses options of jobs where there are to be none', async () => {
    const args = await declared('refused');
    const { code, stderr } = await hemline(...args.toSpliced(args.indexOf('--instance'), 2));
    expect(code).toBe(65);
    expect(stderr).toMatch(
      /for jobs of SageMaker; expected --instance TYPE beside them, found --output, --poll/,
    );
  });

  it('refuses jobs without a role before any is submitted', async () => {
    server.asked.length = 0;
    const { HEMLINE_ROLE: _, ...rest } = environment;
    const { code, stderr } = await command(folder, await declared('roleless'), rest);
    expect(code).toBe(65);
    expect(stderr).toMatch(/lacks what SageMaker asks for; expected --role/);
    expect(server.namesAsked('CreateProcessingJob')).toEqual([]);
  });
});
