import {
  addWeeks,
  type Batch,
  DataError,
  DAYS_PER_WEEK,
  formatWeek,
  takeRows,
  weeksAhead,
  type Week,
} from '@hemline/core';
import type { GroupTotals } from '../groups/group-totals.ts';
import type { Feature, GroupFeature, PastFeature } from '../kinds/feature.ts';
import { latest } from '../kernels/as-of-kernel.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { FeatureColumns } from './feature-columns.ts';
import { GroupLookup } from './group-lookup.ts';
import { SeriesReader } from './series-reader.ts';

/** What the features of the future are worked out for. */
export interface AheadRequest {
  /** The last known week: of past covariates nothing after it is read. */
  readonly cutoff: Week;
  /** How many weeks ahead. */
  readonly horizon: number;
  readonly totals: GroupTotals;
}

/** Features of the weeks after the cutoff: one row a series and week, sorted so. */
export interface AheadFeatures {
  /** `article`, `market`, `week`. */
  readonly keys: Batch;
  readonly columns: FeatureColumns;
}

/**
 * The next step, and those after it: features of every series in the weeks after the cutoff, from no more history than each
 * needs. Equal to what `transform` gives for the same week with its lead time.
 * @param features to work out
 * @param panel with history, and the plan of the weeks ahead; every series filled to the end of the horizon
 * @param request cutoff, horizon, sums of groups
 * @returns a row a series and week
 * @throws DataError when a series ends before the horizon does
 */
export function ahead(
  features: readonly Feature[],
  panel: FilledPanel,
  request: AheadRequest,
): AheadFeatures {
  const { cutoff, horizon, totals } = request;
  checkReach(panel, addWeeks(cutoff, horizon));
  const length = panel.series.length * horizon;
  const reader = new SeriesReader(panel, totals);
  const columns = new Map<string, Float64Array>();
  for (const feature of features) {
    const out = new Float64Array(length);
    columns.set(feature.name, out);
    if (feature.looks === 'back') pastAhead(feature, reader, panel, request, out);
    else if (feature.looks === 'back at groups') groupsAhead(feature, panel, request, out);
    else {
      const rows = new Float64Array(panel.rows.length);
      for (let series = 0; series < panel.series.length; series++) {
        feature.fill(reader.move(series), rows);
        const first = reader.from + knownWeeks(reader.week, cutoff);
        for (let step = 0; step < horizon; step++)
          out[series * horizon + step] = first + step < reader.from ? NaN : rows[first + step]!;
      }
    }
  }
  return { keys: keysOf(panel, cutoff, horizon), columns: new FeatureColumns(columns, length) };
}

function pastAhead(
  feature: PastFeature,
  reader: SeriesReader,
  panel: FilledPanel,
  { cutoff, horizon }: AheadRequest,
  out: Float64Array,
): void {
  const inputs = feature.reads.map(({ column }) => reader.floats(column));
  const value = latest(feature.kernel(), feature.history);
  for (let series = 0; series < panel.series.length; series++) {
    const { from, week } = reader.move(series);
    const phase = Math.floor(week / DAYS_PER_WEEK);
    let end = NaN;
    let known = NaN;
    for (let leadTime = 1; leadTime <= horizon; leadTime++) {
      const asOf = from + knownWeeks(week, cutoff) + leadTime - feature.shift(leadTime);
      // Most features see the same in all weeks ahead.
      if (asOf !== end) known = value(inputs, from, (end = asOf), phase);
      out[series * horizon + leadTime - 1] = known;
    }
  }
}

function groupsAhead(
  feature: GroupFeature,
  panel: FilledPanel,
  { cutoff, horizon, totals }: AheadRequest,
  out: Float64Array,
): void {
  const lookup = totals.lookup(feature, () => new GroupLookup(feature, totals));
  const groups = lookup.groupsOf(panel.series);
  for (let leadTime = 1; leadTime <= horizon; leadTime++) {
    const asOf = addWeeks(cutoff, leadTime - feature.shift(leadTime));
    for (let series = 0; series < panel.series.length; series++)
      out[series * horizon + leadTime - 1] = lookup.at(groups[series]!, asOf);
  }
}

function keysOf({ series }: FilledPanel, cutoff: Week, horizon: number): Batch {
  const rows = Uint32Array.from({ length: series.length * horizon }, (_, row) => Math.floor(row / horizon));
  const ahead = weeksAhead(cutoff, horizon);
  const values = Int32Array.from(rows, (_, row) => ahead[row % horizon]!);
  const week = { type: 'date', length: rows.length, values, validity: null } as const;
  return takeRows(series.select(['article', 'market']), rows).with({ week });
}

function checkReach({ offsets, weeks }: FilledPanel, end: Week): void {
  for (let series = 0; series + 1 < offsets.length; series++) {
    const last = weeks[offsets[series + 1]! - 1]!;
    if (last >= end) continue;
    throw new DataError('a series ends before the weeks that are to be forecast', {
      expected: `rows until ${formatWeek(end)}`,
      found: formatWeek(last),
      where: { row: offsets[series]! },
      remedy: 'Fill the panel with fillWeeks(panel, { until: the last week of the horizon }).',
    });
  }
}

function knownWeeks(first: Week, cutoff: Week): number {
  return Math.floor((cutoff - first) / DAYS_PER_WEEK) + 1;
}
