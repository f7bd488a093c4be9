import { ConfigurationError, nearest } from '@hemline/core';

/** Parameters that most kinds have. */
export interface LagOptions {
  /** How many weeks before its own a week looks when it is the next one: 1, the default, is the last known week. */
  readonly lag?: number;
}

/**
 * @param feature kind, for the message
 * @param parameter its name
 * @param value given
 * @param least allowed
 * @returns the value
 * @throws ConfigurationError when it is no whole number or too small
 */
export function wholeNumber(feature: string, parameter: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new ConfigurationError(`a feature has a parameter that makes no sense`, {
    expected: `${parameter}: a whole number of at least ${least}`,
    found: String(value),
    where: { column: feature },
    ...(parameter === 'lag' && value === 0
      ? { remedy: 'A week may not see itself; what is planned ahead can be read with current(future(…)).' }
      : {}),
  });
}

/**
 * @param feature kind, for the message
 * @param parameter its name
 * @param value given
 * @param least exclusive
 * @param most inclusive
 * @returns the value
 * @throws ConfigurationError when it is outside
 */
export function numberWithin(
  feature: string,
  parameter: string,
  value: number,
  least: number,
  most: number,
): number {
  if (value > least && value <= most) return value;
  throw new ConfigurationError(`a feature has a parameter that makes no sense`, {
    expected: `${parameter}: above ${least}, at most ${most}`,
    found: String(value),
    where: { column: feature },
  });
}

/**
 * @param feature kind, for the message
 * @param parameter its name
 * @param value given; out of a file or a call that is not type-checked it may be anything
 * @param allowed what it may be
 * @returns the value
 * @throws ConfigurationError when it is none of them, or missing
 */
export function oneOf<T extends string>(
  feature: string,
  parameter: string,
  value: unknown,
  allowed: readonly T[],
): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  const close = typeof value === 'string' ? nearest(value, allowed) : undefined;
  throw new ConfigurationError(`a feature has a parameter that makes no sense`, {
    expected: `${parameter}: one of ${allowed.join(', ')}`,
    found: value === undefined ? `no ${parameter}` : String(value),
    where: { column: feature },
    ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
  });
}

/**
 * How far a feature looks back that counts from the cutoff: all weeks of the horizon see the same.
 * @param lag weeks before the first week after the cutoff
 * @returns the shift for a lead time
 */
export function fromCutoff(lag: number): (leadTime: number) => number {
  return (leadTime) => lag + leadTime - 1;
}

/**
 * How far a feature looks back that counts in seasons: the newest known week of the same season.
 * @param seasonWeeks weeks of a season
 * @returns the shift for a lead time
 */
export function fromSeason(seasonWeeks: number): (leadTime: number) => number {
  return (leadTime) => seasonWeeks * Math.ceil(leadTime / seasonWeeks);
}
