import { ConfigurationError } from '@hemline/core';
import { openRegistry } from '@hemline/runs';
import { handleStep, type StepRequest } from './handle.ts';
import { S3Files } from './s3-files.ts';
import { stageMetric } from './stage-metric.ts';
import type { StepServices } from './step-services.ts';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new ConfigurationError('the function lacks a setting', { expected: name, found: 'nothing' });
  return value;
}

let services: Promise<StepServices> | undefined;

async function servicesOf(): Promise<StepServices> {
  const stage = setting('HEMLINE_STAGE');
  return {
    files: new S3Files(),
    registry: await openRegistry(setting('HEMLINE_REGISTRY'), {
      image: (model) => setting('HEMLINE_IMAGES').replace('{model}', model),
    }),
    artifacts: setting('HEMLINE_ARTIFACTS'),
    now: () => new Date(),
    // CloudWatch makes metrics of log lines of this form.
    metric: (name, value, dimensions) =>
      void process.stdout.write(`${stageMetric(stage, name, value, dimensions)}\n`),
  };
}

/**
 * The Lambda function of the small steps.
 * @param request payload of the state
 * @returns the answer
 */
export async function handler(request: StepRequest): Promise<unknown> {
  services ??= servicesOf();
  return handleStep(request, await services);
}
