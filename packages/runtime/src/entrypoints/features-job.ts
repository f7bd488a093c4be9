import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  checkCutoff,
  ConfigurationError,
  formatWeek,
  UnsupportedError,
  type AnyModel,
  type ArtifactReader,
  type PanelData,
  type PanelRecipe,
  type Week,
} from '@hemline/core';
import { knownAheadColumns } from '@hemline/evaluation';
import type { ArtifactCard } from '../artifacts/model-artifact.ts';
import { openDatasetFromChannels } from '../datasets/open-dataset.ts';
import { type Dataset } from '../datasets/dataset.ts';
import { codeVersion } from './code-version.ts';
import type { JobProcess } from './job-process.ts';
import { runIdOf, type ProcessingJob, type ProcessingModel } from './processing-job.ts';

/** A job that writes features, and what it writes. */
export interface FeaturesJob extends ProcessingJob {
  /** Their definition, as JSON. */
  readonly definition: unknown;
}

type FeaturesInputs = JobProcess & Pick<ProcessingModel, 'context' | 'arguments' | 'argv'>;

/** There is nothing to load: a panel is made of data alone. */
const NO_ARTIFACT: ArtifactReader = {
  readJson: () => Promise.reject(new TypeError('a panel of features has no artifact')),
  readTable: () => Promise.reject(new TypeError('a panel of features has no artifact')),
  readBytes: () => Promise.reject(new TypeError('a panel of features has no artifact')),
};

/**
 * Opens a job that writes features: the recipe takes the place of a trained model, so that partitions, threads, commits and
 * restarts are those of a forecast.
 * @param model whose features are written
 * @param job what is known of the job
 * @returns the job with its data
 * @throws UnsupportedError when the model reads no features
 * @throws ConfigurationError when series do not lie whole in partitions, or the definition cannot be read
 */
export async function openFeatures(model: AnyModel, job: FeaturesInputs): Promise<FeaturesJob> {
  const inputs = Object.values(job.context.inputs);
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(inputs.map(({ name, directory }) => [name, directory])),
  );
  const data = dataOf(dataset, job.context.inputs['weekly']?.sharded === true);
  const recipe = await recipeOf(model, job.arguments.features, data);
  const cutoff = await cutoffOf(dataset, job.arguments.cutoff);
  const argv = job.argv.includes('--cutoff') ? job.argv : [...job.argv, '--cutoff', formatWeek(cutoff)];
  return {
    ...unopened(model, job, cutoff, [entryOf(recipe.definition)]),
    argv,
    model: panelModel(model, recipe),
    dataset,
    definition: recipe.definition,
  };
}

/**
 * The job of a host that was given no partition: it has no data to read.
 * @param model whose features are written
 * @param job what is known of the job
 * @returns the job, enough for an empty manifest
 */
export function openNothing(model: AnyModel, job: FeaturesInputs): ProcessingModel {
  return unopened(model, job, 0, []);
}

/** Nothing was trained: the card says which code and run a panel is of, and which features. */
function unopened(
  model: AnyModel,
  job: FeaturesInputs,
  cutoff: Week,
  entries: ArtifactCard['entries'],
): ProcessingModel {
  const runId = runIdOf(job);
  const card = {
    format: 1,
    model: model.name,
    modelVersion: model.version,
    quantity: model.quantity,
    hyperparameters: {},
    cutoff: formatWeek(cutoff),
    seed: 0,
    dataFingerprint: 'none',
    codeVersion: codeVersion(job.environment),
    runId,
    metrics: {},
    entries,
  };
  return { ...job, model, card, artifact: NO_ARTIFACT, folder: '', cutoff, runId };
}

/** The recipe as a model that needs no training. */
function panelModel(model: AnyModel, recipe: PanelRecipe): AnyModel {
  return {
    ...model,
    engines: [],
    inputs: { fit: {}, predict: recipe.inputs },
    output: recipe.schema,
    load: () =>
      Promise.resolve({
        metrics: {},
        predict: ({ cutoff, history, scenarios, signal }) =>
          recipe.panels({
            cutoff,
            weekly: history.get('weekly'),
            plan: scenarios.kind === 'grid' ? scenarios.plan : null,
            articles: history.find('articles'),
            markets: history.find('markets'),
            signal,
          }),
        save: () => Promise.resolve(),
        dispose: () => undefined,
      }),
  };
}

async function recipeOf(model: AnyModel, path: string | null, data: PanelData): Promise<PanelRecipe> {
  if (model.features !== undefined)
    return model.features(data, path === null ? null : await readDefinition(path));
  throw new UnsupportedError(`${model.name} reads no features`, {
    expected: 'a model that declares features',
    remedy: 'Leave the step out for this model.',
  });
}

async function readDefinition(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError('the definition of the features cannot be read', {
      expected: 'a JSON file',
      found: (cause as Error).message,
      where: { file: path },
      cause,
    });
  }
}

function dataOf(dataset: Dataset, isSharded: boolean): PanelData {
  const partitionedBy = isSharded ? ['file'] : dataset.partitionedBy;
  if (partitionedBy?.includes('week') === true) {
    throw new ConfigurationError('the weeks of a series lie in different partitions', {
      expected: 'partitions of whole series, such as market=DE',
      found: `partitions by ${partitionedBy.join(', ')}`,
      where: { table: 'weekly' },
      remedy: 'Write the data anew first: hemline repartition --data DIR --out DIR.',
    });
  }
  const weekly = dataset.tables.get('weekly').schema;
  const attributes = (['articles', 'markets'] as const).flatMap(
    (name) => dataset.tables.find(name)?.schema.fields.map((field) => field.name) ?? [],
  );
  return {
    weekly,
    knownAhead: knownAheadColumns(weekly),
    attributes: [...new Set(['article', 'market', ...attributes])],
    partitionedBy,
  };
}

/** The last known week; one that is given must be a week of the data. */
async function cutoffOf(dataset: Dataset, given: Week | null): Promise<Week> {
  if (given === null) return dataset.lastKnownWeek();
  for await (const batch of dataset.tables.get('weekly').batches({ columns: ['week'] })) {
    if (batch.length === 0) continue;
    checkCutoff(given, batch.weeks('week')[0]!);
    break;
  }
  return given;
}

function entryOf(definition: unknown): { name: string; file: string; bytes: number; sha256: string } {
  const text = JSON.stringify(definition);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name: 'features', file: 'features.json', bytes: text.length, sha256 };
}
