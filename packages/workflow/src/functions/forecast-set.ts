import type { Parameters } from '../declaration/declaration.ts';
import { locationOf } from '../declaration/locations.ts';
import type { DatasetPlan, ModelSummary, RunStatus } from './state.ts';
import type { StepServices } from './step-services.ts';

/** Everything that one run forecast. */
export interface ForecastSet {
  readonly run: string;
  readonly dataset: DatasetPlan;
  readonly parameters: Parameters;
  readonly status: RunStatus;
  readonly models: readonly ModelSummary[];
}

/**
 * Writes the manifest of a complete set of forecasts: which model's version made which folder. `_SUCCESS` follows only when
 * nothing is missing, so that whoever waits for it never reads half of a week.
 * @param set what there is
 * @param services of the place
 */
export async function completeForecasts(set: ForecastSet, services: StepServices): Promise<void> {
  const folder = `${services.artifacts}${locationOf('forecasts', { run: set.run })}`;
  const manifest = {
    run: set.run,
    status: set.status,
    dataset: { name: set.dataset.name, fingerprint: set.dataset.fingerprint, lastWeek: set.dataset.lastWeek },
    parameters: set.parameters,
    models: set.models.map(({ model, quantity, forecast, forecastBy, insteadOf, problems }) => ({
      model,
      quantity,
      version: forecastBy?.version ?? null,
      trainedBy: forecastBy?.run ?? null,
      cutoff: forecastBy?.cutoff ?? null,
      // By which whoever uses one forecast of a quantity chooses.
      error: forecastBy?.error ?? null,
      insteadOf: insteadOf?.version ?? null,
      folder: forecast?.folder ?? null,
      files: forecast?.files ?? 0,
      rows: forecast?.rows ?? 0,
      bytes: forecast?.bytes ?? 0,
      problems,
    })),
  };
  await services.files.write(`${folder}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  if (set.status !== 'incomplete') await services.files.write(`${folder}_SUCCESS`, '');
}
