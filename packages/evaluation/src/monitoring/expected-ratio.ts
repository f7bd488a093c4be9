import { PooledRegression, type CoefficientPrior } from './pooled-regression.ts';
import type { WindowRatios } from './window-ratios.ts';

/** Weeks of a year, and how far around its day of the year a season is looked for. */
const [WEEKS_OF_YEAR, SEASON_REACH] = [52, 2];
/** Standard deviation that coefficients are supposed to have around their prior: features and response are in logs alike. */
const PRIOR_DEVIATION = 0.35;
const drawnToward = (mean: number): CoefficientPrior => ({ mean, deviation: PRIOR_DEVIATION });
/** Features of {@link featuresAt}; the third is what is expected without any experience. */
const PRIOR = [0, 0, 1, 0, 0].map(drawnToward);
/**
 * The same beside seasons of the parts: what is left of the windows before is chance for the most part. A part's yearly wave is supposed to be
 * of this size, its cosine and its sine each.
 */
const PRIOR_WITH_SEASONS = [0, 0.3, 0, 0, 0].map(drawnToward);
const WAVE: CoefficientPrior = { mean: 0, deviation: 0.15 };
/** Of the last year's. */
const YEAR = drawnToward(0);
/** How much the last year says is learnt from so many weeks: neighbours are alike, and a few of them would teach what is chance. */
const WEEKS_TO_LEARN = 26;

/** How far windows were from what was expected of them. */
export interface Surprises {
  /** By last week and part: log ratio less its expectation; NaN where there was nothing to expect it from. */
  readonly surprise: readonly Float64Array[];
  /** Whether a window had a whole baseline before it: what came earlier says little about what is usual. */
  readonly isUsual: readonly boolean[];
}

/** How surprises are told. */
export interface SurpriseOptions {
  /** Of the windows, in weeks. */
  readonly length: number;
  /** Windows before that are averaged. */
  readonly baseline: number;
  /** Whether each part has a yearly wave of its own. */
  readonly hasSeasons: boolean;
}

/**
 * What each window's ratio was expected to be, from what was known before it began, and how far it was off. A forecast that lags
 * behind the seasons is off by much, but predictably. The expectation is a regression, pooled over the parts and all earlier windows,
 * on the part's ratio in the window before, in about four and `baseline` windows before, in the last two weeks, in all, and
 * around the same time of the last year, once half a year has shown how much that says; it is drawn toward the mean of the
 * `baseline` windows before. With seasons, each part has the first harmonic of the year besides, drawn toward none: what one year has shown
 * of a wave is known before it comes again, while means of the last weeks follow it late.
 * @param windows ratios of windows of `length` weeks
 * @param weekly ratios of windows of one week
 * @param options length, baseline, seasons
 * @returns surprises of all windows
 */
export function surprises(
  windows: WindowRatios,
  weekly: WindowRatios,
  { length, baseline, hasSeasons }: SurpriseOptions,
): Surprises {
  const { relative } = windows;
  const count = relative[0]?.length ?? 0;
  const waves = Array.from({ length: hasSeasons ? 2 * count : 0 }, () => WAVE);
  const prior = [...(hasSeasons ? PRIOR_WITH_SEASONS : PRIOR), ...waves];
  const regression = new PooledRegression(prior);
  const withYear = new PooledRegression([...prior, YEAR]);
  let weeksWithYear = 0;
  const means = runningMeans(relative, count);
  const features = relative.map((_, at) =>
    Array.from({ length: count }, (_, part) => {
      const known = featuresAt(part, at, at - length, relative, weekly.relative, means, baseline);
      if (known === null || !hasSeasons) return known;
      return { ...known, usual: [...known.usual, ...waveOf(part, count, at)] };
    }),
  );
  const firstKnown = relative.findIndex((ratios) => ratios.some(Number.isFinite));
  const surprise = relative.map((ratios, at) => {
    const known = at - length;
    if (known >= 0) {
      features[known]!.forEach((row, part) => {
        const ratio = relative[known]![part]!;
        if (row === null || !Number.isFinite(ratio)) return;
        regression.add(row.usual, ratio);
        if (row.year !== null) withYear.add([...row.usual, row.year], ratio);
      });
      if (features[known]!.some((row) => row !== null && row.year !== null)) weeksWithYear++;
    }
    const coefficients = regression.solve();
    const coefficientsWithYear = weeksWithYear >= WEEKS_TO_LEARN ? withYear.solve() : null;
    return ratios.map((ratio, part) => {
      const row = features[at]![part]!;
      if (row === null) return NaN;
      return row.year === null || coefficientsWithYear === null
        ? ratio - product(row.usual, coefficients)
        : ratio - product([...row.usual, row.year], coefficientsWithYear);
    });
  });
  const isUsual = relative.map((_, at) => firstKnown !== -1 && at >= firstKnown + length + baseline - 1);
  return { surprise, isUsual };
}

/** Cosine and sine of the time of the year, in the columns of the part; which week the year begins with is all the same. */
function waveOf(part: number, count: number, at: number): number[] {
  const wave = new Array<number>(2 * count).fill(0);
  const phase = (2 * Math.PI * at) / WEEKS_OF_YEAR;
  [wave[2 * part], wave[2 * part + 1]] = [Math.cos(phase), Math.sin(phase)];
  return wave;
}

function product(row: readonly number[], coefficients: readonly number[]): number {
  return row.reduce((sum, x, i) => sum + x * coefficients[i]!, 0);
}

/** What is known of a part before a window. */
interface KnownBefore {
  readonly usual: readonly number[];
  /** Around the same time of the last year; null where that is not known. */
  readonly year: number | null;
}

/** What is known of a part before a window; null when nothing is. */
function featuresAt(
  part: number,
  at: number,
  known: number,
  relative: readonly Float64Array[],
  weekly: readonly Float64Array[],
  means: readonly Float64Array[],
  baseline: number,
): KnownBefore | null {
  const always = known < 0 ? NaN : means[known]![part]!;
  if (Number.isNaN(always)) return null;
  const lastYear = at - WEEKS_OF_YEAR;
  const year = mean(relative, part, lastYear - SEASON_REACH, Math.min(known, lastYear + SEASON_REACH));
  const usual = [
    relative[known]![part]!,
    mean(relative, part, known - (baseline >> 1) + 1, known),
    mean(relative, part, known - baseline + 1, known),
    mean(weekly, part, known - 1, known),
    always,
  ].map((feature) => (Number.isNaN(feature) ? always : feature));
  return { usual, year: Number.isNaN(year) ? null : year };
}

/** Of what is known among some rows. */
function mean(rows: readonly Float64Array[], part: number, first: number, last: number): number {
  let [sum, count] = [0, 0];
  for (let at = Math.max(0, first); at <= last; at++) {
    const value = rows[at]![part]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Of all rows up to each. */
function runningMeans(rows: readonly Float64Array[], count: number): Float64Array[] {
  const [sums, counts] = [new Float64Array(count), new Float64Array(count)];
  return rows.map((row) =>
    row.map((value, part) => {
      if (!Number.isNaN(value)) {
        sums[part]! += value;
        counts[part]!++;
      }
      return sums[part]! / counts[part]!;
    }),
  );
}
