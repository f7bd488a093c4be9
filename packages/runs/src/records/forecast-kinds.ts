/** Kinds of runs that leave forecasts for people to use. */
export const FORECAST_KINDS: readonly string[] = ['weekly', 'inference', 'forecast'];
