/** A symmetric matrix, row by row; only its lower triangle is read. */
export interface SymmetricMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/** A pivot that has shrunk to this share of its diagonal is what rounding leaves of a column that others explain. */
const TINY = 1e-10;

/** The lower triangle F of A = F Fᵀ (Golub & Van Loan 2013, Matrix Computations, section 4.2). */
export class Cholesky {
  readonly #size: number;
  readonly #factor: Float64Array;

  /** @param matrix positive semidefinite; columns that others explain are given no part in any solution */
  constructor({ size, values }: SymmetricMatrix) {
    this.#size = size;
    const factor = (this.#factor = new Float64Array(size * size));
    for (let j = 0; j < size; j++) {
      for (let i = j; i < size; i++) {
        let sum = values[i * size + j]!;
        for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
        if (i === j) factor[j * size + j] = sum > TINY * values[j * size + j]! ? Math.sqrt(sum) : Infinity;
        else factor[i * size + j] = sum / factor[j * size + j]!;
      }
    }
  }

  /**
   * @param right right-hand side, `size` long
   * @returns x with A x = right
   */
  solve(right: ArrayLike<number>): Float64Array {
    const [n, factor] = [this.#size, this.#factor];
    const x = Float64Array.from(right);
    for (let i = 0; i < n; i++) {
      let sum = x[i]!;
      for (let k = 0; k < i; k++) if (x[k] !== 0) sum -= factor[i * n + k]! * x[k]!;
      x[i] = sum / factor[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i]!;
      for (let k = i + 1; k < n; k++) if (x[k] !== 0) sum -= factor[k * n + i]! * x[k]!;
      x[i] = sum / factor[i * n + i]!;
    }
    return x;
  }

  /** @returns A⁻¹ in full, row by row */
  inverse(): Float64Array {
    const n = this.#size;
    const inverse = new Float64Array(n * n);
    const unit = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      unit.fill(0);
      unit[j] = 1;
      inverse.set(this.solve(unit), j * n);
    }
    return inverse;
  }
}

/**
 * The x ≥ 0 that minimises ½ xᵀ A x − bᵀ x, by cyclic coordinate descent (Franc, Hlaváč & Navara 2005, Sequential
 * coordinate-wise algorithm for the non-negative least squares problem).
 * @param matrix A, positive definite, small; both triangles are read
 * @param right b
 * @returns x
 */
export function nonNegativeMinimum({ size, values }: SymmetricMatrix, right: Float64Array): Float64Array {
  const x = new Float64Array(size);
  const gradient = right.map((one) => -one);
  for (let sweep = 0; sweep < 10_000; sweep++) {
    let moved = 0;
    for (let j = 0; j < size; j++) {
      const pivot = values[j * size + j]!;
      const step = Math.max(-x[j]!, -gradient[j]! / pivot);
      if (step === 0) continue;
      x[j]! += step;
      moved = Math.max(moved, Math.abs(step) / (1 + x[j]!));
      for (let i = 0; i < size; i++) gradient[i]! += values[i * size + j]! * step;
    }
    if (moved < 1e-10) break;
  }
  return x;
}
