import { DAYS_PER_WEEK, type Week } from '@hemline/core';
import type { GroupTotals } from '../groups/group-totals.ts';
import type { Feature, GroupFeature, PastFeature, PlannedFeature } from '../kinds/feature.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { FeatureColumns } from './feature-columns.ts';
import { GroupLookup } from './group-lookup.ts';
import { SeriesReader } from './series-reader.ts';

/** Writes the rows of the series that the reader stands at. */
type SeriesWriter = (reader: SeriesReader) => void;

/** What the features of a panel are worked out for. */
export interface TransformRequest {
  /** The last known week: of past covariates nothing after it is read. */
  readonly cutoff: Week;
  /** Every row is seen from so many weeks before it. */
  readonly leadTime: number;
  readonly totals: GroupTotals;
}

/**
 * Features of all rows of a panel, each as it could have been known `leadTime` weeks before its week. The one place where a
 * row meets what it may see: kernels know nothing of lags.
 * @param features to work out
 * @param panel with a row in every week
 * @param request cutoff, lead time, sums of groups
 * @returns a column a feature
 */
export function transform(
  features: readonly Feature[],
  panel: FilledPanel,
  request: TransformRequest,
): FeatureColumns {
  const reader = new SeriesReader(panel, request.totals);
  const columns = new Map<string, Float64Array>();
  const writers = features.map((feature) => {
    const out = new Float64Array(panel.rows.length);
    columns.set(feature.name, out);
    return writerOf(feature, panel, reader, request, out);
  });
  // Series by series, so that all features read it while it is in the cache.
  for (let series = 0; series + 1 < panel.offsets.length; series++) {
    reader.move(series);
    for (const write of writers) write(reader);
  }
  return new FeatureColumns(columns, panel.rows.length);
}

function writerOf(
  feature: Feature,
  panel: FilledPanel,
  reader: SeriesReader,
  request: TransformRequest,
  out: Float64Array,
): SeriesWriter {
  switch (feature.looks) {
    case 'back':
      return pastWriter(feature, reader, request, out);
    case 'back at groups':
      return groupWriter(feature, panel, request, out);
    case 'at the week':
      return plannedWriter(feature, out);
  }
}

function pastWriter(
  feature: PastFeature,
  reader: SeriesReader,
  { cutoff, leadTime }: TransformRequest,
  out: Float64Array,
): SeriesWriter {
  const inputs = feature.reads.map(({ column }) => reader.floats(column));
  const shift = feature.shift(leadTime);
  const kernel = feature.kernel();
  return ({ from, to, week }) => {
    const end = Math.min(to - shift, from + knownWeeks(week, cutoff));
    const first = Math.min(from + shift, to);
    for (let row = from; row < first; row++) out[row] = NaN;
    if (end > from) kernel(inputs, from, end, Math.floor(week / DAYS_PER_WEEK), out, from + shift);
    for (let row = Math.max(first, end + shift); row < to; row++) out[row] = NaN;
  };
}

function groupWriter(
  feature: GroupFeature,
  panel: FilledPanel,
  { cutoff, leadTime, totals }: TransformRequest,
  out: Float64Array,
): SeriesWriter {
  const lookup = totals.lookup(feature, () => new GroupLookup(feature, totals));
  const groups = lookup.groupsOf(panel.series);
  const shift = feature.shift(leadTime);
  return ({ from, to, week, series }) => {
    const end = Math.min(to, Math.max(from, from + shift + knownWeeks(week, cutoff)));
    lookup.copy(groups[series]!, week - shift * DAYS_PER_WEEK, out, from, end);
    for (let row = end; row < to; row++) out[row] = NaN;
  };
}

function plannedWriter(feature: PlannedFeature, out: Float64Array): SeriesWriter {
  return (reader) => feature.fill(reader, out);
}

/** Weeks of a series that are not after the cutoff. */
function knownWeeks(first: Week, cutoff: Week): number {
  return Math.floor((cutoff - first) / DAYS_PER_WEEK) + 1;
}
