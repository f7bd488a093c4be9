import { Duration, Size, aws_ec2 as ec2, aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  SageMakerTrainingJob,
  type SageMakerTrainingJobProps,
} from '../../src/constructs/create-training-job.ts';
import { TaskStack } from './task-stack.ts';

let at: TaskStack;

beforeEach(() => {
  at = new TaskStack();
});

const least = (): SageMakerTrainingJobProps => ({
  jobNamePrefix: 'T-ape',
  imageUri: 'image:1',
  role: at.role,
  channels: [{ name: 'weekly', s3Uri: 's3://bucket/weekly/' }],
  outputUri: 's3://bucket/models/',
});

function synthesized(props: SageMakerTrainingJobProps): ReturnType<TaskStack['synthesize']> {
  return at.synthesize(new SageMakerTrainingJob(at.stack, 'train', props));
}

describe('SageMakerTrainingJob', () => {
  it('renders the defaults', () => {
    expect(synthesized(least()).state).toEqual({
      Type: 'Task',
      End: true,
      Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
      Parameters: {
        'TrainingJobName.$': "States.Format('T-ape-{}', States.UUID())",
        RoleArn: expect.stringMatching(/^Job/) as string,
        AlgorithmSpecification: { TrainingImage: 'image:1', TrainingInputMode: 'File' },
        InputDataConfig: [
          {
            ChannelName: 'weekly',
            InputMode: 'File',
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3DataDistributionType: 'FullyReplicated',
                S3Uri: 's3://bucket/weekly/',
              },
            },
          },
        ],
        OutputDataConfig: { S3OutputPath: 's3://bucket/models/' },
        ResourceConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
        EnableNetworkIsolation: false,
      },
    });
  });

  it('renders everything that can be given', () => {
    const { state } = synthesized({
      ...least(),
      channels: [{ name: 'weekly', s3Uri: sfn.JsonPath.stringAt('$.weekly'), inputMode: 'FastFile' }],
      outputUri: sfn.JsonPath.stringAt('$.models'),
      hyperparameters: { cutoff: sfn.JsonPath.stringAt('$.cutoff'), steps: '10' },
      metricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+);' }],
      environment: { RUN: sfn.JsonPath.stringAt('$.run') },
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.G5, ec2.InstanceSize.XLARGE2),
      volumeSize: Size.gibibytes(100),
      maxRuntime: Duration.hours(2),
      spot: { checkpoints: 's3://bucket/checkpoints/', maxWait: Duration.hours(6) },
      enableNetworkIsolation: true,
      tags: { team: 'pricing' },
      resultPath: '$.train',
    });
    expect(state).toMatchObject({
      ResultPath: '$.train',
      Parameters: {
        AlgorithmSpecification: { MetricDefinitions: [{ Name: 'loss', Regex: 'loss=([0-9.]+);' }] },
        HyperParameters: { 'cutoff.$': '$.cutoff', steps: '10' },
        Environment: { 'RUN.$': '$.run' },
        InputDataConfig: [{ InputMode: 'FastFile', DataSource: { S3DataSource: { 'S3Uri.$': '$.weekly' } } }],
        OutputDataConfig: { 'S3OutputPath.$': '$.models' },
        ResourceConfig: { InstanceType: 'ml.g5.2xlarge', VolumeSizeInGB: 100 },
        StoppingCondition: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 21_600 },
        EnableManagedSpotTraining: true,
        CheckpointConfig: { S3Uri: 's3://bucket/checkpoints/' },
        EnableNetworkIsolation: true,
        Tags: [{ Key: 'team', Value: 'pricing' }],
      },
    });
  });

  it('allows the state machine jobs of its prefix, and to pass their role', () => {
    const { template } = synthesized(least());
    const statements = Object.values(template.Resources)
      .filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .flatMap(
        ({ Properties }) =>
          (Properties as { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } })
            .PolicyDocument.Statement,
      );
    const jobs = statements.find(({ Action }) => JSON.stringify(Action).includes('CreateTrainingJob'))!;
    expect(jobs.Action).toEqual([
      'sagemaker:CreateTrainingJob',
      'sagemaker:DescribeTrainingJob',
      'sagemaker:StopTrainingJob',
    ]);
    expect(JSON.stringify(jobs.Resource)).toContain(':training-job/t-ape-*');
    expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
  });

  it.each<[string, Partial<SageMakerTrainingJobProps>, RegExp]>([
    ['no channel', { channels: [] }, /channels: expected 1 to 20, found 0/],
    [
      'a channel with a space',
      { channels: [{ name: 'a b', s3Uri: 's3://bucket/' }] },
      /channel: expected at most 64 letters, digits and ._-, found "a b"/,
    ],
    [
      'a long hyperparameter',
      { hyperparameters: { a: 'x'.repeat(257) } },
      /hyperparameter a: expected at most 256 characters, .*found "257 characters"/,
    ],
    ['a line break', { hyperparameters: { a: 'x\ny' } }, /hyperparameter a: .*without line breaks/],
    [
      'a long variable',
      { environment: { A: 'x'.repeat(513) } },
      /environment A: expected at most 512 characters, found "513"/,
    ],
    [
      'too long a run',
      { maxRuntime: Duration.days(29) },
      /seconds at most: expected a whole number from 1 to 2,419,200, found 2505600/,
    ],
    [
      'less patience than work',
      { spot: { checkpoints: 's3://bucket/', maxWait: Duration.minutes(59) } },
      /waiting for spare capacity and running: expected a whole number from 3600 to .*, found 3540/,
    ],
    [
      'not waiting',
      { integrationPattern: sfn.IntegrationPattern.REQUEST_RESPONSE },
      /does not wait for its job/,
    ],
  ])('refuses %s', (_, more, message) => {
    expect(() => new SageMakerTrainingJob(at.stack, 'train', { ...least(), ...more })).toThrow(message);
  });
});
