/** What is supposed of a coefficient before any data. */
export interface CoefficientPrior {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Least squares with coefficients drawn toward a prior (ridge regression), row by row. Memory is that of the normal equations.
 */
export class PooledRegression {
  readonly #prior: readonly number[];
  readonly #deviations: readonly number[];
  readonly #products: Float64Array;
  readonly #residuals: Float64Array;
  #squares = 0;
  #rows = 0;

  /** @param prior of each coefficient */
  constructor(prior: readonly CoefficientPrior[]) {
    this.#prior = prior.map(({ mean }) => mean);
    this.#deviations = prior.map(({ deviation }) => deviation);
    this.#products = new Float64Array(prior.length ** 2);
    this.#residuals = new Float64Array(prior.length);
  }

  /**
   * @param features of a row
   * @param response of the row
   */
  add(features: readonly number[], response: number): void {
    const size = this.#prior.length;
    let rest = response;
    for (let i = 0; i < size; i++) rest -= features[i]! * this.#prior[i]!;
    for (let i = 0; i < size; i++) {
      this.#residuals[i]! += features[i]! * rest;
      for (let j = 0; j < size; j++) this.#products[i * size + j]! += features[i]! * features[j]!;
    }
    this.#squares += rest * rest;
    this.#rows++;
  }

  /** @returns the coefficients; the prior where there are no rows, or none that it does not explain */
  solve(): number[] {
    if (this.#squares === 0) return [...this.#prior];
    const size = this.#prior.length;
    const noise = this.#squares / this.#rows;
    const matrix = this.#products.slice();
    this.#deviations.forEach((deviation, i) => (matrix[i * (size + 1)]! += noise / deviation ** 2));
    const change = solvePositive(matrix, this.#residuals);
    return this.#prior.map((prior, i) => prior + change[i]!);
  }
}

/** Solves A x = b for a symmetric positive definite A (row by row) by its Cholesky factor, which takes the place of A. */
function solvePositive(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      a[i * size + j] = i === j ? Math.sqrt(sum) : sum / a[j * size + j]!;
    }
    for (let k = 0; k < i; k++) x[i]! -= a[i * size + k]! * x[k]!;
    x[i]! /= a[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= a[k * size + i]! * x[k]!;
    x[i]! /= a[i * size + i]!;
  }
  return x;
}
