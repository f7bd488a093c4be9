import { Duration, Size, aws_ec2 as ec2, aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { TableName } from '@hemline/core';
import { SageMakerCreateProcessingJob, type ProcessingInput } from '../constructs/create-processing-job.ts';
import { SageMakerTrainingJob } from '../constructs/create-training-job.ts';
import { DEFAULT_COMPUTE, type Compute, type JobKind } from '../declaration/compute.ts';
import type { ModelFacts, TableNeeds } from '../declaration/model-facts.ts';
import type { ModelSettings } from '../declaration/settings.ts';
import { APPROVED, type CutoffName, type ModelJobStep } from '../declaration/steps.ts';
import { jobPrefix } from './job-prefix.ts';
import { at, locationUri } from './paths.ts';
import type { Platform } from './platform.ts';

/** A step of a model, ready to become a task. */
export interface StepContext {
  readonly scope: Construct;
  /** Name of the state. */
  readonly id: string;
  readonly platform: Platform;
  readonly workflow: string;
  readonly perCutoff: boolean;
  readonly model: ModelFacts;
  readonly settings: ModelSettings;
  readonly tables: readonly TableName[];
  readonly name: string;
  /** Whether the step is done with the approved version before, in the place of the one that failed. */
  readonly isStandIn?: boolean;
  /** Path of a step's result in the state's input. */
  resultOf(step: string): string;
}

/** Time for the platform to find machines and pull images, on top of a job's own. */
const START_UP = Duration.hours(1);
/** Longest wait for spare capacity, as a multiple of the longest run. */
const SPOT_PATIENCE = 2;

/**
 * The machines of a job.
 * @param settings of the model; none for the check of the data
 * @param kind of the job
 * @returns defaults with what is declared on top
 */
export function computeOf(settings: ModelSettings | null, kind: JobKind): Compute {
  return { ...DEFAULT_COMPUTE[kind], ...settings?.compute?.[kind] };
}

/**
 * The tables that a job is given.
 * @param needs of the model
 * @param there tables of the dataset
 * @param always tables that the runtime itself reads
 * @returns names, in the order of the dataset
 */
function jobTables(
  needs: TableNeeds,
  there: readonly TableName[],
  always: readonly TableName[],
): TableName[] {
  return there.filter((table) => [...needs.required, ...needs.optional, ...always].includes(table));
}

function union(a: TableNeeds, b: TableNeeds): TableNeeds {
  return { required: [...a.required, ...b.required], optional: [...a.optional, ...b.optional] };
}

/** The items come from these in any case. */
export const ITEM_TABLES: readonly TableName[] = ['weekly', 'articles', 'markets'];

/**
 * Makes the task of a step that is a job.
 * @param step of the declaration; of one model
 * @param context where it stands
 * @returns the task
 */
export function jobTask(
  step: ModelJobStep,
  context: StepContext,
): SageMakerCreateProcessingJob | SageMakerTrainingJob {
  return step.kind === 'train' ? trainingTask(step.cutoff, context) : processingTask(step, context);
}

function trainingTask(cutoff: CutoffName, context: StepContext): SageMakerTrainingJob {
  const { platform, settings, model } = context;
  const { spot, maximumHours } = computeOf(settings, 'train');
  return new SageMakerTrainingJob(context.scope, context.id, {
    ...commonProps('train', context),
    role: platform.trainingRole,
    channels: [
      ...jobTables(model.fit, context.tables, ['weekly']).map((name) => ({
        name,
        s3Uri: at(`$.data.tables.${name}`),
        inputMode: 'FastFile' as const,
      })),
      { name: 'descriptor', s3Uri: at('$.data.descriptor') },
    ],
    outputUri: stepUri(context, 'version', 'cutoffStep'),
    outputEncryptionKey: platform.key,
    hyperparameters: {
      ...settings.hyperparameters,
      cutoff: cutoffPath(cutoff),
      seed: at('$.parameters.seed'),
    },
    metricDefinitions: model.metricDefinitions,
    enableNetworkIsolation: true,
    ...(spot
      ? {
          spot: {
            checkpoints: stepUri(context, 'checkpoints', 'cutoffCheckpoints'),
            maxWait: Duration.hours(maximumHours * SPOT_PATIENCE),
          },
        }
      : {}),
    resultSelector: {
      artifact: at('$.ModelArtifacts.S3ModelArtifacts'),
      job: at('$.TrainingJobName'),
      cutoff: at('$.HyperParameters.cutoff'),
    },
  });
}

function processingTask(
  step: Exclude<ModelJobStep, { kind: 'train' }>,
  context: StepContext,
): SageMakerCreateProcessingJob {
  const { platform, model, settings } = context;
  const { instances } = computeOf(settings, step.kind);
  // What came true is read where the training reads it.
  const needs = step.kind === 'evaluate' ? union(model.predict, model.fit) : model.predict;
  const inputs: ProcessingInput[] = jobTables(needs, context.tables, ITEM_TABLES).map((name) => ({
    name,
    s3Uri: at(`$.data.tables.${name}`),
    // Of several hosts each is given its share of the largest table.
    distribution: name === 'weekly' && instances > 1 ? 'ShardedByS3Key' : 'FullyReplicated',
  }));
  inputs.push({ name: 'descriptor', s3Uri: at('$.data.descriptor') });
  if (step.kind !== 'features') inputs.push({ name: 'model', s3Uri: modelPath(step.model, context) });
  const evaluates = step.kind === 'evaluate';
  return new SageMakerCreateProcessingJob(context.scope, context.id, {
    ...commonProps(step.kind, context),
    role: platform.processingRole,
    containerEntrypoint: ['process'],
    containerArguments: [
      '--step',
      step.kind,
      '--cutoff',
      cutoffPath(step.cutoff),
      ...stepArguments(step, context),
    ],
    processingInputs: inputs,
    // Forecasts and features are written to S3 by the job itself: a job that is started again skips what is there.
    processingOutputs: evaluates
      ? [{ name: 'evaluation', s3Uri: stepUri(context, 'step', 'cutoffStep') }]
      : [],
    outputEncryptionKey: evaluates ? platform.key : undefined,
    instanceCount: evaluates ? 1 : instances,
    enableNetworkIsolation: evaluates,
    resultSelector: { job: at('$.ProcessingJobName') },
  });
}

function stepArguments(step: Exclude<ModelJobStep, { kind: 'train' }>, context: StepContext): string[] {
  if (step.kind === 'evaluate')
    return ['--horizon', at(context.perCutoff ? '$.each.horizon' : '$.plan.heldOut.horizon')];
  const horizon = ['--horizon', at('$.parameters.horizon')];
  if (step.kind === 'features') return [...horizon, '--output', stepUri(context, 'step', 'cutoffStep')];
  return [
    ...horizon,
    '--discounts',
    at('$.parameters.discounts'),
    '--output',
    context.perCutoff
      ? stepUri(context, 'step', 'cutoffStep')
      : locationUri(context.platform.artifactsBucket, context.isStandIn === true ? 'standIn' : 'forecast', {
          run: at('$.run'),
          model: context.model.name,
        }),
  ];
}

function modelPath(name: string, { isStandIn = false, resultOf }: StepContext): string {
  if (name !== APPROVED) return at(`${resultOf(name)}.artifact`);
  return at(isStandIn ? '$.plan.standIn.artifact' : '$.plan.approved.artifact');
}

function cutoffPath(cutoff: CutoffName): string {
  return at({ latest: '$.plan.latest', 'held-out': '$.plan.heldOut.cutoff', each: '$.each.cutoff' }[cutoff]);
}

function stepUri(
  { platform, perCutoff, model, name }: StepContext,
  once: 'step' | 'version' | 'checkpoints',
  each: 'cutoffStep' | 'cutoffCheckpoints',
): string {
  return locationUri(platform.artifactsBucket, perCutoff ? each : once, {
    run: at('$.run'),
    model: model.name,
    step: name,
    cutoff: at('$.each.cutoff'),
  });
}

function commonProps(kind: JobKind, context: StepContext) {
  const { platform, workflow, model, settings, name, isStandIn = false } = context;
  const compute = computeOf(settings, kind);
  return {
    jobNamePrefix: jobPrefix(workflow, kind, model.name, isStandIn ? `${name} by the stand-in` : name),
    imageUri: platform.imageUri(model.name, compute.instanceType),
    environment: { HEMLINE_RUN_ID: at('$.run'), HEMLINE_VALIDATE: 'never' },
    ...machineProps(compute, platform),
    tags: { ...platform.tags, 'hemline:model': model.name, 'hemline:workflow': workflow },
    resultPath: isStandIn ? `$.${name}.standIn` : `$.${name}`,
  };
}

/**
 * The machines of a job as properties of its task, with the time after which the task is given up: the job's own limit comes
 * first, unless no machine is found.
 * @param compute of the job
 * @param platform of the stack
 * @returns properties
 */
export function machineProps(compute: Compute, platform: Platform) {
  const { instanceType, maximumHours, volumeGiB, spot } = compute;
  const longest = Duration.hours(maximumHours * (spot ? SPOT_PATIENCE : 1));
  return {
    instanceType: new ec2.InstanceType(instanceType.replace(/^ml\./, '')),
    volumeSize: Size.gibibytes(volumeGiB),
    volumeEncryptionKey: hasLocalDisk(instanceType) ? undefined : platform.key,
    maxRuntime: Duration.hours(maximumHours),
    network: platform.network,
    taskTimeout: sfn.Timeout.duration(longest.plus(START_UP)),
  };
}

/** Machines with disks of their own encrypt them by themselves and refuse a key. */
function hasLocalDisk(instanceType: string): boolean {
  return /^ml\.(g4dn|g5|g6|p4d|p4de|p5|m5d|c5d|r5d|m6id|c6id|r6id)\./.test(instanceType);
}
