import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry, readRun, type KnownRun } from '@hemline/runs';
import { command, type Ended } from './command.ts';
import { SageMakerServer } from './sagemaker-server.ts';

const server = new SageMakerServer();
let folder: string;
let environment: Record<string, string>;

const hemline = (...args: string[]): Promise<Ended> => command(folder, args, environment);
const train = [
  'launch',
  'train',
  'demand-naive',
  '--data',
  's3://data/observed',
  '--output',
  's3://models/out',
];
const on = ['--instance', 'ml.m5.xlarge', '--poll', '0.05'];
const recordOf = async (run: string): Promise<KnownRun> =>
  (await readRun(join(folder, '.hemline/runs', run)))!;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-launch-'));
  environment = {
    AWS_ENDPOINT_URL: await server.listen(),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    HEMLINE_ROLE: 'arn:aws:iam::123456789012:role/hemline-job',
    HEMLINE_IMAGE: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/{model}:7',
  };
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the command and sends it Ctrl-C once it has asked this. */
async function interrupted(action: string, ...args: string[]): Promise<Ended> {
  const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr]: string[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout!.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => stderr!.push(chunk.toString()));
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  await server.untilAsked(action);
  child.kill('SIGINT');
  return { code: await ended, stdout: stdout!.join(''), stderr: stderr!.join('') };
}

describe('hemline launch', { timeout: 120_000 }, () => {
  it('submits a training, follows it, and leaves a record', async () => {
    server.play({
      states: [
        { status: 'InProgress', phase: 'Starting' },
        {
          status: 'InProgress',
          phase: 'Training',
          lines: [
            'hemline_metric loss=0.5;',
            '{"level":"info","msg":"training demand-naive"}',
            'plain text',
            '{"_aws":{}}',
          ],
        },
        { status: 'Completed', phase: 'Completed', lines: ['the last line'] },
      ],
    });
    const { code, stdout, stderr } = await hemline(
      ...train,
      ...on,
      '--set',
      'method=mean',
      '--name',
      'job-1',
      '--json',
    );
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /Submitting job-1\n.*Starting\n.*Training\nalgo-1: loss = 0.5\nalgo-1: info: training demand-naive\nalgo-1: plain text\n.*Completed\nalgo-1: the last line\n$/,
    );
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'job-1',
      status: 'Completed',
      artifact: 's3://models/m/output/model.tar.gz',
    });
    expect(server.asked.find(({ action }) => action === 'CreateTrainingJob')!.body).toMatchObject({
      TrainingJobName: 'job-1',
      AlgorithmSpecification: {
        TrainingImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/demand-naive:7',
      },
      HyperParameters: { method: 'mean', seed: '1' },
      Environment: { HEMLINE_RUN_ID: 'job-1' },
    });
    const { state, record } = await recordOf('job-1');
    expect([state, record.resumed]).toEqual(['succeeded', 0]);
    expect(record).toMatchObject({
      kind: 'launch-train',
      inputs: [{ name: 'dataset', url: 's3://data/observed', fingerprint: null }],
      images: [{ uri: expect.stringMatching(/demand-naive:7$/) as string }],
      steps: [{ step: 'train demand-naive', state: 'finished', instanceType: 'ml.m5.xlarge' }],
      metrics: [{ name: 'loss', value: 0.5 }],
      versions: [{ role: 'trained', artifact: 's3://models/m/output/model.tar.gz' }],
    });
  });

  it('ends with the exit code of the entrypoint, and its reason', async () => {
    const reason = 'AlgorithmError: the table weekly lacks the column demand, exit code: 65';
    server.play({ states: [{ status: 'Failed', phase: 'Failed', reason }] });
    const { code, stderr } = await hemline(...train, ...on, '--name', 'job-2');
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/job-2 failed; found AlgorithmError: the table weekly/),
    ]);
    expect(await recordOf('job-2')).toMatchObject({
      state: 'failed',
      record: { problems: [{ message: expect.stringContaining('lacks the column') as string }] },
    });
  });

  it('left with Ctrl-C says that the job goes on; it can be followed to its end later', async () => {
    server.play({ states: [{ status: 'InProgress', phase: 'Training' }] });
    const { code, stderr } = await interrupted('GetLogEvents', ...train, ...on, '--name', 'job-3');
    expect(code).toBe(143);
    expect(stderr).toMatch(
      /Leaving; job-3 goes on\.\nFollow it: hemline launch follow train job-3\nStop it: hemline launch stop train job-3/,
    );
    expect(server.asked.map(({ action }) => action)).not.toContain('StopTrainingJob');
    expect((await recordOf('job-3')).state).toBe('interrupted');
    server.play({ states: [{ status: 'Completed', phase: 'Completed' }] });
    expect((await hemline('launch', 'follow', 'train', 'job-3', '--poll', '0.05')).code).toBe(0);
    expect(await recordOf('job-3')).toMatchObject({
      state: 'succeeded',
      record: { resumed: 1, steps: [{ state: 'finished', attempts: 1 }] },
    });
  });

  it.each([
    ['while it is followed', 'GetLogEvents', 'job-4'],
    ['while it is submitted', 'CreateTrainingJob', 'job-4b'],
  ])('stops the job on Ctrl-C %s, where it is told to', async (_when, action, name) => {
    server.play({ states: [{ status: 'InProgress', phase: 'Training' }], delay: 300 });
    const { code, stderr } = await interrupted(
      ...[action, ...train, ...on, '--name', name, '--stop-on-interrupt'],
    );
    expect(code, stderr).toBe(143);
    expect(stderr).toMatch(/Telling job-4b? to stop[^]*Stopped, Stopped\n[^]*job-4b? was stopped/);
    const stops = server.asked.filter((each) => each.action === 'StopTrainingJob');
    expect(stops.map(({ body }) => body)).toEqual([{ TrainingJobName: name }]);
    expect((await recordOf(name)).state).toBe('interrupted');
  });

  it('forecasts with the latest approved version, and can leave at once', async () => {
    const registry = await openRegistry(join(folder, '.hemline/registry'));
    await registry.register({
      ...{
        model: 'demand-naive',
        artifact: 's3://models/3/model.tar.gz',
        dataset: 'observed',
        cutoff: '2026-01-05',
      },
      ...{ run: 'r', metrics: {}, lineage: {}, status: 'approved', reason: 'r', by: 'b', token: 't' },
    });
    server.play({ states: [{ status: 'InProgress' }] });
    const process = ['launch', 'process', 'demand-naive', '--data', 's3://data/observed', '--horizon', '26'];
    const { code, stdout, stderr } = await hemline(
      ...[...process, ...on, '--output', 's3://forecasts/7', '--count', '4', '--name', 'job-5', '--detach'],
    );
    expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/hemline launch follow process job-5/)]);
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]!.body).toMatchObject({
      AppSpecification: {
        ContainerEntrypoint: ['process'],
        ContainerArguments: ['--step', 'forecast', '--horizon', '26', '--output', 's3://forecasts/7'],
      },
      ProcessingInputs: [
        { InputName: 'dataset', S3Input: { S3Uri: 's3://data/observed/' } },
        { InputName: 'model', S3Input: { S3Uri: 's3://models/3/model.tar.gz' } },
      ],
      ProcessingResources: { ClusterConfig: { InstanceCount: 4 } },
    });
    // So that `hemline lineage` finds the way from a file of this job to the training of its model.
    expect((await recordOf('job-5')).record.versions).toMatchObject([
      { model: 'demand-naive', role: 'forecast', version: 1, trainedBy: 'r' },
    ]);
  });

  it('prints the request and starts nothing, or says what is wrong with it', async () => {
    server.play({ states: [] });
    const dry = await hemline(...train, ...on, '--spot', '--dry-run', '--name', 'job-6');
    expect(JSON.parse(dry.stdout)).toMatchObject({
      TrainingJobName: 'job-6',
      EnableManagedSpotTraining: true,
      // As the workflow does: SageMaker brings the data, and takes the model.
      EnableNetworkIsolation: true,
      CheckpointConfig: { S3Uri: 's3://models/out/checkpoints/job-6/' },
    });
    const wrong = await hemline(...train, '--instance', 'ml.m5.xlrge', '--env', `A=${'x'.repeat(513)}`);
    expect([wrong.code, wrong.stderr]).toEqual([
      65,
      expect.stringMatching(/did you mean ml\.m5\.xlarge\?; environment A: .*Nothing has been started/),
    ]);
    expect(server.asked).toEqual([]);
    expect(await readRun(join(folder, '.hemline/runs/job-6'))).toBeNull();
  });
});
