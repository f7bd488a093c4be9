import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobName } from '../../src/requests/job-name.ts';
import { processingRequest } from '../../src/requests/processing-request.ts';
import { trainingRequest } from '../../src/requests/training-request.ts';
import { checkProcessingRequest, checkTrainingRequest } from '../../src/requests/check-request.ts';
import { forecast, training } from './launches.ts';

describe('trainingRequest', () => {
  it('is the whole request of a plain training', () => {
    expect(trainingRequest(training)).toEqual({
      TrainingJobName: 'train-demand-naive-7',
      AlgorithmSpecification: {
        TrainingImage: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/demand-naive:1',
        TrainingInputMode: 'File',
        MetricDefinitions: [{ Name: 'loss', Regex: 'hemline_metric loss=([0-9.]+);' }],
      },
      RoleArn: 'arn:aws:iam::123456789012:role/hemline-job',
      HyperParameters: { cutoff: '2026-01-05', seed: '1' },
      InputDataConfig: [
        {
          ChannelName: 'dataset',
          InputMode: 'FastFile',
          DataSource: {
            S3DataSource: {
              S3DataType: 'S3Prefix',
              S3Uri: 's3://data/observed/',
              S3DataDistributionType: 'FullyReplicated',
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: 's3://models/trained/' },
      ResourceConfig: { InstanceType: 'ml.m5.4xlarge', InstanceCount: 1, VolumeSizeInGB: 100 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
      Environment: { HEMLINE_RUN_ID: 'weekly-7' },
      Tags: [{ Key: 'hemline:model', Value: 'demand-naive' }],
    });
  });

  it('is the whole request of one on spare capacity, with a key, in a network', () => {
    const request = trainingRequest({
      ...training,
      keys: { disks: 'alias/hemline', outputs: 'alias/hemline' },
      network: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
      spot: { checkpoints: 's3://models/checkpoints/7', maximumWaitSeconds: 7200 },
    });
    expect(request).toEqual({
      ...trainingRequest(training),
      OutputDataConfig: { S3OutputPath: 's3://models/trained/', KmsKeyId: 'alias/hemline' },
      ResourceConfig: {
        InstanceType: 'ml.m5.4xlarge',
        InstanceCount: 1,
        VolumeSizeInGB: 100,
        VolumeKmsKeyId: 'alias/hemline',
      },
      StoppingCondition: { MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 },
      EnableManagedSpotTraining: true,
      CheckpointConfig: { S3Uri: 's3://models/checkpoints/7/' },
      VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    });
    expect(() => checkTrainingRequest(request)).not.toThrow();
  });
});

describe('processingRequest', () => {
  it('is the whole request of a forecast that writes to S3 by itself', () => {
    const request = processingRequest(forecast);
    expect(request).toEqual({
      ProcessingJobName: 'forecast-demand-naive-7',
      AppSpecification: {
        ImageUri: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/demand-naive:1',
        ContainerEntrypoint: ['process'],
        ContainerArguments: ['--step', 'forecast', '--output', 's3://forecasts/7'],
      },
      RoleArn: 'arn:aws:iam::123456789012:role/hemline-job',
      ProcessingInputs: [
        {
          InputName: 'dataset',
          AppManaged: false,
          S3Input: {
            S3Uri: 's3://data/observed/',
            LocalPath: '/opt/ml/processing/input/dataset',
            S3DataType: 'S3Prefix',
            S3InputMode: 'File',
            S3DataDistributionType: 'FullyReplicated',
            S3CompressionType: 'None',
          },
        },
        {
          InputName: 'model',
          AppManaged: false,
          S3Input: {
            S3Uri: 's3://models/trained/7/output/model.tar.gz',
            LocalPath: '/opt/ml/processing/input/model',
            S3DataType: 'S3Prefix',
            S3InputMode: 'File',
            S3DataDistributionType: 'FullyReplicated',
            S3CompressionType: 'None',
          },
        },
      ],
      ProcessingResources: {
        ClusterConfig: { InstanceType: 'ml.c5.4xlarge', InstanceCount: 2, VolumeSizeInGB: 50 },
      },
      StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      Environment: { HEMLINE_RUN_ID: 'weekly-7' },
      Tags: [{ Key: 'hemline:model', Value: 'demand-naive' }],
    });
    expect(() => checkProcessingRequest(request)).not.toThrow();
  });

  it('is the whole request of an evaluation, with a key, in a network', () => {
    const request = processingRequest({
      ...forecast,
      arguments: ['--step', 'evaluate'],
      outputs: [{ name: 'evaluation', uri: 's3://scores/7' }],
      keys: { disks: 'alias/hemline', outputs: 'alias/hemline' },
      network: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
    });
    expect(request).toEqual({
      ...processingRequest(forecast),
      AppSpecification: {
        ...processingRequest(forecast).AppSpecification,
        ContainerArguments: ['--step', 'evaluate'],
      },
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'evaluation',
            AppManaged: false,
            S3Output: {
              S3Uri: 's3://scores/7/',
              LocalPath: '/opt/ml/processing/output/evaluation',
              S3UploadMode: 'EndOfJob',
            },
          },
        ],
        KmsKeyId: 'alias/hemline',
      },
      ProcessingResources: {
        ClusterConfig: {
          InstanceType: 'ml.c5.4xlarge',
          InstanceCount: 2,
          VolumeSizeInGB: 50,
          VolumeKmsKeyId: 'alias/hemline',
        },
      },
      NetworkConfig: { VpcConfig: { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] } },
    });
    expect(() => checkProcessingRequest(request)).not.toThrow();
  });
});

describe('jobName', () => {
  it('is one that SageMaker takes, whatever the model is called, and another every time', () => {
    const model = fc.stringMatching(/^[a-z0-9](-*[a-z0-9]){0,70}$/);
    fc.assert(
      fc.property(model, fc.constantFrom('train', 'forecast', 'features'), (name, kind) => {
        const made = jobName(kind, name);
        expect(made).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
        expect(made.length).toBeLessThanOrEqual(63);
      }),
    );
    const now = new Date('2026-01-05T06:07:08Z');
    expect(jobName('train', 'demand-naive', now)).toMatch(/^train-demand-naive-20260105t060708-[0-9a-f]{4}$/);
  });
});
