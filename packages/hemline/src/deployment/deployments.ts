import type { TableName } from '@hemline/core';
import { DEFAULT_ALERTS, DEFAULT_PARAMETERS, WORKFLOWS, type ModelFacts } from '@hemline/workflow';
import type { Deployment } from '@hemline/workflow/stack';
import { modelSettings } from '../workflow/model-settings.ts';

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

/**
 * Staging and production. They differ in what is written here, and in nothing else.
 * @param catalog the models there are
 * @param environment `HEMLINE_IMAGE_TAG`: a commit; `HEMLINE_ALERT_EMAIL`: who is told
 * @returns both
 */
export function deployments(
  catalog: readonly ModelFacts[],
  environment: NodeJS.ProcessEnv = process.env,
): Deployment[] {
  const email = environment['HEMLINE_ALERT_EMAIL'];
  const common = {
    imageTag: environment['HEMLINE_IMAGE_TAG'] ?? 'latest',
    emails: email === undefined ? [] : [email],
    declaration: {
      workflows: WORKFLOWS,
      // Adding a model to the weekly workflow is adding its name; here every model of the workspace is in it.
      models: catalog.map(({ name }) => modelSettings(name, {}, catalog)),
      catalog,
      tables: TABLES,
      parameters: DEFAULT_PARAMETERS,
      alerts: DEFAULT_ALERTS,
    },
  };
  return [
    {
      ...common,
      stage: 'staging',
      triggers: { onTrainingData: false, onInferenceData: false },
      keepDays: 30,
      disposable: true,
      costTags: { project: 'hemline', environment: 'staging' },
    },
    {
      ...common,
      stage: 'production',
      triggers: {
        onTrainingData: true,
        onInferenceData: true,
        weekly: { weekDay: 'MON', hour: '4', minute: '0' },
      },
      keepDays: 365,
      disposable: false,
      costTags: { project: 'hemline', environment: 'production' },
    },
  ];
}
