import { ConfigurationError } from '@hemline/core';

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
