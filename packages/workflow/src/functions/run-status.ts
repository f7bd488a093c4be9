import type { ModelSummary, RunStatus } from './state.ts';

/**
 * How a run ended, by its models.
 * @param models that it has a summary of
 * @param expected how many there are
 * @returns incomplete where one is missing; fallback where one is not as it should be
 */
export function modelsStatus(models: readonly ModelSummary[], expected: number): RunStatus {
  if (models.length < expected || models.length === 0) return 'incomplete';
  return models.some(({ problems }) => problems.length > 0) ? 'fallback' : 'complete';
}

/**
 * How a run that forecasts ended. A price needs a forecast of every quantity, not of every model: where one model has none, another of the
 * same quantity serves. That it does is told, as a problem of the model that has none.
 * @param models that it has a summary of
 * @param expected how many there are
 * @returns incomplete where a quantity has no forecast
 */
export function forecastStatus(models: readonly ModelSummary[], expected: number): RunStatus {
  const served = new Set(models.filter(({ forecast }) => forecast !== null).map(({ quantity }) => quantity));
  return models.every(({ quantity }) => served.has(quantity)) ? modelsStatus(models, expected) : 'incomplete';
}
