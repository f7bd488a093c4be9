import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, StoreError } from '@hemline/core';
import { processingRequest } from '../../src/requests/processing-request.ts';
import { trainingRequest } from '../../src/requests/training-request.ts';
import { JobLogs } from '../../src/submit/job-logs.ts';
import { SageMakerJobs } from '../../src/submit/sagemaker-jobs.ts';
import { startMoto } from '@hemline/stores/testing';
import { forecast, training } from '../requests/launches.ts';

const moto = await startMoto();
const note = moto.missing === null ? '' : `, skipped, moto cannot be had: ${moto.missing}`;

describe.skipIf(moto.missing !== null)(`SageMaker's jobs at moto${note}`, () => {
  let sageMaker: SageMakerClient;
  let cloudWatch: CloudWatchLogsClient;
  let jobs: SageMakerJobs;

  beforeAll(() => {
    if (moto.missing !== null) return;
    const settings = {
      endpoint: moto.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    };
    sageMaker = new SageMakerClient(settings);
    cloudWatch = new CloudWatchLogsClient(settings);
    jobs = new SageMakerJobs(sageMaker);
  });
  afterAll(() => {
    if (moto.missing !== null) return;
    sageMaker.destroy();
    cloudWatch.destroy();
    moto.close();
  });

  it('are started and described', async () => {
    await jobs.submit({ kind: 'train', request: trainingRequest(training) });
    expect(await jobs.describe('train', training.name)).toMatchObject({
      kind: 'train',
      name: training.name,
      status: 'Completed',
      phase: 'Completed',
      artifact: `s3://models/trained/${training.name}/output/model.tar.gz`,
    });
    await jobs.submit({ kind: 'process', request: processingRequest(forecast) });
    expect(await jobs.describe('process', forecast.name)).toMatchObject({
      kind: 'process',
      status: 'Completed',
      artifact: null,
    });
  });

  it('are looked for: moto has every job complete at once', async () => {
    expect(await jobs.find('process', 'never-started')).toBeNull();
    const request = processingRequest({ ...forecast, name: 'looked-for' });
    await jobs.submit({ kind: 'process', request });
    expect(await jobs.find('process', 'looked-for')).toMatchObject({ status: 'Completed' });
    expect(await jobs.processingInProgress('looked')).toEqual([]);
  });

  it('are not started when they break a limit', async () => {
    const name = 'over-the-limit';
    const request = trainingRequest({ ...training, name, hyperparameters: { a: 'x'.repeat(257) } });
    await expect(jobs.submit({ kind: 'train', request })).rejects.toThrow(/hyperparameter a/);
    await expect(jobs.describe('train', name)).rejects.toThrow(ConfigurationError);
  });

  it('that cannot be stopped are an error of the platform: moto answers a page of HTML', async () => {
    const request = trainingRequest({ ...training, name: 'to-be-stopped' });
    await jobs.submit({ kind: 'train', request });
    await expect(jobs.stop('train', 'to-be-stopped')).rejects.toThrow(StoreError);
  });

  it('have logs, read on from where they were read to, of every host and of this job only', async () => {
    const logs = new JobLogs(cloudWatch, 'process', 'job-1');
    // No job of the account has printed anything.
    expect(await logs.read()).toEqual([]);
    const logGroupName = '/aws/sagemaker/ProcessingJobs';
    await cloudWatch.send(new CreateLogGroupCommand({ logGroupName }));
    expect(await logs.read()).toEqual([]);
    const put = async (logStreamName: string, ...texts: string[]): Promise<void> => {
      const logEvents = texts.map((message, i) => ({ timestamp: Date.now() - 1000 + i, message }));
      await cloudWatch.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    };
    for (const logStreamName of ['job-1/algo-1-1767', 'job-1/algo-2-1768', 'job-10/algo-1-1769'])
      await cloudWatch.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    await put('job-1/algo-1-1767', 'one', 'two');
    await put('job-1/algo-2-1768', 'three');
    await put('job-10/algo-1-1769', 'of another job');
    expect(await logs.read()).toEqual([
      { host: 'algo-1', text: 'one' },
      { host: 'algo-1', text: 'two' },
      { host: 'algo-2', text: 'three' },
    ]);
    expect(await logs.read()).toEqual([]);
    await put('job-1/algo-2-1768', 'four\n');
    expect(await logs.read()).toEqual([{ host: 'algo-2', text: 'four' }]);
  });

  it('that cannot be reached are an error that may pass', async () => {
    const client = new SageMakerClient({
      endpoint: 'http://127.0.0.1:9',
      region: 'eu-central-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await expect(new SageMakerJobs(client).describe('train', 'x')).rejects.toThrow(
      /AWS did not answer.*Try again/,
    );
  });
});
