/** Weeks ahead that are near: weeks of which the last known ones still say much. */
const NEAR_WEEKS = 4;
/** Weeks of its own from which on a series is no longer young. */
const OLD_WEEKS = 8;

/**
 * Segments that weights are learnt for. They are facts of the series and the week: the discount that is asked about may not choose
 * the weights, or demand could fall as it rises.
 */
export const SEGMENTS = [
  { name: 'near, old', far: false, history: 'old' },
  { name: 'near, young', far: false, history: 'young' },
  { name: 'near, cold', far: false, history: 'cold' },
  { name: 'far, old', far: true, history: 'old' },
  { name: 'far, young', far: true, history: 'young' },
  { name: 'far, cold', far: true, history: 'cold' },
] as const;

/**
 * @param weekAhead weeks after the cutoff, from 1 on
 * @param support weeks of its own that the baseline's forecast rests on
 * @returns number of the segment
 */
export function segmentOf(weekAhead: number, support: number): number {
  const history = support >= OLD_WEEKS ? 0 : support > 0 ? 1 : 2;
  return (weekAhead > NEAR_WEEKS ? 3 : 0) + history;
}
