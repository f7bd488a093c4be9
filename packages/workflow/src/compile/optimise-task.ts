import { SageMakerCreateProcessingJob } from '../constructs/create-processing-job.ts';
import { DEFAULT_COMPUTE, type Compute } from '../declaration/compute.ts';
import type { Declaration } from '../declaration/declaration.ts';
import { settingsOf } from '../declaration/settings.ts';
import type { OptimiseStep } from '../declaration/steps.ts';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import { retryService, type Frame } from './frame.ts';
import { jobPrefix } from './job-prefix.ts';
import { ITEM_TABLES, machineProps } from './job-tasks.ts';
import { at, locationUri } from './paths.ts';

/** Image of what prices: it knows no model. */
const IMAGE = 'pricing';

/**
 * The step of a workflow that prices. Where no model of the declaration forecasts demand, there is nothing to price.
 * @param declaration with the models
 * @param workflow with the steps
 * @returns its name and itself; null where there is none
 */
export function optimiseStep(
  { models, catalog }: Declaration,
  { steps }: ModelWorkflow,
): readonly [name: string, step: OptimiseStep] | null {
  const names = models.map((entry) => settingsOf(entry).name);
  if (!catalog.some(({ name, quantity }) => quantity === 'demand' && names.includes(name))) return null;
  return (
    Object.entries(steps).find((entry): entry is [string, OptimiseStep] => entry[1].kind === 'optimise') ??
    null
  );
}

/**
 * @param declaration what is special about pricing
 * @returns its machine: the default with what is declared on top
 */
export function optimiseCompute({ pricing }: Pick<Declaration, 'pricing'>): Compute {
  return { ...DEFAULT_COMPUTE.optimise, ...pricing?.compute };
}

/**
 * Makes the task that prices the set of forecasts of a run. The job reads forecasts, limits and decisions from S3 and writes there by itself, as
 * one that forecasts does: a start that is ended goes on where it was.
 * @param frame of the workflow
 * @param name of the step
 * @returns the task
 */
export function optimiseTask(frame: Frame, name: string): SageMakerCreateProcessingJob {
  const { scope, workflow, platform, declaration } = frame;
  const compute = optimiseCompute(declaration);
  const run = { run: at('$.run') };
  const task = new SageMakerCreateProcessingJob(scope, name, {
    jobNamePrefix: jobPrefix(workflow, 'optimise', null, name),
    imageUri: platform.imageUri(IMAGE),
    role: platform.processingRole,
    containerEntrypoint: ['optimise'],
    containerArguments: [
      ...['--forecasts', locationUri(platform.artifactsBucket, 'forecasts', run)],
      ...['--limits', at('$.parameters.limits')],
      ...['--decisions', at('$.parameters.decisions')],
      ...['--explore', at('$.parameters.explore'), '--explore-seed', at('$.parameters.seed')],
      ...['--output', locationUri(platform.artifactsBucket, 'recommendations', run)],
    ],
    environment: { HEMLINE_RUN_ID: at('$.run'), HEMLINE_VALIDATE: 'never' },
    processingInputs: [
      ...declaration.tables
        .filter((table) => ITEM_TABLES.includes(table))
        .map((table) => ({ name: table, s3Uri: at(`$.plan.dataset.tables.${table}`) })),
      { name: 'descriptor', s3Uri: at('$.plan.dataset.descriptor') },
    ],
    ...machineProps(compute, platform),
    instanceCount: compute.instances,
    tags: { ...platform.tags, 'hemline:workflow': workflow },
    resultSelector: { job: at('$.ProcessingJobName') },
    resultPath: '$.optimise',
  });
  retryService(task);
  return task;
}
