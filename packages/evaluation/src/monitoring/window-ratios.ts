import type { Week } from '@hemline/core';
import { jackknife } from './jackknife.ts';
import { centred } from './median.ts';
import type { NoticePanel } from './notice-panel.ts';

/** A ratio of fewer articles (groups of them) says more about them than about their segment. */
const LEAST_GROUPS = 5;

/** Of every window of a length: by its last week, then by part. NaN where there is too little. */
export interface WindowRatios {
  /** log( Σ demand / Σ forecast ), as it is. */
  readonly raw: readonly Float64Array[];
  /** The same, less the median of all parts where there are at least four of them. */
  readonly relative: readonly Float64Array[];
  /** Standard error, for want of more articles. */
  readonly sampling: readonly Float64Array[];
  /** Groups of articles that the error rests on. */
  readonly groups: readonly Int32Array[];
}

/**
 * Demand over forecast in every window of some weeks, by the forecasts that were in use before the window began: a model that is
 * trained every week, or repeats the last week, follows a shift within weeks, and later forecasts no longer show it.
 * @param parts of a dimension
 * @param weeks all, in order
 * @param length of a window, in weeks
 * @returns ratios and their errors
 */
export function windowRatios(
  parts: readonly NoticePanel[],
  weeks: readonly Week[],
  length: number,
): WindowRatios {
  const raw = weeks.map(() => new Float64Array(parts.length).fill(NaN));
  const sampling = weeks.map(() => new Float64Array(parts.length).fill(NaN));
  const groups = weeks.map(() => new Int32Array(parts.length));
  weeks.forEach((week, at) => {
    parts.forEach((part, i) => {
      const sums = part.sums(week, length);
      if (sums === null) return;
      const { value, error, groups: count } = jackknife([sums], ([top, bottom]) => Math.log(top! / bottom!));
      if (count < LEAST_GROUPS || !Number.isFinite(value)) return;
      raw[at]![i] = value;
      sampling[at]![i] = error;
      groups[at]![i] = count;
    });
  });
  return { raw, relative: raw.map((ratios) => Float64Array.from(centred(ratios))), sampling, groups };
}
