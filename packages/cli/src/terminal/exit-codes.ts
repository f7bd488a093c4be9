/** Exit codes of the command itself; those of jobs are in `@hemline/sagemaker`. */
export const COMMAND_EXIT_CODES = {
  /** A run whose forecasts are all there, though not all as they should be. */
  fallback: 3,
  /** A run that lacks something, or a variant of an experiment that could not be tried. */
  incomplete: 4,
  /** Monitoring has found drift, or something beyond its limit. */
  drift: 5,
} as const;
