import {
  ConfigurationError,
  UnsupportedError,
  checkCutoff,
  formatWeek,
  parseWeek,
  weeksAhead,
  type AnyModel,
  type ArtifactReader,
  type FittedModel,
  type Week,
} from '@hemline/core';
import type { Provenance } from '@hemline/stores';
import { openArtifact, type ArtifactCard } from '../artifacts/model-artifact.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { loadMembers } from '../members/load-members.ts';
import type { PartitionJob, RowMaker } from './partitions/partition-job.ts';
import type { ProcessingArguments } from './processing-arguments.ts';
import { runIdOf, type ProcessingRequest } from './processing-job.ts';

/** A processing job whose model folder is open; the model is not loaded. */
export interface OpenedModel extends ProcessingRequest {
  readonly model: AnyModel;
  readonly card: ArtifactCard;
  /** What the model is loaded from. */
  readonly artifact: ArtifactReader;
  /** Unpacked folder of the model. */
  readonly folder: string;
  readonly cutoff: Week;
  readonly runId: string;
}

/**
 * Refuses forms of forecasts that a model or step does not have, before any data is read.
 * @param model any model
 * @param given arguments of the job
 * @throws ConfigurationError for a step that has no forms
 * @throws UnsupportedError for curves of a model without curves
 */
export function checkForm(model: AnyModel, { step, form }: ProcessingArguments): void {
  if (form === 'grid') return;
  if (step !== 'forecast')
    throw new ConfigurationError("the job's arguments are not valid", {
      expected: `--form ${form} with --step forecast`,
      found: `--step ${step}`,
      remedy: 'Leave --form out.',
    });
  if (model.curves === undefined)
    throw new UnsupportedError(`${model.name} has no curves`, {
      expected: 'a model that declares curves, for --form curves',
      remedy: 'Ask for the grid: leave --form out.',
    });
}

/**
 * Opens the model folder of a processing job.
 * @param model that it should hold
 * @param folder unpacked
 * @param request what is known of the job
 * @returns the job with its model, not loaded
 * @throws ArtifactError when the folder does not hold the model
 * @throws ConfigurationError when the cutoff does not fit the model
 */
export async function openModel(
  model: AnyModel,
  folder: string,
  request: ProcessingRequest,
): Promise<OpenedModel> {
  const { card, artifact } = await openArtifact(folder, model);
  const known = parseWeek(card.cutoff);
  const cutoff = request.arguments.cutoff ?? known;
  checkCutoff(cutoff, known);
  if (request.arguments.step === 'evaluate' && known > cutoff) {
    throw new ConfigurationError('the model knows the weeks that it would be scored on', {
      expected: `a cutoff of ${card.cutoff} or later`,
      found: formatWeek(cutoff),
      remedy: 'Train with an earlier cutoff, or evaluate with a later one.',
    });
  }
  return { ...request, model, folder, card, artifact, cutoff, runId: runIdOf(request) };
}

/**
 * What forecasts can be traced back to.
 * @param opened model and run
 * @returns provenance of every file
 */
export function provenanceOf({ card, runId }: OpenedModel): Provenance {
  return {
    model: card.model,
    modelVersion: card.modelVersion,
    trainingFingerprint: card.dataFingerprint,
    codeVersion: card.codeVersion,
    runId,
  };
}

/**
 * A job that forecasts every partition with a model.
 * @param opened the model
 * @param dataset of the job
 * @returns the job
 */
export function forecastJob(opened: OpenedModel, dataset: Dataset): PartitionJob {
  const { model, card, artifact } = opened;
  const { form, horizon, discounts } = opened.arguments;
  return {
    ...opened,
    dataset,
    name: model.name,
    engines: model.engines,
    inputs: model.inputs.predict,
    output: form === 'curves' ? model.curves!.output : model.output,
    provenance: provenanceOf(opened),
    identity: { model: card.entries, card: card.model, version: card.modelVersion },
    rowsPerSeries: horizon * (form === 'curves' ? 1 : discounts.length),
    load: async () => forecasterOf(await model.load(artifact, await loadMembers(model)), opened),
  };
}

function forecasterOf(fitted: FittedModel, { cutoff, signal, arguments: given }: OpenedModel): RowMaker {
  const { form, discounts, batchRows } = given;
  const weeks = weeksAhead(cutoff, given.horizon);
  return {
    rows({ items, history, plan }) {
      const request = { cutoff, items, history, batchRows, signal };
      return form === 'curves'
        ? fitted.curves!({ ...request, weeks, plan })
        : fitted.predict({ ...request, scenarios: { kind: 'grid', weeks, discounts, plan } });
    },
    dispose: () => fitted.dispose(),
  };
}
