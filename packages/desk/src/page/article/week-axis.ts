import { showWeek } from '../data/format.ts';

/**
 * Weeks stand on the axis by their place: no time zone and no gap can move them.
 * @param weeks ISO dates
 * @returns places, and how each is written
 */
export function weekAxis(weeks: readonly string[]): {
  readonly x: readonly number[];
  readonly showX: (place: number) => string;
  readonly isPlaces: true;
} {
  return {
    isPlaces: true,
    x: weeks.map((_, i) => i),
    showX: (place) => (weeks[place] === undefined ? '' : showWeek(weeks[place])),
  };
}
