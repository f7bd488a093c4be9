/** What a check is asked. */
export interface CheckOptions {
  /** How many single cases; null: the check's own number. */
  readonly cases: number | null;
  readonly onRun: (name: string) => void;
}

/** What a check came to. */
export interface CheckReport {
  readonly title: string;
  /** Why nothing could be checked, where that is so. */
  readonly skipped: string | null;
  readonly cases: number;
  /** Cases in which all is the same. */
  readonly same: number;
  /** Cases that both sides refuse. */
  readonly refused: readonly string[];
  /** Cases that end the peer itself, and are not tried here. */
  readonly ended: readonly string[];
  /** Differences that nobody has explained. */
  readonly differences: readonly string[];
}

/** A named check that two programs do the same. It fails where they do not. */
export interface CheckCase {
  readonly name: string;
  readonly description: string;
  check(options: CheckOptions): Promise<CheckReport>;
}

/**
 * @param report of a check
 * @returns whether it was done, and found no difference
 */
export function holds({ skipped, differences, ended }: CheckReport): boolean {
  return skipped === null && differences.length === 0 && ended.length === 0;
}

/**
 * A report for people.
 * @param report of a check
 * @returns counts, and what differs
 */
export function formatCheck(report: CheckReport): string {
  const { title, skipped, cases, same, refused, ended, differences } = report;
  if (skipped !== null) return `${title}\nskipped: ${skipped}`;
  return [
    title,
    `${same} of ${cases} cases are the same, ${refused.length} are refused by both, ${ended.length} end the peer itself`,
    ...refused.map((one) => `refused: ${one}`),
    ...ended.map((one) => `ended: ${one}`),
    ...differences.map((one) => `DIFFERS: ${one}`),
    `${holds(report) ? 'holds' : 'FALLS SHORT'}: no difference without an explanation (${differences.length}, limit 0)`,
  ].join('\n');
}
