import {
  resolveMembers,
  trainingMetricsOf,
  type AnyModel,
  type Members,
  type ModelInputs,
  type TableName,
} from '@hemline/core';
import { scoredMetrics } from '@hemline/evaluation';
import { metricDefinitions } from '@hemline/sagemaker';
import type { ModelFacts, TableNeeds } from '@hemline/workflow';
import { loadModel, modelPackages } from '../workspace.ts';

/**
 * What workflows have to know of the models of the workspace.
 * @returns an entry a model
 */
export function modelCatalog(): Promise<ModelFacts[]> {
  return Promise.all(
    modelPackages().map(async ({ name, baseline }) => {
      const model = await loadModel(name);
      return factsOf(model, await resolveMembers(model, loadModel), baseline);
    }),
  );
}

function factsOf(model: AnyModel, members: Members, baseline: string | undefined): ModelFacts {
  const trainingMetrics = trainingMetricsOf(model, members);
  return {
    name: model.name,
    quantity: model.quantity,
    fit: needsOf(model.inputs.fit),
    predict: needsOf(model.inputs.predict),
    engines: model.engines,
    metricDefinitions: metricDefinitions({ name: model.name, trainingMetrics }),
    metrics: scoredMetrics(model),
    baseline: baseline === model.quantity,
    ...(model.members === undefined ? {} : { members: model.members }),
    features: model.features !== undefined,
  };
}

/** A table of which no column is required may be missing altogether. */
function needsOf(inputs: ModelInputs['fit']): TableNeeds {
  const tables = Object.entries(inputs) as [TableName, { required: readonly string[] }][];
  const named = (isRequired: boolean): TableName[] =>
    tables.filter(([, { required }]) => required.length > 0 === isRequired).map(([name]) => name);
  return { required: named(true), optional: named(false) };
}
