import type { TableName } from '@hemline/core';
import { DEFAULT_ALERTS, DEFAULT_PARAMETERS, WORKFLOWS, type ModelFacts } from '@hemline/workflow';
import type { Deployment } from '@hemline/workflow/stack';
import { modelSettings, withBaselines } from '../workflow/model-settings.ts';
import { deployedModels, STAGES, type Deployable, type Stage } from './deployed-models.ts';
import { readDeploySettings, type DeploySettings } from './deploy-settings.ts';

/** Tables that are delivered every week. */
const TABLES: readonly TableName[] = [
  'weekly',
  'articles',
  'markets',
  'returns',
  'fulfillment',
  'clearance',
  'sizes',
];

/** What a stage is besides what all are. */
const OF_STAGE: Readonly<Record<Stage, Pick<Deployment, 'triggers' | 'keepDays' | 'disposable'>>> = {
  staging: {
    triggers: { onTrainingData: false, onInferenceData: false },
    keepDays: 30,
    disposable: true,
  },
  production: {
    triggers: {
      onTrainingData: true,
      onInferenceData: true,
      weekly: { weekDay: 'MON', hour: '4', minute: '0' },
    },
    keepDays: 365,
    disposable: false,
  },
};

/** Deployments, and those that there cannot be. */
export interface Deployments {
  readonly deployments: readonly Deployment[];
  /** In words, which are left out and why. */
  readonly leftOut: readonly string[];
}

/**
 * Staging and production. They differ in what is written here and in their models, and in nothing else. What an account has of its own
 * comes from the environment ({@link readDeploySettings}). Production names its images by digest: without digests there is none.
 * @param catalog the models there are
 * @param packages their packages, which say in which stages they are
 * @param environment of the process
 * @returns both, or staging alone
 * @throws ConfigurationError for settings that are missing or not valid
 */
export function deployments(
  catalog: readonly ModelFacts[],
  packages: readonly Deployable[],
  environment: NodeJS.ProcessEnv = process.env,
): Deployments {
  const settings = readDeploySettings(environment);
  const stages = STAGES.filter((stage) => stage !== 'production' || settings.imageDigests !== undefined);
  return {
    deployments: stages.map((stage) => ({ ...deploymentOf(stage, catalog, packages), ...settings })),
    leftOut: stages.includes('production')
      ? []
      : [
          'hemline-production is left out: it names its images by digest, and there are none. Set HEMLINE_IMAGE_DIGESTS to what .ci/release prints for the commit.',
        ],
  };
}

/**
 * @param stage of the deployment
 * @param catalog the models there are
 * @param packages their packages
 * @returns the deployment, without what an account has of its own, images among it
 */
export function deploymentOf(
  stage: Stage,
  catalog: readonly ModelFacts[],
  packages: readonly Deployable[],
): Omit<Deployment, keyof DeploySettings> {
  return {
    ...OF_STAGE[stage],
    stage,
    costTags: { project: 'hemline', environment: stage },
    declaration: {
      workflows: WORKFLOWS,
      models: withBaselines(deployedModels(packages, stage), catalog).models.map((name) =>
        modelSettings(name, {}, catalog),
      ),
      catalog,
      tables: TABLES,
      parameters: DEFAULT_PARAMETERS,
      alerts: DEFAULT_ALERTS,
    },
  };
}
