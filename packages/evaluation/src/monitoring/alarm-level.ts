/** What is asked of a change before anybody is called. */
export interface AlarmLevel {
  /**
   * Probability that a family of tests (all segments of a model but its groups, or all features of the data) finds anything where nothing
   * is; five times as much for all groups of a model together.
   */
  readonly falseAlarms: number;
  /** Least change that matters, a fraction. */
  readonly leastChange: number;
}

/**
 * By default: one false alarm in two hundred families, by the tests' own account, and nothing below 10 %. The account is somewhat
 * too favourable where the forecast does not know of campaigns; the README has what was measured.
 */
export const ALARM_LEVEL: AlarmLevel = { falseAlarms: 0.005, leastChange: 0.1 };
