/** Levels at which the response is told. */
const TOLD = [0.1, 0.2, 0.3, 0.5, 0.7];

/** The response to one discount, over series. */
export interface LevelLift {
  readonly discount: number;
  /** Mean over series of the log of demand at the discount over demand without one. */
  readonly lift: number;
  readonly trueLift: number;
  /** Of the series' lifts with their true ones; NaN where all forecasts have the same. */
  readonly correlation: number;
}

/** How well forecasts answer to the discount. */
export interface LiftScores {
  /** Mean lift over the true one, minus 1; levels alike. */
  readonly bias: number;
  /** The mean over levels. */
  readonly correlation: number;
  readonly levels: readonly LevelLift[];
  readonly series: number;
  /** Series that are forecast to sell nothing without a discount: nothing is known of their lift. */
  readonly without: number;
}

/** Demand of each series at every level, forecast and true, summed over its weeks: the weeks' sums weigh them by what they sell. */
export class LiftSums {
  readonly #levels: Float64Array;
  readonly #series = new Map<string, { readonly forecast: Float64Array; readonly truth: Float64Array }>();

  /** @param levels of the grid, the first of which is no discount */
  constructor(levels: Float64Array) {
    this.#levels = levels;
  }

  /**
   * @param series its key
   * @param level position on the grid
   * @param forecast units
   * @param truth units
   */
  add(series: string, level: number, forecast: number, truth: number): void {
    let sums = this.#series.get(series);
    if (sums === undefined) {
      const count = this.#levels.length;
      this.#series.set(
        series,
        (sums = { forecast: new Float64Array(count), truth: new Float64Array(count) }),
      );
    }
    sums.forecast[level]! += forecast;
    sums.truth[level]! += truth;
  }

  /** @returns bias and correlation of the lifts; null where the grid has no level without a discount, or none that is told */
  scores(): LiftScores | null {
    const told = TOLD.flatMap((discount) => {
      const level = this.#levels.findIndex((each) => Math.abs(each - discount) < 1e-6);
      return level === -1 ? [] : [level];
    });
    if (this.#levels[0] !== 0 || told.length === 0) return null;
    const known = [...this.#series.values()].filter(({ forecast }) => forecast[0]! > 0);
    const lifts = (of: 'forecast' | 'truth', level: number): number[] =>
      known.map((sums) => Math.log(sums[of][level]! / sums[of][0]!));
    const levels = told.map((level): LevelLift => {
      const [own, truth] = [lifts('forecast', level), lifts('truth', level)];
      return {
        discount: this.#levels[level]!,
        ...{ lift: mean(own), trueLift: mean(truth), correlation: correlationOf(own, truth) },
      };
    });
    const sum = (of: (level: LevelLift) => number): number => levels.reduce((all, each) => all + of(each), 0);
    return {
      bias: sum(({ lift }) => lift) / sum(({ trueLift }) => trueLift) - 1,
      correlation: sum(({ correlation }) => correlation) / levels.length,
      ...{ levels, series: known.length, without: this.#series.size - known.length },
    };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Pearson's correlation; NaN where one of both never changes but for rounding. */
function correlationOf(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    [ab, aa, bb] = [ab + x * y, aa + x * x, bb + y * y];
  }
  const least = 1e-18 * a.length;
  return aa <= least || bb <= least ? NaN : ab / Math.sqrt(aa * bb);
}
