/**
 * What the squared error of every combination of forecasts follows from: Σ b q̂ᵢ q̂ⱼ, Σ b q̂ᵢ q and Σ b q² of some rows. Sums of rows
 * are sums of these.
 */
export class Gram {
  /** Members. */
  readonly size: number;
  /** Σ b q̂ᵢ q̂ⱼ, `[i * size + j]`. */
  readonly products: Float64Array;
  /** Σ b q̂ᵢ q. */
  readonly cross: Float64Array;
  /** Σ b q². */
  square = 0;
  rows = 0;

  /** @param size members */
  constructor(size: number) {
    this.size = size;
    this.products = new Float64Array(size * size);
    this.cross = new Float64Array(size);
  }

  /**
   * @param weight b of a row
   * @param actual q
   * @param forecasts of the members
   */
  add(weight: number, actual: number, forecasts: ArrayLike<number>): void {
    this.rows++;
    this.square += weight * actual * actual;
    for (let i = 0; i < this.size; i++) {
      const one = weight * forecasts[i]!;
      this.cross[i]! += one * actual;
      for (let j = 0; j < this.size; j++) this.products[i * this.size + j]! += one * forecasts[j]!;
    }
  }

  /** @param other whose rows are added */
  addAll(other: Gram): void {
    this.rows += other.rows;
    this.square += other.square;
    other.cross.forEach((value, i) => (this.cross[i]! += value));
    other.products.forEach((value, i) => (this.products[i]! += value));
  }

  /**
   * @param weights of the members
   * @returns Σ b (Σᵢ wᵢ q̂ᵢ − q)²; at least 0
   */
  loss(weights: Float64Array): number {
    let loss = this.square;
    for (let i = 0; i < this.size; i++) {
      loss -= 2 * weights[i]! * this.cross[i]!;
      for (let j = 0; j < this.size; j++)
        loss += weights[i]! * weights[j]! * this.products[i * this.size + j]!;
    }
    return Math.max(0, loss);
  }
}

/**
 * @param size members
 * @param parts of the same size
 * @returns their sum
 */
export function sumGrams(size: number, parts: Iterable<Gram>): Gram {
  const sum = new Gram(size);
  for (const part of parts) sum.addAll(part);
  return sum;
}
