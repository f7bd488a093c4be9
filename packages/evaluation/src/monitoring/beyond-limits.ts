import type { Metrics } from '../metrics/error-sums.ts';
import type { SegmentRow } from '../segments/segment-row.ts';

/** What is plainly wrong, whatever tests say of it. */
export interface MonitorLimits {
  /** Demand bias of a model's forecasts in use, either way: a fraction. */
  readonly bias: number;
  /** The same of a market, a group, a discount band. */
  readonly segmentBias: number;
  /** Rows, and units sold or forecast, that a model or a segment must have for any of these limits: fewer are off by chance. */
  readonly leastRows: number;
  readonly leastUnits: number;
  /** How many times as large the demand error may be as it was before. */
  readonly errorTimes: number;
  /** Population stability index of the discounts. */
  readonly discountPsi: number;
}

/** By default. Beyond a stability index of 0.25 a distribution is commonly called another one. */
export const MONITOR_LIMITS: MonitorLimits = {
  bias: 0.2,
  segmentBias: 0.5,
  leastRows: 30,
  leastUnits: 100,
  errorTimes: 2,
  discountPsi: 0.25,
};

/** Something that is beyond its limit. */
export interface BeyondLimit {
  readonly limit: 'bias' | 'segmentBias' | 'errorTimes' | 'discountPsi';
  /** What the limit is. */
  readonly most: number;
  /** Null where nothing at all was sold of what was forecast. */
  readonly value: number | null;
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

/** Dimensions whose segments are limited: those that tests are made of. Every row is in one part of each. */
const DIMENSIONS = ['market', 'group', 'discount'];

/** Of a model or a segment. */
interface Sold {
  readonly dimension: string | null;
  readonly segment: string | null;
  readonly rows: number;
  /** Null where nothing was sold. */
  readonly bias: number | null;
  /** Sold or forecast, whichever is more. */
  readonly units: number;
}

/**
 * @param model with its scores
 * @param limits that hold
 * @returns everything of the model that is beyond its limit; nothing of what has fewer rows or units than are asked for
 */
export function modelBeyondLimits(model: LimitedModel, limits: MonitorLimits): BeyondLimit[] {
  const isEnough = ({ rows, units }: Sold): boolean => rows >= limits.leastRows && units >= limits.leastUnits;
  const parts = DIMENSIONS.flatMap((dimension) => partsOf(model.scores, dimension));
  const whole: Sold = {
    ...{ dimension: null, segment: null, rows: model.rows },
    bias: finite(model.metrics['demandBias']!),
    units: parts
      .filter(({ dimension }) => dimension === 'discount')
      .reduce((sum, { units }) => sum + units, 0),
  };
  if (!isEnough(whole)) return [];
  const biased = [whole, ...parts.filter(isEnough)].flatMap(({ bias, units: _, ...of }): BeyondLimit[] => {
    const limit = of.dimension === null ? 'bias' : 'segmentBias';
    // What was forecast and did not sell at all is off without bounds.
    if (bias !== null && Math.abs(bias) <= limits[limit]) return [];
    return [{ limit, most: limits[limit], value: bias, model: model.model, ...of }];
  });
  return [...biased, ...grownError(model, limits.errorTimes)];
}

function grownError(
  { model, rows, metrics, approvedError, earlierError }: LimitedModel,
  most: number,
): BeyondLimit[] {
  const earlier = [
    { demandError: approvedError, of: 'approval' },
    { demandError: earlierError, of: 'weeks before' },
  ] as const;
  return earlier.flatMap(({ demandError, of }): BeyondLimit[] => {
    if (demandError === null) return [];
    const value = metrics['demandError']! / demandError;
    if (!(value > most)) return [];
    const whole = { model, dimension: null, segment: null, rows };
    return [{ limit: 'errorTimes', most, value, ...whole, earlier: { demandError, of } }];
  });
}

function partsOf(scores: readonly SegmentRow[], dimension: string): Sold[] {
  const own = scores.filter((row) => row.dimension === dimension);
  return [...Map.groupBy(own, ({ value }) => value)].map(([segment, lines]) => {
    const metric = (name: string): number | null =>
      lines.find((line) => line.metric === name)?.result ?? null;
    const { rows } = lines[0]!;
    const mean = Math.max(metric('meanActual') ?? 0, metric('meanForecast') ?? 0);
    return { dimension, segment, rows, bias: metric('demandBias'), units: rows * mean };
  });
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
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
