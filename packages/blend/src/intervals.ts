import { QUANTILES } from '@hemline/features';

/** Last week ahead of each band of horizons but the last. */
const BANDS = [1, 3, 5];
/** Levels that bins are cut at, as shares of a band's rows; a bin of fewer rows takes the band's. */
const [BINS, LEAST_ROWS] = [3, 150];
/** By how much the share that quantiles hold may be off where some cannot hold it. */
const TOLERATED = 0.02;
/** Rows of a band that are counted, about, when what its quantiles hold is found by halving, so many times. */
const [MOST_COUNTED, HALVINGS] = [50_000, 14];
/** Spread, where nothing is known: a coefficient of variation of one half. */
const DEFAULT_SPREAD = 0.25;
/** Median of a squared standard normal number. */
const MEDIAN_SQUARE = 0.4549;

/** Scores of the quantiles in one band of horizons. */
interface Band {
  /** Variance of demand over its squared mean, besides that of counting. */
  readonly spread: number;
  /** Levels below which a series is in a bin, rising; the last bin has none. */
  readonly cuts: readonly number[];
  /** Of each bin: the score of each quantile, rising. */
  readonly scores: readonly (readonly number[])[];
}

/**
 * Quantiles of demand around a blend, by split conformal prediction (Vovk et al. 2005; Lei et al. 2018): what was observed in the
 * weeks held out, scored as (q − q̂) / √(q̂ + φ q̂²), has in each band of horizons and bin of levels the quantiles that forecasts are
 * given. Demand counts, so that small forecasts scatter by their root and large ones in proportion. The level is the baseline's
 * forecast, which no discount moves: so quantiles rise with the discount as the forecast does.
 */
export class Intervals {
  readonly #bands: readonly Band[];

  /** @param bands one for each band of horizons */
  constructor(bands: readonly Band[]) {
    this.#bands = bands;
  }

  /**
   * @param rows held-out rows
   * @param rows.weekAhead weeks ahead of each
   * @param rows.level the baseline's forecast of each
   * @param rows.forecast the blend's
   * @param rows.actual what was observed
   * @returns quantiles calibrated on them
   */
  static learn(rows: {
    readonly weekAhead: ArrayLike<number>;
    readonly level: ArrayLike<number>;
    readonly forecast: ArrayLike<number>;
    readonly actual: ArrayLike<number>;
  }): Intervals {
    const members: number[][] = [...BANDS, Infinity].map(() => []);
    for (let row = 0; row < rows.actual.length; row++) members[bandOf(rows.weekAhead[row]!)]!.push(row);
    const bands: Band[] = [];
    // A band without rows, such as that of weeks further ahead than were held out, is as the one before.
    for (const own of members)
      bands.push(own.length === 0 ? (bands.at(-1) ?? UNKNOWN) : learnBand(own, rows));
    return new Intervals(bands);
  }

  /**
   * @param weekAhead weeks ahead
   * @param level the baseline's forecast
   * @returns spread φ and scores of the quantiles
   */
  of(weekAhead: number, level: number): { readonly spread: number; readonly scores: readonly number[] } {
    const { spread, cuts, scores } = this.#bands[bandOf(weekAhead)]!;
    return { spread, scores: scores[binOf(level, cuts)]! };
  }

  /** @returns what {@link fromJson} takes */
  toJson(): unknown {
    return this.#bands;
  }

  /**
   * @param json of {@link toJson}
   * @returns the same quantiles
   */
  static fromJson(json: unknown): Intervals {
    return new Intervals(json as readonly Band[]);
  }
}

/**
 * @param demand forecast q̂
 * @param spread φ
 * @param score of the quantile
 * @returns units; never falls as the forecast rises
 */
export function quantileAt(demand: number, spread: number, score: number): number {
  return Math.max(0, demand + score * Math.sqrt(demand + spread * demand * demand));
}

const UNKNOWN: Band = {
  spread: DEFAULT_SPREAD,
  cuts: [],
  scores: [QUANTILES.map(({ share }) => (share === 0.5 ? 0 : share < 0.5 ? -1.2816 : 1.2816))],
};

function bandOf(weekAhead: number): number {
  const band = BANDS.findIndex((last) => weekAhead <= last);
  return band === -1 ? BANDS.length : band;
}

function binOf(level: number, cuts: readonly number[]): number {
  const bin = cuts.findIndex((cut) => level < cut);
  return bin === -1 ? cuts.length : bin;
}

function learnBand(
  own: readonly number[],
  { level, forecast, actual }: Parameters<typeof Intervals.learn>[0],
): Band {
  const sorted = [...own].sort((a, b) => level[a]! - level[b]!);
  // Counting says nothing of the spread of large forecasts.
  const large = [...own].sort((a, b) => forecast[b]! - forecast[a]!).slice(0, Math.ceil(own.length / 2));
  const spread = Math.max(0, medianSpread(large, forecast, actual));
  const cuts: number[] = [];
  for (let bin = 1; bin < BINS; bin++) {
    const cut = level[sorted[Math.floor((bin * own.length) / BINS)]!]!;
    if (cut > (cuts.at(-1) ?? 0)) cuts.push(cut);
  }
  const whole = sortedScores(own, spread, forecast, actual);
  const bins = Array.from({ length: cuts.length + 1 }, (_, bin) => {
    const rows = own.filter((row) => binOf(level[row]!, cuts) === bin);
    return { rows, sorted: rows.length < LEAST_ROWS ? whole : sortedScores(rows, spread, forecast, actual) };
  });
  const counted = own.length > MOST_COUNTED ? Math.ceil(own.length / MOST_COUNTED) : 1;
  // Slow sellers sell nothing in more weeks than a low quantile is to hold, and none lies below nothing: others make up for it.
  const covered = (share: number): number => {
    let [rows, below] = [0, 0];
    for (const bin of bins) {
      const score = scoreAt(bin.sorted, share);
      for (let i = 0; i < bin.rows.length; i += counted) {
        const row = bin.rows[i]!;
        rows++;
        below += Number(actual[row]! <= quantileAt(forecast[row]!, spread, score));
      }
    }
    return below / rows;
  };
  const shares = QUANTILES.map(({ share }) => nominalShare(share, covered));
  const scores = bins.map((bin) => shares.map((share) => scoreAt(bin.sorted, share)));
  return { spread, cuts, scores };
}

/** Robust: as many squared relative errors below it, less what counting explains, as a normal error has. */
function medianSpread(
  rows: readonly number[],
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
): number {
  const squares = rows
    .filter((row) => forecast[row]! > 0)
    .map(
      (row) => ((actual[row]! - forecast[row]!) / forecast[row]!) ** 2 / MEDIAN_SQUARE - 1 / forecast[row]!,
    )
    .sort((a, b) => a - b);
  return squares.length === 0 ? DEFAULT_SPREAD : squares[Math.floor(squares.length / 2)]!;
}

function sortedScores(
  rows: readonly number[],
  spread: number,
  forecast: ArrayLike<number>,
  actual: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(rows, (row) => {
    const mean = Math.max(forecast[row]!, 1e-6);
    return (actual[row]! - mean) / Math.sqrt(mean + spread * mean * mean);
  }).sort();
}

/** The score of the row of a share's rank among n + 1. */
function scoreAt(sorted: Float64Array, share: number): number {
  const rank = Math.ceil((sorted.length + 1) * share);
  return sorted[Math.max(0, Math.min(sorted.length - 1, rank - 1))]!;
}

/**
 * The share that quantiles are taken at so that they hold as many rows as they are to hold, but for {@link TOLERATED}: by halving.
 * What fast sellers' quantiles hold is given up for no more than that.
 */
function nominalShare(share: number, covered: (share: number) => number): number {
  const plain = covered(share);
  if (Math.abs(plain - share) <= TOLERATED) return share;
  const aim = share + Math.sign(plain - share) * TOLERATED;
  let [low, high] = plain > aim ? [0, share] : [share, 1];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (covered(middle) < aim) low = middle;
    else high = middle;
  }
  return high;
}
