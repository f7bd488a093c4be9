import { Duration, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SageMakerCreateProcessingJob } from '../constructs/create-processing-job.ts';
import type { Declaration } from '../declaration/declaration.ts';
import { computeOf, machineProps } from './job-tasks.ts';
import { jobPrefix } from './job-prefix.ts';
import { at, locationUri } from './paths.ts';
import type { Platform } from './platform.ts';

/** Errors of the services, not of a job: worth waiting for. */
const SERVICE_ERRORS = [
  'SageMaker.AmazonSageMakerException',
  'SageMaker.ResourceLimitExceededException',
  'SageMaker.ResourceLimitExceeded',
  'SageMaker.ThrottlingException',
];

/**
 * Waits and starts a job again that a service did not take: it is busy, or the quota is used up.
 * @param task of a job
 */
export function retryService(task: sfn.TaskStateBase): void {
  task.addRetry({
    errors: SERVICE_ERRORS,
    interval: Duration.minutes(1),
    maxAttempts: 6,
    backoffRate: 2,
    maxDelay: Duration.minutes(15),
    jitterStrategy: sfn.JitterType.FULL,
  });
}

/** A small step takes seconds, and the function itself five minutes at most. */
const SMALL_STEP = sfn.Timeout.duration(Duration.minutes(15));

/** What the states before and after the models have in common. */
export interface Frame {
  readonly scope: Construct;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly platform: Platform;
  readonly declaration: Declaration;
}

/**
 * A small step: a call of the function that does them.
 * @param frame of the workflow
 * @param id name of the state
 * @param payload `action` and what it needs
 * @param resultPath where its answer goes, as `answer`; by default it is all that goes on
 * @returns the task
 */
export function smallStep(
  { scope, platform }: Frame,
  id: string,
  payload: Readonly<Record<string, unknown>>,
  resultPath?: string,
): tasks.LambdaInvoke {
  return new tasks.LambdaInvoke(scope, id, {
    lambdaFunction: platform.steps,
    payload: sfn.TaskInput.fromObject({ ...payload }),
    ...(resultPath === undefined
      ? { outputPath: '$.Payload' }
      : { resultSelector: { answer: at('$.Payload') }, resultPath }),
    retryOnServiceExceptions: true,
    taskTimeout: SMALL_STEP,
  });
}

/**
 * The task that checks all data once and tells what it found.
 * @param frame of the workflow
 * @returns the task
 */
export function checkTask({ scope, workflow, platform, declaration }: Frame): SageMakerCreateProcessingJob {
  const task = new SageMakerCreateProcessingJob(scope, 'check the data', {
    jobNamePrefix: jobPrefix(workflow, 'check', null, 'check'),
    imageUri: platform.imageUri('data'),
    role: platform.processingRole,
    containerEntrypoint: ['check'],
    containerArguments: ['--tables', declaration.tables.join(',')],
    environment: { HEMLINE_RUN_ID: at('$.run') },
    processingInputs: [{ name: 'dataset', s3Uri: at('$.data') }],
    processingOutputs: [
      {
        name: 'facts',
        s3Uri: locationUri(platform.artifactsBucket, 'facts', { run: at('$.run') }),
      },
    ],
    outputEncryptionKey: platform.key,
    ...machineProps(computeOf(null, 'check'), platform),
    enableNetworkIsolation: true,
    tags: { ...platform.tags, 'hemline:workflow': workflow },
    resultSelector: { uri: at('$.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri') },
    resultPath: '$.facts',
  });
  retryService(task);
  return task;
}

/**
 * Tells people. What happens when that fails is the caller's to say.
 * @param frame of the workflow
 * @param id name of the state
 * @param subject of the message
 * @param message path of the text
 * @returns the task
 */
export function notification(
  { scope, platform }: Frame,
  id: string,
  subject: string,
  message: string,
): tasks.SnsPublish {
  return new tasks.SnsPublish(scope, id, {
    topic: platform.topic,
    subject,
    message: sfn.TaskInput.fromJsonPathAt(message),
    resultPath: sfn.JsonPath.DISCARD,
    taskTimeout: SMALL_STEP,
  });
}
