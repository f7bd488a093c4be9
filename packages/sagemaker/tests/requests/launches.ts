import type { ProcessingLaunch } from '../../src/requests/processing-request.ts';
import type { TrainingLaunch } from '../../src/requests/training-request.ts';

const common = {
  image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/hemline/demand-naive:1',
  role: 'arn:aws:iam::123456789012:role/hemline-job',
  environment: { HEMLINE_RUN_ID: 'weekly-7' },
  tags: { 'hemline:model': 'demand-naive' },
};

/** A training with only what it must have. */
export const training: TrainingLaunch = {
  ...common,
  name: 'train-demand-naive-7',
  machines: { instanceType: 'ml.m5.4xlarge', instances: 1, volumeGiB: 100, maximumSeconds: 3600 },
  hyperparameters: { cutoff: '2026-01-05', seed: '1' },
  channels: [{ name: 'dataset', uri: 's3://data/observed' }],
  output: 's3://models/trained',
  metricDefinitions: [{ Name: 'loss', Regex: 'hemline_metric loss=([0-9.]+);' }],
};

/** A forecast on two hosts. */
export const forecast: ProcessingLaunch = {
  ...common,
  name: 'forecast-demand-naive-7',
  machines: { instanceType: 'ml.c5.4xlarge', instances: 2, volumeGiB: 50, maximumSeconds: 7200 },
  arguments: ['--step', 'forecast', '--output', 's3://forecasts/7'],
  inputs: [
    { name: 'dataset', uri: 's3://data/observed/' },
    { name: 'model', uri: 's3://models/trained/7/output/model.tar.gz' },
  ],
  outputs: [],
};
