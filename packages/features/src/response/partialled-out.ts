import { Cholesky } from './symmetric-matrix.ts';

/** Rows of a weighted regression of a response on what is of interest, beside a nuisance. */
export interface RegressionRows {
  readonly length: number;
  /** Row by row: the columns of interest, the nuisance, the response. */
  readonly values: Float32Array;
  /** How many columns there are of interest, and in all. */
  readonly interest: number;
  readonly width: number;
  readonly weights: Float64Array;
  /** Of each row: a cell whose own mean is of no interest; 0, 1, … */
  readonly cells: Int32Array;
  readonly cellCount: number;
  /** Of each row: 0 to {@link FOLDS} − 1, all rows of a series in one. */
  readonly folds: Uint8Array;
}

/** Parts of the series: the nuisance taken from a row is learnt from the other parts. */
export const FOLDS = 5;

/** Variance of the coefficients of the nuisance a priori is 1: no more than keeps what cannot be told apart in bounds. */
const RIDGE = 1;

/** Squares and products of residuals, and the coefficients that left them. */
export interface PartialledOut {
  /** Σ w r rᵀ of the residuals of interest and response, (interest + 1)², row by row. */
  readonly products: Float64Array;
  /** Weighted means of all columns by cell. */
  readonly means: Float64Array;
  /** By fold: coefficients of the nuisance for each column of interest and the response, [fold][nuisance × (interest + 1)]. */
  readonly nuisance: readonly Float64Array[];
  /** Sum of all folds' normal equations, width², lower triangle. */
  readonly gram: Float64Array;
}

/**
 * Takes the means of cells and a linear nuisance out of what is of interest and out of the response (Frisch & Waugh 1933), the
 * nuisance of each fold as the other folds know it (cross-fitting: Chernozhukov et al. 2018, Double/debiased machine learning, The
 * Econometrics Journal 21, C1–C68), so that noise which a nuisance has learnt by heart pulls nothing toward 0. Normal equations add up
 * over folds, so that this costs no more than one regression.
 * @param rows of the regression
 * @returns what is left
 */
export function partialOut(rows: RegressionRows): PartialledOut {
  const { interest, width } = rows;
  const nuisances = width - interest - 1;
  const means = cellMeans(rows);
  const grams = foldGrams(rows, means);
  const gram = new Float64Array(width * width);
  for (const one of grams) for (let i = 0; i < gram.length; i++) gram[i]! += one[i]!;
  const targets = [...Array.from({ length: interest }, (_, k) => k), width - 1];
  const products = new Float64Array(targets.length ** 2);
  const nuisance = grams.map((own) => {
    const others = gram.map((sum, i) => sum - own[i]!);
    const factor = new Cholesky(nuisanceBlock(others, interest, width));
    const coefficients = targets.map((target) =>
      factor.solve(
        Float64Array.from({ length: nuisances }, (_, i) => at(others, width, interest + i, target)),
      ),
    );
    addProducts(products, own, coefficients, targets, interest, width);
    return Float64Array.from({ length: nuisances * targets.length }, (_, i) => {
      return coefficients[i % targets.length]![Math.floor(i / targets.length)]!;
    });
  });
  return { products, means, nuisance, gram };
}

/**
 * The nuisance's coefficients once those of interest are known, over all folds.
 * @param found by {@link partialOut}
 * @param rows that it was found for
 * @param slopes of the columns of interest
 * @returns one coefficient for each column of the nuisance
 */
export function nuisanceGiven(
  { gram }: PartialledOut,
  { interest, width }: RegressionRows,
  slopes: Float64Array,
): Float64Array {
  const right = Float64Array.from({ length: width - interest - 1 }, (_, i) => {
    let sum = at(gram, width, interest + i, width - 1);
    for (let k = 0; k < interest; k++) sum -= slopes[k]! * at(gram, width, interest + i, k);
    return sum;
  });
  return new Cholesky(nuisanceBlock(gram, interest, width)).solve(right);
}

function cellMeans({ length, values, width, weights, cells, cellCount }: RegressionRows): Float64Array {
  const means = new Float64Array(cellCount * width);
  const mass = new Float64Array(cellCount);
  for (let row = 0; row < length; row++) {
    const [weight, to, from] = [weights[row]!, cells[row]! * width, row * width];
    mass[cells[row]!]! += weight;
    for (let i = 0; i < width; i++) means[to + i]! += weight * values[from + i]!;
  }
  for (let cell = 0; cell < cellCount; cell++) {
    if (mass[cell] === 0) continue;
    for (let i = 0; i < width; i++) means[cell * width + i]! /= mass[cell]!;
  }
  return means;
}

function foldGrams(rows: RegressionRows, means: Float64Array): Float64Array[] {
  const { length, values, width, weights, cells, folds } = rows;
  const grams = Array.from({ length: FOLDS }, () => new Float64Array(width * width));
  const centred = new Float64Array(width);
  for (let row = 0; row < length; row++) {
    const gram = grams[folds[row]!]!;
    const [from, mean] = [row * width, cells[row]! * width];
    for (let i = 0; i < width; i++) centred[i] = values[from + i]! - means[mean + i]!;
    for (let i = 0; i < width; i++) {
      const scaled = weights[row]! * centred[i]!;
      if (scaled === 0) continue;
      for (let j = 0, to = i * width; j <= i; j++, to++) gram[to]! += scaled * centred[j]!;
    }
  }
  return grams;
}

function nuisanceBlock(
  gram: Float64Array,
  interest: number,
  width: number,
): { size: number; values: Float64Array } {
  const size = width - interest - 1;
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) values[i * size + j] = gram[(interest + i) * width + interest + j]!;
    values[i * size + i]! += RIDGE;
  }
  return { size, values };
}

/** Adds (t − Z c)ᵀ W (t − Z c) of one fold, of which only the sums of products are known. */
function addProducts(
  into: Float64Array,
  own: Float64Array,
  coefficients: readonly Float64Array[],
  targets: readonly number[],
  interest: number,
  width: number,
): void {
  const size = targets.length;
  const fitted = coefficients.map((c) =>
    c.map((_, i) => {
      let sum = 0;
      for (let j = 0; j < c.length; j++) sum += at(own, width, interest + i, interest + j) * c[j]!;
      return sum;
    }),
  );
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      let sum = at(own, width, targets[a]!, targets[b]!);
      for (let i = 0; i < coefficients[a]!.length; i++) {
        sum -= coefficients[a]![i]! * at(own, width, interest + i, targets[b]!);
        sum -= coefficients[b]![i]! * at(own, width, interest + i, targets[a]!);
        sum += coefficients[a]![i]! * fitted[b]![i]!;
      }
      into[a * size + b]! += sum;
    }
  }
}

function at(gram: Float64Array, width: number, i: number, j: number): number {
  return i >= j ? gram[i * width + j]! : gram[j * width + i]!;
}
