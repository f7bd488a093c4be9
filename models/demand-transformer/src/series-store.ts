import type { Batch } from '@hemline/core';

/** Row-wise and series-wise numbers of series, as windows are cut from them. Every series has a row in every week. */
export interface SeriesStore {
  /** `article` and `market` of each series. */
  readonly keys: Batch;
  /** Series s owns the rows `offsets[s]` to `offsets[s + 1]`. */
  readonly offsets: Uint32Array;
  /** Week of each row. */
  readonly weeks: Int32Array;
  /** log(1 + demand), NaN where it is not known. */
  readonly logDemand: Float32Array;
  /** 1 where demand is an estimate, as a size had sold out. */
  readonly imputed: Uint8Array;
  /** Black price, 1 where it is not known. */
  readonly blackPrice: Float32Array;
  /** Discount, 0 where it is not known. */
  readonly discount: Float32Array;
  /** Standardised covariates of the week itself, `[row * width + i]`, 0 where missing. */
  readonly planned: Float32Array;
  readonly plannedWidth: number;
  /** Standardised covariates that are known afterwards only, 0 where missing or after the cutoff. */
  readonly past: Float32Array;
  readonly pastWidth: number;
  /** Codes of attributes, `[series * width + i]`. */
  readonly codes: Int32Array;
  readonly codesWidth: number;
  /** Standardised attributes, 0 where missing. */
  readonly statics: Float32Array;
  readonly staticsWidth: number;
  /** Expected mean of log(1 + demand) of a series of its group, before anything is known of itself. */
  readonly prior: Float32Array;
  /** Slopes that its response to the price begins with, before softplus, `[series * CURVE_SLOPES + k]`. */
  readonly response: Float32Array;
}

/** Sums over the rows of each series up to each row, for means over the last weeks in constant time. */
export interface RunningSums {
  /** Σ log(1 + demand), Σ log price paid, and number of the rows whose demand is known. */
  readonly logDemand: Float64Array;
  readonly logPrice: Float64Array;
  readonly count: Int32Array;
}

/**
 * @param store the series
 * @returns its sums
 */
export function runningSums({ offsets, logDemand, blackPrice, discount }: SeriesStore): RunningSums {
  const rows = logDemand.length;
  const sums = {
    logDemand: new Float64Array(rows),
    logPrice: new Float64Array(rows),
    count: new Int32Array(rows),
  };
  for (let series = 0; series + 1 < offsets.length; series++) {
    let [demand, price, count] = [0, 0, 0];
    for (let row = offsets[series]!; row < offsets[series + 1]!; row++) {
      if (!Number.isNaN(logDemand[row]!)) {
        demand += logDemand[row]!;
        price += Math.log(blackPrice[row]!) + Math.log1p(-discount[row]!);
        count++;
      }
      sums.logDemand[row] = demand;
      sums.logPrice[row] = price;
      sums.count[row] = count;
    }
  }
  return sums;
}

/** Arrays that numbers of series are kept in. */
export type NumberArray = Float64Array | Float32Array | Int32Array | Uint8Array;

/**
 * @param parts at least one
 * @returns an array of the same kind with all numbers, part after part
 */
export function joinArrays<T extends NumberArray>(parts: readonly T[]): T {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = new (parts[0]!.constructor as new (size: number) => T)(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
