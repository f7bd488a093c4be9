import type { FrontierAnswer } from '../../api/index.ts';

export type FrontierPoint = FrontierAnswer['points'][number];

/**
 * @param points of a frontier, in any order
 * @param value of the limit
 * @returns the point that lies nearest; null where there is none
 */
export function nearestPoint(points: readonly FrontierPoint[], value: number): FrontierPoint | null {
  let found: FrontierPoint | null = null;
  for (const point of points)
    if (found === null || Math.abs(point.value - value) < Math.abs(found.value - value)) found = point;
  return found;
}

/**
 * @param points of a frontier, as the server gives them
 * @returns the points by their value, each value once
 */
export function ordered(points: readonly FrontierPoint[]): readonly FrontierPoint[] {
  return [...points]
    .sort((a, b) => a.value - b.value)
    .filter((point, i, all) => i === 0 || point.value !== all[i - 1]!.value);
}
