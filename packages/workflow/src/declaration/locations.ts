/** Where a run leaves what, below the artifacts' bucket. Definitions and the small steps agree on it here. */
export const LOCATIONS = {
  /** What the check of the data found: `facts.json`, `dataset.json`. */
  facts: 'runs/{run}/check/',
  /** Of a step of a model. */
  step: 'runs/{run}/{model}/{step}/',
  /** What a training leaves: a version outlives its run, and SageMaker names what is below. */
  version: 'versions/{run}/{model}/{step}/',
  /** The same for one cutoff of a backtest. */
  cutoffStep: 'runs/{run}/{model}/{cutoff}/{step}/',
  checkpoints: 'checkpoints/{run}/{model}/{step}/',
  cutoffCheckpoints: 'checkpoints/{run}/{model}/{cutoff}/{step}/',
  /** The complete set of forecasts of a run. */
  forecasts: 'forecasts/{run}/',
  forecast: 'forecasts/{run}/{model}/',
  /** Of the version that forecasts in the place of one that failed: what this one had committed stays out. No model has a dot in its name. */
  standIn: 'forecasts/{run}/{model}.stand-in/',
  /** Recommendations of a run. */
  recommendations: 'recommendations/{run}/',
} as const;

/** Name of a location. */
export type LocationName = keyof typeof LOCATIONS;

/**
 * Fills a location in.
 * @param name of the location
 * @param values of what is in braces
 * @returns a key prefix
 */
export function locationOf(name: LocationName, values: Readonly<Record<string, string>>): string {
  return LOCATIONS[name].replace(/\{(\w+)\}/g, (_, key: string) => values[key]!);
}
