import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyInput } from '../../src/container/fabricate-root.ts';
import { localSettings } from '../../src/requests/job-settings.ts';
import { processingRequest, type ProcessingLaunch } from '../../src/requests/processing-request.ts';
import { trainingRequest, type TrainingLaunch } from '../../src/requests/training-request.ts';
import { JobRunner, type JobRunnerOptions } from '../../src/run/job-runner.ts';
import { LocalBuckets } from '../../src/run/local-buckets.ts';
import { ProcessEngine } from '../../src/run/process-engine.ts';
import { ExecutionStopped, TaskFailed, type JobEnd } from '../../src/run/task-failed.ts';

const PROGRAM = fileURLToPath(new URL('toy-entrypoint.ts', import.meta.url));
const engine = new ProcessEngine((image, entrypoint) =>
  image === 'toy' ? { program: process.execPath, arguments: [PROGRAM, entrypoint] } : null,
);

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-runner-'));
  root = join(folder, 'job');
  for (const name of ['a', 'b', 'c']) {
    mkdirSync(join(folder, 'data', 'weekly'), { recursive: true });
    writeFileSync(join(folder, 'data', 'weekly', name), name);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
const training = (more: Partial<TrainingLaunch> = {}) =>
  trainingRequest({
    ...localSettings('job-1', 'toy'),
    hyperparameters: { act: 'work' },
    channels: [{ name: 'dataset', uri: uri('data') }],
    output: uri('models'),
    metricDefinitions: [{ Name: 'loss', Regex: 'hemline_metric loss=(.*);' }],
    ...more,
  });
const processing = (more: Partial<ProcessingLaunch> = {}) =>
  processingRequest({
    ...localSettings('job-2', 'toy'),
    arguments: ['work'],
    inputs: [{ name: 'dataset', uri: uri('data') }],
    outputs: [{ name: 'out', uri: uri('out') }],
    ...more,
  });
const runner = (more: Partial<JobRunnerOptions> = {}): JobRunner => new JobRunner({ engine, ...more });

async function endOf(act: string, more: Partial<JobRunnerOptions> = {}): Promise<JobEnd> {
  const request = processing({ arguments: [act] });
  const failed = await runner(more)
    .process(request, root)
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(TaskFailed);
  return (failed as TaskFailed).end!;
}

describe('a training', () => {
  it('reads its channels, tells what it does, and leaves its model where the request says', async () => {
    const told: unknown[] = [];
    const description = await runner().run({ kind: 'train', request: training() }, root, {
      progress: ({ phase, done }) => told.push([phase, done]),
      metric: (name, value) => told.push([name, value]),
      memory: (bytes) => told.push(bytes > 0),
    });
    expect(told).toEqual([['loss', 0.5], ['other', 2], ['working', 1], true]);
    expect(description).toMatchObject({
      TrainingJobStatus: 'Completed',
      FinalMetricDataList: [{ MetricName: 'loss', Value: 0.5 }],
      ModelArtifacts: { S3ModelArtifacts: `${uri('models')}/job-1/output/model/` },
    });
    const model = readFileSync(join(folder, 'models/job-1/output/model/model.json'), 'utf8');
    expect(JSON.parse(model)).toEqual({ job: 'job-1', act: 'work', files: ['a', 'b', 'c'] });
    expect(readFileSync(join(root, 'job.log'), 'utf8')).toContain('hemline_metric loss=0.5;');
  });

  it('leaves everything in its root where that is asked for, its data linked or copied', async () => {
    const input = join(root, 'input', 'data', 'dataset');
    const description = await runner({ leavesOutputs: true }).train(training(), root);
    expect(description).toMatchObject({ ModelArtifacts: { S3ModelArtifacts: uri('job/model') } });
    expect(readdirSync(join(root, 'model'))).toEqual(['model.json']);
    expect(lstatSync(input).isSymbolicLink()).toBe(true);
    // On the same root once more: links go, and what they lead to stays.
    await runner({ leavesOutputs: true, place: copyInput }).train(training(), root);
    expect(lstatSync(input).isSymbolicLink()).toBe(false);
    expect(readdirSync(join(folder, 'data', 'weekly'))).toEqual(['a', 'b', 'c']);
  });
});

describe('a processing job', () => {
  it('deals the objects of a sharded input out to its hosts, and puts their outputs together', async () => {
    const buckets = new LocalBuckets({ data: { folder: join(folder, 'data') } });
    const machines = { ...localSettings('', '').machines, instances: 2 };
    const inputs = [
      { name: 'dataset/weekly', uri: 's3://data/weekly/', distribution: 'ShardedByS3Key' as const },
    ];
    await runner({ buckets, hosts: 2 }).process(processing({ machines, inputs }), root);
    expect(readdirSync(join(folder, 'out'))).toEqual(['algo-1', 'algo-2']);
    expect(readFileSync(join(folder, 'out', 'algo-1'), 'utf8')).toBe('a,c');
    expect(readFileSync(join(folder, 'out', 'algo-2'), 'utf8')).toBe('b');
  });

  it('is refused where its data is not there', async () => {
    const inputs = [{ name: 'dataset', uri: uri('nowhere') }];
    await expect(runner().process(processing({ inputs }), root)).rejects.toThrow(
      /input dataset has no objects/,
    );
  });

  it('is refused where no program stands for its image', async () => {
    await expect(runner().process(processing({ image: 'unknown' }), root)).rejects.toThrow(
      /no program on this machine stands for an image/,
    );
  });
});

describe('a job that fails', () => {
  it('tells its code, its reason and its log', async () => {
    const log = join(root, 'job.log');
    expect(await endOf('fail')).toEqual({
      ...{ exitCode: 65, reason: 'the table weekly is empty', how: 'exit code: 65', log },
    });
    expect(await endOf('fall')).toEqual({
      ...{ exitCode: 70, reason: null, how: 'it was ended by SIGKILL', log },
    });
  });

  it('is stopped after its longest time', async () => {
    const machines = { ...localSettings('', '').machines, maximumSeconds: 1 };
    const request = processing({ arguments: ['wait'], machines });
    await expect(runner().process(request, root)).rejects.toThrow(/stopped after 1 s, the longest/);
  });

  it('is not one where it was stopped', async () => {
    const stop = new AbortController();
    const request = processing({ arguments: ['wait'] });
    const watch = { progress: (): void => stop.abort() };
    const stopped = runner({ signal: stop.signal }).process(request, root, watch);
    await expect(stopped).rejects.toThrow(ExecutionStopped);
  });
});

describe('a listener that throws', () => {
  it.each(['train', 'process'] as const)('ends the job (%s) with its error', async (kind) => {
    const listener = {
      progress: () => {
        throw new RangeError('the listener stumbled');
      },
    };
    const job =
      kind === 'train'
        ? ({ kind, request: training() } as const)
        : ({ kind, request: processing({ arguments: ['wait'] }) } as const);
    await expect(runner().run(job, root, listener)).rejects.toThrow('the listener stumbled');
  });
});
