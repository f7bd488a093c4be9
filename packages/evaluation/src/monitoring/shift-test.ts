import type { Week } from '@hemline/core';
import { studentP } from '@hemline/core/special-functions';
import { combineP } from './p-values.ts';
import type { Change, ChangeWindows, TestedChange } from './change-test.ts';
import { surprises, type SurpriseOptions } from './expected-ratio.ts';
import { centred, median, PARTS_WITH_A_COMMON } from './median.ts';
import { moderateVariances } from './moderated-variance.ts';
import type { NoticePanel } from './notice-panel.ts';
import { windowRatios, type WindowRatios } from './window-ratios.ts';

/** A change of a week may be a campaign; a shift stays. */
const SHORTEST_WINDOW = 2;
/** What was usual is learnt from the last windows, a year of them. */
const USUAL_WINDOWS = 52;
/** A deviation that is known less well than this is not known. */
const LEAST_DEGREES = 3;
/**
 * Tails are taken for as heavy as the past allows: its excess kurtosis and so many standard errors of it. Rare
 * campaigns look light until the next.
 */
const TAIL_MARGIN = 1;
/** A normal variable is within so many standard deviations of its median half of the time: χ²₁ has this median. */
const MEDIAN_OF_SQUARES = 0.4549;

/** What differs between ratios as they are measured and those under like conditions. */
export interface RatioKind {
  /** Whether each part has a yearly wave of its own. */
  readonly hasSeasons: boolean;
  /** The error of a window that has a past is never less than this times the scatter with the articles. */
  readonly floor: number;
  /** Others never count for a part as much as more than so many degrees of freedom of its own. */
  readonly mostPriorDegrees: number;
}

const AS_MEASURED: RatioKind = { hasSeasons: false, floor: 1, mostPriorDegrees: 20 };

/**
 * What a week does to all parts alike is out of these ratios, so that the others tell more of how far a part is off. Some of the scatter with the
 * articles, which is that of plain ratios, is explained by their conditions.
 */
export const UNDER_LIKE_CONDITIONS: RatioKind = { hasSeasons: true, floor: 0.8, mostPriorDegrees: 60 };

/** A change, and since when. */
export interface Shift extends TestedChange {
  /** First week of the window in which the change is the most errors; null where nothing could be judged. */
  readonly since: Week | null;
}

/** How far something usually is off. */
interface Scatter {
  readonly deviation: number;
  readonly degrees: number;
}

/**
 * @param recent longest window that is judged
 * @param baseline weeks that it is compared with
 * @returns weeks of forecasts that it takes at least to judge a part by its own past
 */
export function weeksToJudge(recent: number, baseline: number): number {
  const shortest = Math.min(SHORTEST_WINDOW, recent);
  return Math.ceil(LEAST_DEGREES * overlapOf(shortest)) + 3 * shortest + baseline - 2;
}

/**
 * Tests whether demand over forecast has shifted lately in any part of a dimension. Windows of two to `recent` weeks, each seen by
 * the forecasts that were in use before it began, are compared with what was expected of them (see {@link surprises}), relative to
 * the median of all parts: a feast moves them all; what moves them all is a shift of the dimension "all". How far a window is off is
 * held against the larger of
 *
 * - how far it scatters with the articles: the delete-a-group jackknife;
 * - how far such windows were off in the last year, of the part itself, moderated by the other parts in proportion to their
 *   sampling variance. Where neighbouring windows were alike, they count for fewer; where the tails may be heavier than normal, for
 *   all that the past shows, the test is a Student t with few degrees of freedom.
 *
 * Without earlier windows, what is expected is `expected`, and the parts are judged by each other.
 * @param parts of one dimension
 * @param windows which weeks
 * @param expected log ratio of each part, for want of earlier windows; NaN where it is not known
 * @returns a shift for each part
 */
export function testShifts(
  parts: readonly NoticePanel[],
  windows: ChangeWindows,
  expected: readonly number[],
): Shift[] {
  return testRatios((length) => windowRatios(parts, windows.weeks, length), windows, expected);
}

/**
 * As {@link testShifts}, of ratios however they were measured.
 * @param ratiosOf ratios of windows of a length, in weeks: by last week of the window, then by part
 * @param windows which weeks
 * @param expected log ratio of each part, for want of earlier windows; NaN where it is not known
 * @param kind of the ratios; as measured by default
 * @returns a shift for each part
 */
export function testRatios(
  ratiosOf: (length: number) => WindowRatios,
  { weeks, recent, baseline }: ChangeWindows,
  expected: readonly number[],
  kind: RatioKind = AS_MEASURED,
): Shift[] {
  const weekly = ratiosOf(1);
  const lengths: number[] = [];
  for (let length = Math.min(SHORTEST_WINDOW, recent); length <= recent; length++) lengths.push(length);
  const tests = lengths.map((length) => ({
    length,
    changes: testWindow(ratiosOf(length), weekly, { length, baseline, ...kind }, expected),
  }));
  return expected.map((_, i): Shift => {
    const known = tests.filter(({ changes }) => !Number.isNaN(changes[i]!.p));
    if (known.length === 0) return { ...tests.at(-1)!.changes[i]!, since: null, windows: [] };
    const ps = known.map(({ changes }) => changes[i]!.p);
    const distances = known.map(({ changes: of }) => Math.abs(of[i]!.change / of[i]!.error));
    const { length, changes } = known[distances.indexOf(Math.max(...distances))]!;
    const windows = known.map(({ length: long, changes: of }) => {
      const { error, degrees } = of[i]!;
      return { weeks: long, error, degrees };
    });
    return { ...changes[i]!, p: combineP(ps), since: weeks.at(-length)!, windows };
  });
}

function testWindow(
  windows: WindowRatios,
  weekly: WindowRatios,
  options: SurpriseOptions & RatioKind,
  expected: readonly number[],
): Change[] {
  const { length } = options;
  const last = windows.raw.length - 1;
  const { surprise, isUsual } = surprises(windows, weekly, options);
  const hasPast = surprise[last]!.some(Number.isFinite);
  const own = hasPast
    ? surprise[last]!
    : Float64Array.from(centred(windows.raw[last]!.map((ratio, i) => ratio - expected[i]!)));
  const usual: number[] = [];
  for (let at = Math.max(0, last - length - USUAL_WINDOWS + 1); at <= last - length; at++)
    if (isUsual[at]!) usual.push(at);
  const past = usual.map((at) => surprise[at]!);
  const before = usual.map((at) => windows.sampling[at]!);
  const scatter = hasPast ? usualScatter(past, before, own.length, options) : [];
  const across = acrossParts(own);
  return Array.from(own, (change, i): Change => {
    const sampling = windows.sampling[last]![i]! * (hasPast ? 1 : Math.SQRT2);
    const { deviation, degrees } = scatter[i] ?? across ?? { deviation: NaN, degrees: NaN };
    const floor = hasPast ? options.floor * sampling : sampling;
    const error = Math.max(floor, deviation);
    const free = floor > deviation ? Math.min(degrees, windows.groups[last]![i]! - 1) : degrees;
    return { change, error, degrees: free, p: error > 0 ? studentP(change / error, free) : NaN };
  });
}

/** How far each part was off; null where too little is known of it. */
function usualScatter(
  past: readonly Float64Array[],
  sampling: readonly Float64Array[],
  count: number,
  { length, mostPriorDegrees }: SurpriseOptions & RatioKind,
): (Scatter | null)[] {
  const known = (rows: readonly Float64Array[], part: number): number[] =>
    rows.map((row) => row[part]!).filter(Number.isFinite);
  const meanSquare = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  const own = Array.from({ length: count }, (_, part) => known(past, part));
  const overlap = Math.max(overlapOf(length), persistence(past, count));
  const estimates = own.map((values) => ({
    variance: meanSquare(values),
    degrees: values.length / overlap,
  }));
  const moderated = moderateVariances(
    estimates,
    own.map((_, part) => meanSquare(known(sampling, part))),
    mostPriorDegrees,
  );
  const scaled = own.flatMap((values, i) =>
    values.map((value) => value / Math.sqrt(estimates[i]!.variance)).filter(Number.isFinite),
  );
  const excess = excessKurtosis(scaled) + TAIL_MARGIN * Math.sqrt((24 * overlap) / scaled.length);
  return moderated.map(({ variance, degrees }) => {
    if (degrees < LEAST_DEGREES) return null;
    const free = Math.min(degrees, tailDegrees(excess));
    return { deviation: Math.sqrt(variance), degrees: free };
  });
}

/** Windows further apart, or than a quarter of the past, are taken to have nothing in common. */
const FAR_APART = 12;

/**
 * So many windows are worth one, by how alike neighbours have been, in all parts together: 1 + 2 Σ of their squared correlations.
 * What is off for weeks on end has been seen less often than there are windows.
 */
function persistence(past: readonly Float64Array[], count: number): number {
  let sum = 1;
  for (let lag = 1; lag <= Math.min(FAR_APART, past.length >> 2); lag++) {
    let [products, squares] = [0, 0];
    for (let part = 0; part < count; part++) {
      for (let at = lag; at < past.length; at++) {
        const [a, b] = [past[at - lag]![part]!, past[at]![part]!];
        if (!Number.isFinite(a * b)) continue;
        products += a * b;
        squares += (a * a + b * b) / 2;
      }
    }
    if (squares > 0) sum += 2 * (products / squares) ** 2;
  }
  return sum;
}

/** So many windows that overlap, each a week after the other, are worth one that does not: Σ of their squared correlations. */
function overlapOf(length: number): number {
  let sum = 1;
  for (let lag = 1; lag < length; lag++) sum += 2 * (1 - lag / length) ** 2;
  return sum;
}

/** Of what parts were off by, each on its own scale. */
function excessKurtosis(all: readonly number[]): number {
  const moment = (power: number): number => all.reduce((sum, value) => sum + value ** power, 0) / all.length;
  return moment(4) / moment(2) ** 2 - 3;
}

/** Degrees of freedom of the Student t with an excess kurtosis; ∞ where there is none. */
function tailDegrees(excess: number): number {
  return excess > 0 ? 4 + 6 / excess : Infinity;
}

/** Without a past, parts are judged by how far the others are off: most of them have not changed. */
function acrossParts(changes: Float64Array): Scatter | null {
  const known = [...changes].filter(Number.isFinite);
  if (known.length < PARTS_WITH_A_COMMON) return null;
  const deviation = Math.sqrt(median(known.map((change) => change ** 2)) / MEDIAN_OF_SQUARES);
  return { deviation, degrees: Math.max(1, known.length / 2) };
}
