import type { TableName } from '@hemline/core';
import {
  DEFAULT_ALERTS,
  DEFAULT_PARAMETERS,
  MOST_MODELS_AT_ONCE,
  WORKFLOWS,
  type ModelFacts,
} from '@hemline/workflow';
import type { Deployment } from '@hemline/workflow/stack';
import { modelSettings } from './model-settings.ts';

/** What a run on this machine decides. */
export interface LocalDeploymentOptions {
  readonly catalog: readonly ModelFacts[];
  readonly models: readonly string[];
  /** Tables of the dataset. */
  readonly tables: readonly TableName[];
  /** Of `--set MODEL.name=value`, by model. */
  readonly hyperparameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Whether versions have to meet what is required of their model. */
  readonly requirements: boolean;
}

/**
 * The deployment of this machine: the same stack as in AWS, of which only the state machines are used.
 * @param options models and tables
 * @returns the deployment
 */
export function localDeployment(options: LocalDeploymentOptions): Deployment {
  const { catalog, models, tables, hyperparameters } = options;
  return {
    stage: 'local',
    imageRegistry: 'localhost',
    imageTag: 'local',
    // Of the machines that a declaration names there is this one.
    gpuImages: false,
    // Jobs at once are counted here, not models: the machine has so many slots.
    modelsAtOnce: MOST_MODELS_AT_ONCE,
    triggers: { onTrainingData: false, onInferenceData: false },
    emails: [],
    keepDays: 90,
    disposable: true,
    costTags: {},
    declaration: {
      workflows: WORKFLOWS,
      models: models.map((name) => {
        const settings = modelSettings(name, hyperparameters[name] ?? {}, catalog);
        return options.requirements ? settings : { ...settings, requirements: {} };
      }),
      catalog,
      tables,
      parameters: DEFAULT_PARAMETERS,
      alerts: DEFAULT_ALERTS,
    },
  };
}
