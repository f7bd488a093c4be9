/** Forecasts of held-out weeks and what came. */
export interface Outcomes {
  readonly forecast: Float64Array;
  readonly actual: Float64Array;
  readonly weeksAhead: Int32Array;
}

/** Forecasts that a band is to hold, at least; fewer bands where there are few. */
const LEAST_BAND = 60;
/** Bands of the forecast's size. */
const MOST_BANDS = 8;
/** Last week ahead of each part of the horizon. */
const PARTS = [2, 5, Infinity] as const;

/** Quantiles of demand over the forecast in bands of its size. */
export interface BandTable {
  /** Mean forecast of each band, rising. */
  readonly size: readonly number[];
  /** Demand over the forecast at the quantile, of each share and band. */
  readonly ratio: readonly (readonly number[])[];
}

/**
 * Quantiles of demand by how far ahead and how large the forecast is: what came of held-out weeks, over what was forecast, in bands of
 * like forecasts (split conformal prediction, Lei et al. 2018, within bands), between which they are interpolated.
 */
export class QuantileBands {
  readonly #shares: readonly number[];
  readonly #parts: readonly BandTable[];

  private constructor(shares: readonly number[], parts: readonly BandTable[]) {
    this.#shares = shares;
    this.#parts = parts;
  }

  /**
   * @param outcomes of held-out weeks
   * @param shares of the quantiles
   * @returns the bands; those of a part of the horizon without outcomes are those of all
   */
  static fit(outcomes: Outcomes, shares: readonly number[]): QuantileBands {
    const rows = [...outcomes.forecast.keys()].filter((row) => outcomes.forecast[row]! > 0);
    const all = bandsOf(outcomes, rows, shares);
    const parts = PARTS.map((last, i) => {
      const first = i === 0 ? -Infinity : PARTS[i - 1]!;
      const own = rows.filter(
        (row) => outcomes.weeksAhead[row]! > first && outcomes.weeksAhead[row]! <= last,
      );
      return own.length >= 2 * LEAST_BAND ? bandsOf(outcomes, own, shares) : all;
    });
    return new QuantileBands(shares, parts);
  }

  /**
   * @param weeksAhead of the forecast
   * @param forecast mean demand
   * @param share position of the quantile among the shares
   * @returns the quantile over the forecast
   */
  ratio(weeksAhead: number, forecast: number, share: number): number {
    const { size, ratio } = this.#parts[PARTS.findIndex((last) => weeksAhead <= last)]!;
    const values = ratio[share]!;
    let band = 0;
    while (band < size.length && size[band]! <= forecast) band++;
    if (band === 0) return values[0]!;
    if (band === size.length) return values.at(-1)!;
    const part = Math.log(forecast / size[band - 1]!) / Math.log(size[band]! / size[band - 1]!);
    return values[band - 1]! + part * (values[band]! - values[band - 1]!);
  }

  /** As plain JSON. */
  toJson(): object {
    return { shares: this.#shares, parts: this.#parts };
  }

  /**
   * @param json as `toJson` gives it
   * @returns the bands
   */
  static parse(json: unknown): QuantileBands {
    const { shares, parts } = json as { shares: readonly number[]; parts: readonly BandTable[] };
    return new QuantileBands(shares, parts);
  }
}

function bandsOf(
  { forecast, actual }: Outcomes,
  rows: readonly number[],
  shares: readonly number[],
): BandTable {
  if (rows.length === 0) return { size: [1], ratio: shares.map((share) => [2 * share]) };
  const bySize = Float64Array.from(rows).sort((a, b) => forecast[a]! - forecast[b]!);
  const bands = Math.max(1, Math.min(MOST_BANDS, Math.floor(rows.length / LEAST_BAND)));
  const size: number[] = [];
  const ratio: number[][] = shares.map(() => []);
  for (let band = 0; band < bands; band++) {
    const own = bySize.subarray(
      Math.floor((band * rows.length) / bands),
      Math.floor(((band + 1) * rows.length) / bands),
    );
    const mean = own.reduce((sum, row) => sum + forecast[row]!, 0) / own.length;
    const ratios = own.map((row) => actual[row]! / forecast[row]!).sort();
    if (size.length > 0 && !(mean > size.at(-1)!)) continue;
    size.push(mean);
    shares.forEach((share, k) =>
      ratio[k]!.push(ratios[Math.min(own.length - 1, Math.floor(share * own.length))]!),
    );
  }
  return { size, ratio };
}
