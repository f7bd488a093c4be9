import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  checkCutoff,
  ConfigurationError,
  formatWeek,
  UnsupportedError,
  knownAheadColumns,
  type AnyModel,
  type PanelData,
  type PanelRecipe,
  type Week,
} from '@hemline/core';
import type { Provenance } from '@hemline/stores';
import type { Dataset } from '../datasets/dataset.ts';
import type { PartitionJob, RowMaker } from './partitions/partition-job.ts';
import { openData, runIdOf, type ProcessingRequest } from './processing-job.ts';
import { codeVersion } from './run-entrypoint.ts';

/** A job that writes features, and what it writes. */
export interface FeaturesJob extends PartitionJob {
  /** Their definition, as JSON. */
  readonly definition: unknown;
}

/**
 * Opens a job that makes the panel of features of every partition, by a recipe.
 * @param model whose features are written
 * @param request what is known of the job
 * @returns the job with its data
 * @throws UnsupportedError when the model reads no features
 * @throws ConfigurationError when series do not lie whole in partitions, or the definition cannot be read
 */
export async function openFeatures(model: AnyModel, request: ProcessingRequest): Promise<FeaturesJob> {
  const dataset = await openData(request);
  const data = dataOf(dataset, request.context.inputs['weekly']?.sharded === true);
  const recipe = await recipeOf(model, request.arguments.features, data);
  const cutoff = await cutoffOf(dataset, request.arguments.cutoff);
  const { argv } = request;
  return {
    ...request,
    // Threads need not look for the last known week again.
    argv: argv.includes('--cutoff') ? argv : [...argv, '--cutoff', formatWeek(cutoff)],
    dataset,
    cutoff,
    runId: runIdOf(request),
    name: model.name,
    engines: [],
    inputs: recipe.inputs,
    output: recipe.schema,
    provenance: featuresProvenance(model, request),
    identity: { features: digestOf(recipe.definition), card: model.name, version: model.version },
    folder: null,
    rowsPerSeries: null,
    definition: recipe.definition,
    load: () => Promise.resolve(panelsOf(recipe, cutoff, request.signal)),
  };
}

/**
 * What features can be traced back to: nothing was trained, so that there is no fingerprint of what was.
 * @param model whose features are written
 * @param request what is known of the job
 * @returns provenance of every file
 */
export function featuresProvenance(model: AnyModel, request: ProcessingRequest): Provenance {
  return {
    model: model.name,
    modelVersion: model.version,
    trainingFingerprint: 'none',
    codeVersion: codeVersion(request.environment),
    runId: runIdOf(request),
  };
}

function panelsOf(recipe: PanelRecipe, cutoff: Week, signal: AbortSignal): RowMaker {
  return {
    rows: ({ history, plan }) =>
      recipe.panels({
        ...{ cutoff, plan, signal },
        weekly: history.get('weekly'),
        articles: history.find('articles'),
        markets: history.find('markets'),
      }),
    dispose: () => undefined,
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

function digestOf(definition: unknown): string {
  return createHash('sha256').update(JSON.stringify(definition)).digest('hex');
}
