import { isValid, weeksBetween, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';

/** The deepest discount that tells something of demand: beyond, depth has no bound. */
const DEEPEST = 0.95;
/** Series without a group are one. */
const NO_GROUP = '';

/**
 * How demand of the series of a group stood in each week against what is usual of them: means of log(1 + demand) less the mean of the
 * series and what its discount explains, by a slope on the depth −log(1 − discount) that is common to all series.
 */
export class WeekIndexes {
  /** Weeks from the first one with demand to the last known one. */
  readonly weeks: number;
  /** The first one. */
  readonly first: Week;
  /** By group, then by week; 0 where nothing is known. */
  readonly values: readonly Float64Array[];
  /** Series with known demand behind each value. */
  readonly counts: readonly Float64Array[];

  private constructor(
    first: Week,
    weeks: number,
    values: readonly Float64Array[],
    counts: readonly Float64Array[],
  ) {
    this.first = first;
    this.weeks = weeks;
    this.values = values;
    this.counts = counts;
  }

  /**
   * @param panels with `demand` and, where there is any, `discount`; series with `group` where there are groups
   * @param until the last known week: nothing later is read
   * @returns the indexes
   */
  static of(
    panels: readonly Pick<FilledPanel, 'rows' | 'offsets' | 'weeks' | 'series'>[],
    until: Week,
  ): WeekIndexes {
    const series = panels.flatMap((panel) => readSeries(panel, until));
    if (series.length === 0) return new WeekIndexes(until, 0, [], []);
    const first = series.reduce((least, { weeks }) => Math.min(least, weeks[0]!), Infinity);
    const weeks = weeksBetween(first, until) + 1;
    const slope = commonSlope(series);
    const values = new Map<string, Float64Array>();
    const counts = new Map<string, Float64Array>();
    for (const { group, weeks: dates, depth, log } of series) {
      if (!values.has(group)) {
        values.set(group, new Float64Array(weeks));
        counts.set(group, new Float64Array(weeks));
      }
      const [sums, known] = [values.get(group)!, counts.get(group)!];
      const [usual, usualDepth] = [meanOf(log), meanOf(depth)];
      dates.forEach((date, i) => {
        const at = weeksBetween(first, date);
        sums[at]! += log[i]! - usual - slope * (depth[i]! - usualDepth);
        known[at]!++;
      });
    }
    for (const [group, sums] of values) {
      const known = counts.get(group)!;
      sums.forEach((sum, at) => (sums[at] = known[at]! === 0 ? 0 : sum / known[at]!));
    }
    return new WeekIndexes(first, weeks, [...values.values()], [...counts.values()]);
  }
}

/** Known weeks of a series. */
interface KnownSeries {
  readonly group: string;
  readonly weeks: readonly number[];
  readonly depth: readonly number[];
  readonly log: readonly number[];
}

function readSeries(
  { rows, offsets, weeks, series }: Pick<FilledPanel, 'rows' | 'offsets' | 'weeks' | 'series'>,
  until: Week,
): KnownSeries[] {
  const demand = rows.floats('demand');
  const discount = rows.has('discount') ? rows.floats('discount') : null;
  const groups = series.has('group') ? series.strings('group') : null;
  const found: KnownSeries[] = [];
  for (let one = 0; one + 1 < offsets.length; one++) {
    const known = { weeks: [] as number[], depth: [] as number[], log: [] as number[] };
    for (let row = offsets[one]!; row < offsets[one + 1]!; row++) {
      if (weeks[row]! > until || Number.isNaN(demand[row]!)) continue;
      known.weeks.push(weeks[row]!);
      known.log.push(Math.log1p(Math.max(0, demand[row]!)));
      const given = discount?.[row] ?? 0;
      known.depth.push(given > 0 ? -Math.log1p(-Math.min(DEEPEST, given)) : 0);
    }
    if (known.weeks.length === 0) continue;
    const hasGroup = groups !== null && isValid(groups, one);
    found.push({ group: hasGroup ? groups.dictionary[groups.values[one]!]! : NO_GROUP, ...known });
  }
  return found;
}

/** d log(1 + demand) / d depth within series. */
function commonSlope(series: readonly KnownSeries[]): number {
  let [both, squares] = [0, 0];
  for (const { depth, log } of series) {
    const [usual, usualDepth] = [meanOf(log), meanOf(depth)];
    depth.forEach((one, i) => {
      both += (one - usualDepth) * (log[i]! - usual);
      squares += (one - usualDepth) ** 2;
    });
  }
  return squares === 0 ? 0 : both / squares;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
