import { ConfigurationError } from '../errors/causes.ts';

/** Weeks ahead, at most: two years. Nothing that is known of a market today says what it sells later than that. */
export const LONGEST_HORIZON = 104;

/**
 * @param horizon weeks ahead
 * @returns it
 * @throws ConfigurationError when it is no whole number from 1 to {@link LONGEST_HORIZON}
 */
export function checkHorizon(horizon: number): number {
  if (Number.isInteger(horizon) && horizon >= 1 && horizon <= LONGEST_HORIZON) return horizon;
  throw new ConfigurationError('the horizon is not valid', {
    expected: `a whole number of weeks from 1 to ${LONGEST_HORIZON}`,
    found: String(horizon),
    remedy:
      horizon > LONGEST_HORIZON
        ? 'Further ahead than two years there is nothing to forecast from: ask for fewer weeks.'
        : 'Say how many weeks after the last known one are wanted.',
  });
}
