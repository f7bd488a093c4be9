import type { AnyModel, ModelInputs, TableName } from '@hemline/core';
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
    modelPackages().map(async ({ name, baseline }) => factsOf(await loadModel(name), baseline)),
  );
}

function factsOf(model: AnyModel, baseline: string | undefined): ModelFacts {
  return {
    name: model.name,
    quantity: model.quantity,
    fit: needsOf(model.inputs.fit),
    predict: needsOf(model.inputs.predict),
    engines: model.engines,
    metricDefinitions: metricDefinitions(model),
    metrics: scoredMetrics(model),
    baseline: baseline === model.quantity,
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
