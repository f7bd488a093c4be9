import { ConfigurationError } from '@hemline/core';

/** Most problems that a message lists. */
const MOST_LISTED = 20;

/** One thing that is wrong with a file of limits. */
export interface LimitProblem {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

/**
 * One error about all that is wrong with a file of limits, line by line.
 * @param file path of it
 * @param problems at least one
 * @returns the error
 */
export function limitsError(file: string, problems: readonly LimitProblem[]): ConfigurationError {
  const sorted = problems.toSorted((a, b) => a.line - b.line || (a.text < b.text ? -1 : 1));
  const listed = sorted.slice(0, MOST_LISTED).map(({ line, text }) => `line ${line}: ${text}`);
  if (sorted.length > MOST_LISTED) listed.push(`and ${sorted.length - MOST_LISTED} more`);
  return new ConfigurationError('the limits cannot be used', {
    found: listed.join('; '),
    where: { file },
    remedy: 'Correct these lines; packages/pricing/README.md lists what a file of limits may say.',
  });
}
