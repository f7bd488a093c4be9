import { ConfigurationError } from '@hemline/core';
import { locationOf } from '../declaration/locations.ts';
import type { CompleteRequest } from './complete-request.ts';
import { completeForecasts } from './forecast-set.ts';
import { summariesOfForecasts } from './forecast-summaries.ts';
import { forecastStatus } from './run-status.ts';
import type { CompletedForecasts, ModelSummary } from './state.ts';
import type { StepServices } from './step-services.ts';

/** The end of all models' forecasts, before they are priced. */
export type ForecastsRequest = Omit<CompleteRequest, 'produces'>;

/**
 * Completes the set of forecasts of a run: whoever waits for it need not wait for prices, and whatever befalls the pricing, it is there.
 * @param request of the state machine
 * @param services of the place
 * @returns whether it is whole, and where
 */
export async function forecasts(
  request: ForecastsRequest,
  services: StepServices,
): Promise<CompletedForecasts> {
  const { state, workflow } = request;
  const models = await summariesOfForecasts({ ...request, produces: 'forecasts' }, services);
  const status = forecastStatus(models, state.models?.length ?? 0);
  const { run, parameters } = state;
  const { dataset } = state.plan!;
  await completeForecasts({ run, dataset, parameters, status, models }, services);
  await services.files.write(fileOf(run, workflow, services), `${JSON.stringify(models, null, 2)}\n`);
  return { status, folder: `${services.artifacts}${locationOf('forecasts', { run })}` };
}

/**
 * @param request of the end of the run
 * @param services of the place
 * @returns what {@link forecasts} has found of each model, a while ago
 * @throws ConfigurationError when somebody has taken it away
 */
export async function foundForecasts(
  { state: { run }, workflow }: CompleteRequest,
  services: StepServices,
): Promise<readonly ModelSummary[]> {
  const uri = fileOf(run, workflow, services);
  const text = await services.files.read(uri);
  if (text !== null) return JSON.parse(text) as ModelSummary[];
  throw new ConfigurationError('what is known of the forecasts of the run is gone', {
    expected: 'the file that its step "the set of forecasts" has written',
    found: 'nothing',
    where: { file: uri },
    remedy: 'Start the run again.',
  });
}

function fileOf(run: string, workflow: string, { artifacts }: StepServices): string {
  return `${artifacts}runs/${run}/${workflow}.forecasts.json`;
}
