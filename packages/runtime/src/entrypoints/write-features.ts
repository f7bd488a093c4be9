import { z } from 'zod';
import { defineModel, schemaOf, UnsupportedError, type AnyModel, type PanelRecipeMaker } from '@hemline/core';
import { processJob } from './process.ts';

/**
 * The processing entrypoint of features that belong to no model: `--step features` alone.
 * @param name of the features, kebab-case
 * @param features how they are made
 */
export async function writeFeatures(name: string, features: PanelRecipeMaker): Promise<void> {
  await processJob(featuresAlone(name, features));
}

function featuresAlone(name: string, features: PanelRecipeMaker): AnyModel {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new UnsupportedError(`${name} are features without a model`, {
        expected: '--step features',
        remedy: 'Train and forecast with a model.',
      }),
    );
  return defineModel({
    name,
    version: 1,
    quantity: 'demand',
    description: 'a panel of features, without a model.',
    engines: [],
    capabilities: { trains: false, monotoneIn: [], maximumHorizon: null },
    hyperparameters: z.object({}),
    presets: {},
    inputs: { fit: {}, predict: {} },
    output: schemaOf(),
    trainingMetrics: [],
    features,
    fit: refuse,
    load: refuse,
  });
}
