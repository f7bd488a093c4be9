import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HemlineError } from '@hemline/core';
import { writeProcessingConfig } from '../../src/container/fabricate-root.ts';
import { readProcessingContext } from '../../src/container/processing-context.ts';
import { relocate, rootPaths } from '../../src/container/root.ts';
import { readTrainingContext } from '../../src/container/training-context.ts';
import { processingRequest } from '../../src/requests/processing-request.ts';
import { forecast } from '../requests/launches.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hemline-root-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  SAGEMAKER_BASE_DIR: root,
  ...more,
});
async function writeJson(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
}
const config = (name: string, content: unknown): Promise<void> =>
  writeJson(join(root, 'input', 'config', name), content);
const channel = (name: string): Promise<unknown> =>
  mkdir(join(root, 'input', 'data', name), { recursive: true });
async function problemOf(work: Promise<unknown>): Promise<HemlineError> {
  return work.then(
    () => expect.fail('it should have been refused'),
    (error: unknown) => error as HemlineError,
  );
}

describe('the root', () => {
  it('is /opt/ml unless SAGEMAKER_BASE_DIR says otherwise', () => {
    expect(rootPaths({}).failure).toBe('/opt/ml/output/failure');
    expect(rootPaths({ SAGEMAKER_BASE_DIR: '/tmp/x/' }).checkpoints).toBe('/tmp/x/checkpoints');
  });

  it.each([
    ['/opt/ml', '/r'],
    ['/opt/ml/processing/input/a', '/r/processing/input/a'],
    ['/opt/mlx/a', '/opt/mlx/a'],
    ['/data', '/data'],
  ])('moves %s to %s', (path, expected) => {
    expect(relocate(path, '/r')).toBe(expected);
  });
});

describe('readTrainingContext', () => {
  it('reads what the platform writes', async () => {
    await config('hyperparameters.json', { epochs: '3', flag: true, rate: 0.5, sagemaker_region: 'x' });
    await config('inputdataconfig.json', {
      weekly: {
        TrainingInputMode: 'FastFile',
        S3DistributionType: 'FullyReplicated',
        RecordWrapperType: 'None',
        ContentType: null,
      },
      articles: {},
    });
    await config('resourceconfig.json', {
      current_host: 'algo-1',
      hosts: ['algo-1'],
      current_instance_type: 'ml.m5.large',
      current_group_name: 'homogeneousCluster',
      instance_groups: [
        { instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.large', hosts: ['algo-1'] },
      ],
      network_interface_name: 'eth0',
    });
    await channel('weekly');
    await channel('articles');
    await channel('stray');
    const context = await readTrainingContext(environment({ TRAINING_JOB_NAME: 'job-7' }));
    expect(context.hyperparameters).toEqual({
      epochs: '3',
      flag: 'true',
      rate: '0.5',
      sagemaker_region: 'x',
    });
    expect(context.channels).toEqual({
      weekly: join(root, 'input', 'data', 'weekly'),
      articles: join(root, 'input', 'data', 'articles'),
    });
    expect(context.hosts).toEqual({ current: 'algo-1', all: ['algo-1'], index: 0 });
    expect(context.jobName).toBe('job-7');
  });

  it('needs no more than a channel', async () => {
    await channel('weekly');
    const context = await readTrainingContext(environment());
    expect(context).toMatchObject({
      hyperparameters: {},
      hosts: { all: ['algo-1'], index: 0 },
      jobName: 'local',
    });
    expect(Object.keys(context.channels)).toEqual(['weekly']);
  });

  it.each([
    { current_instance_group: 'g' },
    { current_group_name: 'g' },
    { current_group_name: null, current_instance_type: null },
    {},
  ])('takes either name of the instance group: %j', async (names) => {
    await channel('weekly');
    await config('resourceconfig.json', { current_host: 'algo-1', hosts: ['algo-1'], ...names });
    expect((await readTrainingContext(environment())).hosts.current).toBe('algo-1');
  });

  it('names every problem at once', async () => {
    await config('hyperparameters.json', '{"a":');
    await config('inputdataconfig.json', { weekly: {}, articles: {} });
    await config('resourceconfig.json', { current_host: 'algo-9', hosts: ['algo-1', 'algo-2'] });
    const error = await problemOf(readTrainingContext(environment()));
    expect(error.code).toBe('CONFIGURATION');
    for (const told of [
      'hyperparameters.json: no JSON',
      'channel weekly: there is no folder',
      'channel articles: there is no folder',
      'current_host algo-9 is not among hosts algo-1, algo-2',
    ])
      expect(error.message).toContain(told);
  });

  it('says that there is no channel', async () => {
    expect((await problemOf(readTrainingContext(environment()))).message).toMatch(/there is no channel/);
  });

  it('refuses pipe mode and several hosts, with what to do', async () => {
    await channel('weekly');
    await config('inputdataconfig.json', { weekly: { TrainingInputMode: 'Pipe' } });
    const pipe = await problemOf(readTrainingContext(environment()));
    expect([pipe.code, pipe.message]).toEqual([
      'UNSUPPORTED',
      expect.stringMatching(/Pipe for channel weekly.*FastFile/),
    ]);
    await config('inputdataconfig.json', { weekly: {} });
    await config('resourceconfig.json', { current_host: 'algo-2', hosts: ['algo-1', 'algo-2'] });
    const hosts = await problemOf(readTrainingContext(environment()));
    expect([hosts.code, hosts.message]).toEqual([
      'UNSUPPORTED',
      expect.stringMatching(/one host.*found hosts algo-1, algo-2/),
    ]);
  });
});

describe('readProcessingContext', () => {
  const input = (name: string): Promise<unknown> =>
    mkdir(join(root, 'processing', 'input', name), { recursive: true });

  it('reads what the platform writes, with its nulls, below the root in use', async () => {
    await input('model');
    const request = processingRequest({
      ...forecast,
      name: 'forecast-1',
      inputs: [
        { name: 'model', uri: 's3://bucket/model' },
        { name: 'weekly', uri: 's3://bucket/weekly', distribution: 'ShardedByS3Key' },
      ],
      outputs: [{ name: 'forecast', uri: 's3://bucket/forecast', uploadMode: 'Continuous' }],
    });
    const hosts = { current: 'algo-2', all: ['algo-3', 'algo-2', 'algo-1'] };
    writeProcessingConfig(root, request, hosts);
    const context = await readProcessingContext(environment());
    expect(context.inputs).toEqual({
      model: { name: 'model', directory: join(root, 'processing', 'input', 'model'), sharded: false },
      // This share is empty: the platform makes no folder for it.
      weekly: { name: 'weekly', directory: join(root, 'processing', 'input', 'weekly'), sharded: true },
    });
    expect(context.outputs).toEqual({ forecast: join(root, 'processing', 'output', 'forecast') });
    expect(context.hosts).toEqual({ current: 'algo-2', all: ['algo-1', 'algo-2', 'algo-3'], index: 1 });
    expect(context.jobName).toBe('forecast-1');
  });

  it('takes a job of which everything is null', async () => {
    await writeJson(join(root, 'config', 'processingjobconfig.json'), {
      ProcessingJobName: null,
      ProcessingInputs: null,
      ProcessingOutputConfig: null,
    });
    const context = await readProcessingContext(environment());
    expect(context).toMatchObject({ inputs: {}, outputs: {}, jobName: 'local', hosts: { index: 0 } });
  });

  it('names every problem at once', async () => {
    await writeJson(join(root, 'config', 'processingjobconfig.json'), {
      ProcessingInputs: [
        { InputName: 'model', S3Input: { LocalPath: '/opt/ml/processing/input/model' } },
        { InputName: 'weekly', S3Input: null },
      ],
      ProcessingOutputConfig: { Outputs: [{ OutputName: 'forecast', S3Output: null }] },
    });
    await writeJson(join(root, 'config', 'resourceconfig.json'), { current_host: 'algo-1', hosts: [] });
    const error = await problemOf(readProcessingContext(environment()));
    expect(error.code).toBe('CONFIGURATION');
    for (const told of [
      'input model: there is no folder',
      'input weekly: there is no S3Input',
      'output forecast: there is no S3Output',
      'resourceconfig.json: hosts: ',
    ])
      expect(error.message).toContain(told);
    await rm(join(root, 'config'), { recursive: true });
    expect((await problemOf(readProcessingContext(environment()))).message).toMatch(
      /processingjobconfig\.json: it is needed/,
    );
  });

  it('refuses pipe mode', async () => {
    await writeJson(join(root, 'config', 'processingjobconfig.json'), {
      ProcessingInputs: [
        {
          InputName: 'weekly',
          S3Input: { LocalPath: '/opt/ml/processing/input/weekly', S3InputMode: 'Pipe' },
        },
      ],
    });
    expect((await problemOf(readProcessingContext(environment()))).code).toBe('UNSUPPORTED');
  });
});
