import { ArtifactError, KeyIndex, roundDiscount, SERIES_KEY, type Batch } from '@hemline/core';

/** Discounts are counted in so many buckets of equal width. */
const BUCKETS = 10;
/** Alternations between levels and lifts; the changes after these are far below what data can tell. */
const ROUNDS = 50;
/** Room for so many series at first. */
const ROOM = 256;

/**
 * How much more is demanded at a discount than at the full price: the same for all series, never falling. Linear between the mean
 * discounts of the buckets.
 */
export class DiscountLift {
  readonly #discounts: readonly number[];
  readonly #lifts: readonly number[];

  /**
   * @param discounts rising, at least one
   * @param lifts never falling, above 0
   */
  constructor(discounts: readonly number[], lifts: readonly number[]) {
    this.#discounts = discounts;
    this.#lifts = lifts;
  }

  /**
   * @param discount share of the black price
   * @returns the factor, never falling as the discount rises; constant beyond what was observed
   */
  at(discount: number): number {
    const [discounts, lifts] = [this.#discounts, this.#lifts];
    const above = discounts.findIndex((level) => level >= discount);
    if (above === 0) return lifts[0]!;
    if (above === -1) return lifts.at(-1)!;
    const share = (discount - discounts[above - 1]!) / (discounts[above]! - discounts[above - 1]!);
    return lifts[above - 1]! + share * (lifts[above]! - lifts[above - 1]!);
  }

  /** As plain JSON, for the artifact. */
  toJson(): object {
    return { discounts: this.#discounts, lifts: this.#lifts };
  }

  /**
   * @param json as `toJson` gives it
   * @returns the lift
   * @throws ArtifactError when it is none
   */
  static parse(json: unknown): DiscountLift {
    const { discounts, lifts } = (json ?? {}) as { discounts?: number[]; lifts?: number[] };
    if (!Array.isArray(discounts) || !Array.isArray(lifts) || discounts.length !== lifts.length)
      throw new ArtifactError('the saved lift is damaged', { remedy: 'Train the model again.' });
    return new DiscountLift(discounts, lifts);
  }
}

/**
 * Counts weeks and demand by series and bucket of discount, and fits demand = level of the series × lift of the bucket by maximum
 * likelihood of Poisson counts: levels and lifts are solved for in turn (Bailey & Simon 1960; the likelihood has one maximum). A
 * series that was sold at one discount alone tells nothing of the lift, and bends nothing. Memory: 160 bytes a series.
 */
export class DiscountLifting {
  readonly #index = new KeyIndex(SERIES_KEY);
  #demand = new Float64Array(ROOM * BUCKETS);
  #weeks = new Float64Array(ROOM * BUCKETS);
  readonly #discounts = new Float64Array(BUCKETS);

  /**
   * @param keys `article` and `market` of each row
   * @param demand units, NaN to pass the row over
   * @param discounts shares of the black price, NaN to pass the row over
   */
  add(keys: Batch, demand: Float64Array, discounts: Float64Array): void {
    const series = this.#index.add(keys);
    this.#reserve(this.#index.size * BUCKETS);
    for (let row = 0; row < series.length; row++) {
      if (Number.isNaN(demand[row]!) || Number.isNaN(discounts[row]!)) continue;
      const bucket = Math.max(0, Math.min(BUCKETS - 1, Math.floor(roundDiscount(discounts[row]!) * BUCKETS)));
      const cell = series[row]! * BUCKETS + bucket;
      this.#demand[cell]! += demand[row]!;
      this.#weeks[cell]!++;
      this.#discounts[bucket]! += discounts[row]!;
    }
  }

  /** @returns the lift; 1 everywhere where nothing was observed */
  fit(): DiscountLift {
    const lifts = new Float64Array(BUCKETS).fill(1);
    const expected = new Float64Array(BUCKETS);
    for (let round = 0; round < ROUNDS; round++) {
      const demand = new Float64Array(BUCKETS);
      expected.fill(0);
      for (let from = 0; from < this.#index.size * BUCKETS; from += BUCKETS) {
        let [sold, exposure] = [0, 0];
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          sold += this.#demand[from + bucket]!;
          exposure += this.#weeks[from + bucket]! * lifts[bucket]!;
        }
        if (exposure === 0) continue;
        for (let bucket = 0; bucket < BUCKETS; bucket++) {
          demand[bucket]! += this.#demand[from + bucket]!;
          expected[bucket]! += (this.#weeks[from + bucket]! * sold) / exposure;
        }
      }
      for (let bucket = 0; bucket < BUCKETS; bucket++)
        if (expected[bucket]! > 0) lifts[bucket] = Math.max(1e-6, demand[bucket]! / expected[bucket]!);
    }
    return this.#rising(lifts, expected);
  }

  /** Neighbours that fall are pooled (Ayer et al. 1955); the lowest discount has the lift 1. */
  #rising(lifts: Float64Array, expected: Float64Array): DiscountLift {
    const pools: { discount: number; lift: number; weight: number; size: number }[] = [];
    const discounts: number[] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const weight = expected[bucket]!;
      if (!(weight > 0)) continue;
      const discount = this.#discounts[bucket]! / this.#weeksAt(bucket);
      discounts.push(discount);
      pools.push({ discount, lift: lifts[bucket]!, weight, size: 1 });
      for (let last = pools.length - 1; last > 0 && pools[last - 1]!.lift > pools[last]!.lift; last--) {
        const [low, high] = [pools[last - 1]!, pools.pop()!];
        low.lift = (low.lift * low.weight + high.lift * high.weight) / (low.weight + high.weight);
        low.weight += high.weight;
        low.size += high.size;
      }
    }
    if (pools.length === 0) return new DiscountLift([0], [1]);
    const values = pools.flatMap(({ lift, size }) =>
      Array.from({ length: size }, () => lift / pools[0]!.lift),
    );
    return new DiscountLift(discounts, values);
  }

  #weeksAt(bucket: number): number {
    let weeks = 0;
    for (let from = 0; from < this.#index.size * BUCKETS; from += BUCKETS)
      weeks += this.#weeks[from + bucket]!;
    return weeks;
  }

  #reserve(needed: number): void {
    if (needed <= this.#weeks.length) return;
    const [demand, weeks] = [new Float64Array(2 * needed), new Float64Array(2 * needed)];
    demand.set(this.#demand);
    weeks.set(this.#weeks);
    [this.#demand, this.#weeks] = [demand, weeks];
  }
}
