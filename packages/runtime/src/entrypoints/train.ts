import { join } from 'node:path';
import {
  checkCutoff,
  DataError,
  formatWeek,
  HemlineError,
  InterruptedError,
  type AnyModel,
} from '@hemline/core';
import { DirectoryCheckpoints } from '../artifacts/checkpoints.ts';
import { rememberPast } from '../artifacts/known-past.ts';
import { writeArtifact } from '../artifacts/model-artifact.ts';
import { writeWhole } from '../artifacts/entry-folder.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { openDatasetFromChannels } from '../datasets/open-dataset.ts';
import { describeHyperparameters, parseHyperparameters } from '../hyperparameters/hyperparameters.ts';
import { readTrainingContext, rootPaths, trainingFacts, type TrainingContext } from '@hemline/sagemaker';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { loadMembers } from '../members/load-members.ts';
import { checkInputs, declaredTables, validateInputs } from './job-inputs.ts';
import { descriptorIn, withWholeFolder } from './scattered-data.ts';
import { tellPassedOver } from './tell-passed-over.ts';
import { codeVersion, runEntrypoint, type JobProcess } from './run-entrypoint.ts';

/**
 * The training entrypoint: what `train.ts` of a model calls. Reads the root, trains, saves, and sets the exit code.
 * @param model to train
 */
export async function train(model: AnyModel): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${trainHelp(model)}\n`);
    return;
  }
  const environment = process.env;
  const telemetry = createTelemetry(await trainingFacts(model.name, environment), environment);
  await runEntrypoint(
    { telemetry, reasonPath: rootPaths(environment).failure, tellsExitCode: false },
    (signal) => runTraining(model, { environment, signal, telemetry }),
  );
}

/**
 * One training, from a root to a saved model.
 * @param model to train
 * @param job environment, signal, telemetry
 * @throws HemlineError for everything foreseen; then the model folder is as it was
 */
export async function runTraining(model: AnyModel, job: JobProcess): Promise<void> {
  const context = await readTrainingContext(job.environment);
  const { dataset, descriptor } = context.channels;
  await withWholeFolder(dataset, descriptorIn(descriptor), job, async (scratch) => {
    const data = await openDatasetFromChannels(context.channels);
    // The fingerprint is that of the data that was handed over, wherever it is read.
    const read = scratch === null ? data : await openDatasetFromChannels({ dataset: scratch });
    await fitOn(model, context, read, data.fingerprint, job);
  });
}

async function fitOn(
  model: AnyModel,
  context: TrainingContext,
  dataset: Dataset,
  dataFingerprint: string,
  { environment, signal, telemetry }: JobProcess,
): Promise<void> {
  tellPassedOver(dataset, telemetry);
  const { hyperparameters, cutoff: asked, seed } = parseHyperparameters(model, context.hyperparameters);
  checkInputs(model, model.inputs.fit, dataset.tables);
  const onProgress = telemetry.progress.bind(telemetry);
  // The weekly table says the cutoff and the past of every model, also of one that fits on nothing of it.
  const names = dataset.tables.names.filter(
    (name) => name === 'weekly' || model.inputs.fit[name] !== undefined,
  );
  await validateInputs(dataset, names, { environment, signal, onProgress });
  const lastWeek = dataset.tables.find('weekly') === undefined ? null : await dataset.lastKnownWeek();
  const cutoff = asked ?? lastWeek;
  if (cutoff === null)
    throw new DataError('the last known week cannot be found', {
      expected: 'a table weekly, or the hyperparameter cutoff',
      found: `tables ${dataset.tables.names.join(', ')}`,
    });
  if (lastWeek !== null) checkCutoff(cutoff, lastWeek);
  if (lastWeek !== null && cutoff > lastWeek) {
    throw new DataError('the cutoff lies after the data', {
      expected: `at most ${formatWeek(lastWeek)}, the last known week`,
      found: formatWeek(cutoff),
      remedy: 'Choose an earlier cutoff, or wait for the data.',
    });
  }
  telemetry.info(`training ${model.name} up to ${formatWeek(cutoff)}`, {
    hyperparameters,
    seed,
    data: dataFingerprint,
  });
  const identity = {
    model: model.name,
    modelVersion: model.version,
    dataFingerprint,
    hyperparameters,
    cutoff: formatWeek(cutoff),
    seed,
  };
  const checkpoints = new DirectoryCheckpoints(context.paths.checkpoints, identity);
  const training = model.fit(
    {
      cutoff,
      seed,
      signal,
      onProgress,
      onMetric: (name, value) => telemetry.metric(declaredMetric(model, name), value),
      checkpoints,
      members: await loadMembers(model),
    },
    declaredTables(model.inputs.fit, dataset.tables).asOf(cutoff),
    hyperparameters,
  );
  const fitted = await training.catch(async (error: unknown) => {
    throw signal.aborted ? await interrupted(error, checkpoints) : error;
  });
  try {
    for (const [name, value] of Object.entries(fitted.metrics))
      telemetry.metric(declaredMetric(model, name), value);
    const facts = {
      ...identity,
      quantity: model.quantity,
      codeVersion: codeVersion(environment),
      runId: environment['HEMLINE_RUN_ID'] ?? context.jobName,
      metrics: { ...fitted.metrics },
    };
    const weekly = dataset.tables.find('weekly');
    const past = weekly === undefined ? {} : { past: await rememberPast(weekly, cutoff, signal) };
    await writeArtifact(
      context.paths.model,
      { ...facts, ...past, hyperparameters: { ...hyperparameters } },
      (artifact) => fitted.save(artifact),
    );
    await writeWhole(
      join(context.paths.outputData, 'metrics.json'),
      `${JSON.stringify(fitted.metrics, null, 2)}\n`,
    );
    telemetry.info('trained', { folder: context.paths.model });
  } finally {
    fitted.dispose();
  }
}

/** Only a model that has saved something goes on where it was. */
async function interrupted(error: unknown, checkpoints: DirectoryCheckpoints): Promise<unknown> {
  if (error instanceof HemlineError && !(error instanceof InterruptedError)) return error;
  const newest = await checkpoints.newest();
  return new InterruptedError('the job was asked to stop', {
    remedy:
      newest === null
        ? 'Start it again; it begins anew.'
        : `Start it again with these checkpoints: it goes on from step ${newest}.`,
    cause: error,
  });
}

/** The platform reads only the metrics that a model declares: one more would vanish without a word. */
function declaredMetric(model: AnyModel, name: string): string {
  if (model.trainingMetrics.includes(name)) return name;
  throw new TypeError(`${model.name} reports the metric ${name}, which its trainingMetrics do not declare`);
}

function trainHelp(model: AnyModel): string {
  const lines = describeHyperparameters(model).map(
    (each) => `  ${each.name} (${each.type}; default ${each.default ?? 'none'}): ${each.description}`,
  );
  return [
    `Trains ${model.name}: ${model.description}`,
    'Reads /opt/ml (SAGEMAKER_BASE_DIR moves it) as SageMaker lays it out, and leaves the model in model/.',
    'Hyperparameters, in input/config/hyperparameters.json:',
    '  cutoff (YYYY-MM-DD; default the last known week): last week to know',
    '  seed (whole number; default 1): of everything random',
    `  preset (${Object.keys(model.presets).join(' | ') || 'none'}): named set of hyperparameters`,
    ...lines,
  ].join('\n');
}
