import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '@hemline/core';
import { processingRequest, type ProcessingLaunch } from '../../src/requests/processing-request.ts';
import { trainingRequest, type TrainingLaunch } from '../../src/requests/training-request.ts';
import { checkProcessingRequest, checkTrainingRequest } from '../../src/requests/check-request.ts';
import { forecast, training } from './launches.ts';

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));
const places = (count: number): { name: string; uri: string }[] =>
  Array.from({ length: count }, (_, i) => ({ name: `i${i}`, uri: 's3://data/x' }));
const on = (
  machines: Partial<TrainingLaunch['machines']>,
  of: TrainingLaunch | ProcessingLaunch = training,
) => ({
  machines: { ...of.machines, ...machines },
});

const ofBoth: [what: string, change: Partial<TrainingLaunch & ProcessingLaunch>, problem: RegExp][] = [
  ['a name with an underscore', { name: 'train_demand' }, /job name: expected 1 to 63 letters/],
  ['a name of 64 characters', { name: 'x'.repeat(64) }, /job name/],
  ['a role that is none', { role: 'hemline-job' }, /role: expected the ARN of a role/],
  ['no image', { image: '' }, /image: expected the URI/],
  ['101 environment variables', { environment: many(101) }, /environment: expected at most 100/],
  ['a wrong name of a variable', { environment: { 'a-b': 'x' } }, /environment a-b: expected a name/],
  [
    'no subnet',
    { network: { subnets: [], securityGroups: ['sg-1'] } },
    /subnets: expected 1 to 16 of the form subnet-…/,
  ],
  [
    'a security group that is none',
    { network: { subnets: ['subnet-1'], securityGroups: ['default'] } },
    /security groups: expected 1 to 5 of the form sg-…, found "default"/,
  ],
  ['51 tags', { tags: many(51) }, /tags: expected at most 50/],
  ['a tag of AWS', { tags: { 'aws:x': 'y' } }, /tag aws:x/],
];

const ofTraining: [what: string, change: Partial<TrainingLaunch>, problem: RegExp][] = [
  [
    'an instance type that is none',
    on({ instanceType: 'ml.m5.4xlage' }),
    /no "ml.m5.4xlage".*did you mean ml.m5.4xlarge/,
  ],
  ['two instances', on({ instances: 2 }), /instances: expected 1: a training runs on one, found 2/],
  ['no disk', on({ volumeGiB: 0 }), /volume in GiB: expected a whole number from 1/],
  [
    '29 days',
    on({ maximumSeconds: 29 * 86_400 }),
    /seconds at most: expected a whole number from 1 to 2,419,200/,
  ],
  ['101 hyperparameters', { hyperparameters: many(101) }, /hyperparameters: expected at most 100/],
  ['a long value', { hyperparameters: { a: 'x'.repeat(257) } }, /hyperparameter a: expected at most 256/],
  ['a line break', { hyperparameters: { a: 'x\ny' } }, /hyperparameter a: .*without line breaks/],
  ['a long variable', { environment: { A: 'x'.repeat(513) } }, /environment A: expected at most 512/],
  [
    '41 metrics',
    { metricDefinitions: Array(41).fill(training.metricDefinitions[0]) as never },
    /metric definitions: expected at most 40/,
  ],
  [
    'a long regex',
    { metricDefinitions: [{ Name: 'm', Regex: `(${'x'.repeat(500)})` }] },
    /metric m: expected a regex of at most 500/,
  ],
  [
    'a regex without a group',
    { metricDefinitions: [{ Name: 'm', Regex: 'm=\\(?:x' }] },
    /metric m: expected a regex with a group/,
  ],
  ['no channel', { channels: [] }, /channels: expected 1 to 20, found 0/],
  [
    'a channel twice',
    { channels: [training.channels[0]!, training.channels[0]!] },
    /channels: expected every name once, found "dataset"/,
  ],
  [
    'a channel on this machine',
    { channels: [{ name: 'dataset', uri: '/data' }] },
    /channel dataset: expected s3:/,
  ],
  ['an output on this machine', { output: 'file:///x' }, /output: expected s3:/],
  [
    'less patience than time',
    { spot: { checkpoints: 's3://models/c', maximumWaitSeconds: 60 } },
    /waiting for spare capacity.*from 3600/,
  ],
];

const ofProcessing: [what: string, change: Partial<ProcessingLaunch>, problem: RegExp][] = [
  [
    'an instance type of trainings',
    on({ instanceType: 'ml.trn1.2xlarge' }, forecast),
    /instance type: SageMaker has no "ml.trn1.2xlarge"/,
  ],
  ['101 instances', on({ instances: 101 }, forecast), /instances: expected a whole number from 1 to 100/],
  [
    '10 days',
    on({ maximumSeconds: 10 * 86_400 }, forecast),
    /seconds at most: expected a whole number from 1 to 777,600/,
  ],
  ['a long variable', { environment: { A: 'x'.repeat(257) } }, /environment A: expected at most 256/],
  ['11 inputs', { inputs: places(11) }, /inputs: expected at most 10/],
  ['11 outputs', { outputs: places(11) }, /outputs: expected at most 10/],
  [
    'an input with an underscore in its name',
    { inputs: [{ name: 'a_b', uri: 's3://data/x' }] },
    /input: expected a name of at most 63 letters/,
  ],
  ['a long argument', { arguments: ['x'.repeat(257)] }, /argument: expected 1 to 256/],
  ['an empty argument', { arguments: [''] }, /argument: expected 1 to 256/],
  ['101 arguments', { arguments: Array<string>(101).fill('x') }, /arguments: expected at most 100/],
  [
    'an input twice',
    { inputs: [forecast.inputs[0]!, forecast.inputs[0]!] },
    /inputs: .*local paths: expected every name once/,
  ],
];

describe('limits of the platform', () => {
  it.each([...ofBoth, ...ofTraining])('are told of a training with %s', (_what, change, problem) => {
    expect(() => checkTrainingRequest(trainingRequest({ ...training, ...change }))).toThrow(problem);
  });

  it.each([...ofBoth, ...ofProcessing])('are told of a processing job with %s', (_what, change, problem) => {
    expect(() => checkProcessingRequest(processingRequest({ ...forecast, ...change }))).toThrow(problem);
  });

  it('are told all at once', () => {
    const request = trainingRequest({
      ...training,
      role: '',
      image: '',
      output: '',
      ...on({ volumeGiB: 1.5 }),
    });
    expect(() => checkTrainingRequest(request)).toThrow(ConfigurationError);
    expect(() => checkTrainingRequest(request)).toThrow(/role: .*; image: .*; volume in GiB: .*; output: /);
  });

  it('let pass what is put in only when the job starts', () => {
    const later = { uri: '$.data', text: `$.${'x'.repeat(600)}` };
    const check = (request: Parameters<typeof checkTrainingRequest>[0]) => (): void =>
      checkTrainingRequest(request, { isLater: (text) => text.startsWith('$.') });
    const request = trainingRequest({
      ...training,
      ...{ name: '$.name', role: '$.role', image: '$.image', output: later.uri },
      channels: [{ name: 'dataset', uri: later.uri }],
      ...{ hyperparameters: { cutoff: later.text }, environment: { RUN: later.text } },
    });
    expect(check(request)).not.toThrow();
    expect(check({ ...request, RoleArn: 'hemline-job' })).toThrow(/role/);
    expect(() => checkTrainingRequest(request)).toThrow(/job name/);
  });

  it('take what lies on them', () => {
    const request = trainingRequest({
      ...training,
      name: 'x'.repeat(63),
      hyperparameters: { ...many(99), a: 'x'.repeat(256) },
      environment: { A: 'x'.repeat(512) },
      ...on({ maximumSeconds: 28 * 86_400 }),
    });
    expect(() => checkTrainingRequest(request)).not.toThrow();
    const processing = processingRequest({
      ...forecast,
      inputs: places(10),
      outputs: places(10),
      environment: { A: 'x'.repeat(256) },
      arguments: Array<string>(99).fill('x'.repeat(256)),
      ...on({ instances: 100 }, forecast),
    });
    expect(() => checkProcessingRequest(processing)).not.toThrow();
  });
});
