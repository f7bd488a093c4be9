import type { Metrics } from '../metrics/error-sums.ts';
import type { SegmentRow } from '../segments/segment-row.ts';

/** What is plainly wrong, whatever tests say of it. */
export interface MonitorLimits {
  /** Demand bias of a model's forecasts in use, either way: a fraction. */
  readonly bias: number;
  /** The same of a market, a group, a discount band. */
  readonly segmentBias: number;
  /** Rows that a model or a segment must have for any of these limits. */
  readonly leastRows: number;
  /** How many times as large the demand error may be as it was before. */
  readonly errorTimes: number;
  /** Population stability index of the discounts. */
  readonly discountPsi: number;
}

/** By default. Beyond a stability index of 0.25 a distribution is commonly called another one. */
export const MONITOR_LIMITS: MonitorLimits = {
  bias: 0.2,
  segmentBias: 0.5,
  leastRows: 50,
  errorTimes: 2,
  discountPsi: 0.25,
};

/** Something that is beyond its limit. */
export interface BeyondLimit {
  readonly limit: 'bias' | 'segmentBias' | 'errorTimes' | 'discountPsi';
  /** What the limit is. */
  readonly most: number;
  readonly value: number;
  /** The model; null of the data. */
  readonly model: string | null;
  /** Of a segment: `market`, `group` or `discount`, and which; null of all. */
  readonly dimension: string | null;
  readonly segment: string | null;
  /** Rows behind it; null of the data. */
  readonly rows: number | null;
  /** Of `errorTimes`: the earlier error, and whether it is that of the version's approval or of the weeks before. */
  readonly earlier?: { readonly demandError: number; readonly of: 'approval' | 'weeks before' };
}

/** What came of a model's forecasts in use. */
export interface LimitedModel {
  readonly model: string;
  readonly rows: number;
  readonly metrics: Readonly<Metrics>;
  readonly scores: readonly SegmentRow[];
  /** Demand error at the approval of the version, and in the weeks before; null where not known. */
  readonly approvedError: number | null;
  readonly earlierError: number | null;
}

/** Dimensions whose segments are limited: those that tests are made of. */
const DIMENSIONS = ['market', 'group', 'discount'];

/**
 * @param model with its scores
 * @param limits that hold
 * @returns everything of the model that is beyond its limit; nothing of segments with fewer rows than are asked for
 */
export function modelBeyondLimits(
  { model, rows, metrics, scores, approvedError, earlierError }: LimitedModel,
  limits: MonitorLimits,
): BeyondLimit[] {
  if (rows < limits.leastRows) return [];
  const beyond: BeyondLimit[] = [];
  const whole = { model, dimension: null, segment: null, rows };
  const bias = metrics['demandBias']!;
  if (Math.abs(bias) > limits.bias) beyond.push({ limit: 'bias', most: limits.bias, value: bias, ...whole });
  for (const [demandError, of] of [
    [approvedError, 'approval'],
    [earlierError, 'weeks before'],
  ] as const) {
    if (demandError === null) continue;
    const value = metrics['demandError']! / demandError;
    if (value <= limits.errorTimes) continue;
    beyond.push({
      limit: 'errorTimes',
      most: limits.errorTimes,
      value,
      ...whole,
      earlier: { demandError, of },
    });
  }
  for (const { dimension, value: segment, metric, result, rows: behind } of scores) {
    if (metric !== 'demandBias' || !DIMENSIONS.includes(dimension) || behind < limits.leastRows) continue;
    if (result === null || Math.abs(result) <= limits.segmentBias) continue;
    const of = { model, dimension, segment, rows: behind };
    beyond.push({ limit: 'segmentBias', most: limits.segmentBias, value: result, ...of });
  }
  return beyond;
}

/**
 * @param discountPsi population stability index of the discounts
 * @param limits that hold
 * @returns the index, where it is beyond its limit
 */
export function dataBeyondLimits(discountPsi: number, limits: MonitorLimits): BeyondLimit[] {
  if (!(discountPsi > limits.discountPsi)) return [];
  const whole = { model: null, dimension: null, segment: null, rows: null };
  return [{ limit: 'discountPsi', most: limits.discountPsi, value: discountPsi, ...whole }];
}
