import { Duration, Size, aws_ec2 as ec2, aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  SageMakerCreateProcessingJob,
  type SageMakerCreateProcessingJobProps,
} from '../../src/constructs/create-processing-job.ts';
import { TaskStack } from './task-stack.ts';

let at: TaskStack;

beforeEach(() => {
  at = new TaskStack();
});

const least = (): SageMakerCreateProcessingJobProps => ({
  jobNamePrefix: 'F-ape',
  imageUri: 'image:1',
  role: at.role,
});

function synthesized(props: SageMakerCreateProcessingJobProps): ReturnType<TaskStack['synthesize']> {
  return at.synthesize(new SageMakerCreateProcessingJob(at.stack, 'forecast', props));
}

describe('SageMakerCreateProcessingJob', () => {
  it('renders the defaults', () => {
    expect(synthesized(least()).state).toEqual({
      Type: 'Task',
      End: true,
      Resource: 'arn:aws:states:::sagemaker:createProcessingJob.sync',
      Parameters: {
        'ProcessingJobName.$': "States.Format('F-ape-{}', States.UUID())",
        RoleArn: expect.stringMatching(/^Job/) as string,
        AppSpecification: { ImageUri: 'image:1' },
        ProcessingResources: {
          ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.xlarge', VolumeSizeInGB: 30 },
        },
        NetworkConfig: { EnableNetworkIsolation: false },
        StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      },
    });
  });

  it('renders everything that can be given', () => {
    const { state } = synthesized({
      ...least(),
      containerEntrypoint: ['process'],
      containerArguments: ['--cutoff', sfn.JsonPath.stringAt('$.cutoff')],
      environment: { RUN: sfn.JsonPath.stringAt('$.run'), FIXED: '1' },
      processingInputs: [
        { name: 'weekly', s3Uri: sfn.JsonPath.stringAt('$.data'), distribution: 'ShardedByS3Key' },
        { name: 'model', s3Uri: 's3://bucket/model/', localPath: '/opt/ml/processing/model' },
      ],
      processingOutputs: [{ name: 'out', s3Uri: 's3://bucket/out/', uploadMode: 'Continuous' }],
      instanceCount: 4,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.C5, ec2.InstanceSize.XLARGE),
      volumeSize: Size.gibibytes(100),
      maxRuntime: Duration.hours(2),
      enableNetworkIsolation: true,
      tags: { team: 'pricing' },
      resultPath: '$.forecast',
    });
    expect(state).toMatchObject({
      ResultPath: '$.forecast',
      Parameters: {
        AppSpecification: {
          ContainerEntrypoint: ['process'],
          'ContainerArguments.$': "States.Array('--cutoff', $.cutoff)",
        },
        Environment: { 'RUN.$': '$.run', FIXED: '1' },
        ProcessingInputs: [
          {
            InputName: 'weekly',
            AppManaged: false,
            S3Input: {
              'S3Uri.$': '$.data',
              LocalPath: '/opt/ml/processing/input/weekly',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'ShardedByS3Key',
              S3CompressionType: 'None',
            },
          },
          { S3Input: { LocalPath: '/opt/ml/processing/model', S3DataDistributionType: 'FullyReplicated' } },
        ],
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'out',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://bucket/out/',
                LocalPath: '/opt/ml/processing/output/out',
                S3UploadMode: 'Continuous',
              },
            },
          ],
        },
        ProcessingResources: {
          ClusterConfig: { InstanceCount: 4, InstanceType: 'ml.c5.xlarge', VolumeSizeInGB: 100 },
        },
        NetworkConfig: { EnableNetworkIsolation: true },
        StoppingCondition: { MaxRuntimeInSeconds: 7200 },
        Tags: [{ Key: 'team', Value: 'pricing' }],
      },
    });
  });

  it('lets the state machine run jobs of its prefix, hand over its role, and nothing else', () => {
    const { template } = synthesized(least());
    const policies = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
    const text = JSON.stringify(policies);
    const { Statement } = policies[0]!.Properties['PolicyDocument'] as {
      Statement: { Action: string | string[] }[];
    };
    expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
      'events:DescribeRule',
      'events:PutRule',
      'events:PutTargets',
      'iam:PassRole',
      'sagemaker:AddTags',
      'sagemaker:CreateProcessingJob',
      'sagemaker:DescribeProcessingJob',
      'sagemaker:StopProcessingJob',
    ]);
    // SageMaker writes names in ARNs in lower case.
    expect(text).toContain(':processing-job/f-ape-*');
    expect(text).toContain('StepFunctionsGetEventsForSageMakerProcessingJobsRule');
    expect(text).toContain('"iam:PassedToService":"sagemaker.amazonaws.com"');
    expect(text).not.toContain('"Resource":"*"');
  });

  it.each([
    ['a prefix too long', { jobNamePrefix: 'a'.repeat(27) }, /prefix of a job name/],
    ['a prefix with an underscore', { jobNamePrefix: 'a_b' }, /prefix of a job name/],
    ['no instance', { instanceCount: 0 }, /instances: expected a whole number from 1 to 100, found 0/],
    [
      'a path outside',
      { processingInputs: [{ name: 'x', s3Uri: 's3://bucket/x', localPath: '/opt/ml/x' }] },
      /input x: expected a local path below \/opt\/ml\/processing\/, found "\/opt\/ml\/x"/,
    ],
    [
      'a name twice',
      { processingInputs: ['x', 'x'].map((name) => ({ name, s3Uri: 's3://bucket/x' })) },
      /inputs: expected every name once, found "x"/,
    ],
    [
      'eleven inputs',
      { processingInputs: Array.from({ length: 11 }, (_, i) => ({ name: `x${i}`, s3Uri: 's3://bucket/x' })) },
      /inputs: expected at most 10, found 11/,
    ],
    [
      'a long value',
      { environment: { A: 'x'.repeat(257) } },
      /environment A: expected at most 256 characters, found "257"/,
    ],
    [
      'a job of ten days',
      { maxRuntime: Duration.days(10) },
      /seconds at most: expected a whole number from 1 to 777,600/,
    ],
  ])('refuses %s', (_what, change, told) => {
    expect(() => synthesized({ ...least(), ...change })).toThrow(told);
  });
});
