/** What {@link poissonTail} found. */
export interface PoissonTail {
  /** log P(X ≥ c). */
  logProbability: number;
  /** d log P(X ≥ c) / d log m, which is also E(X | X ≥ c) − m. */
  slope: number;
}

const PRECISION = 1e-13;
const MOST_TERMS = 100_000;

/**
 * The upper tail of a Poisson count X of mean m: P(X ≥ c) is the regularised lower incomplete gamma function P(c, m), which
 * also extends it to counts that are not whole. With z = m^c e^(−m) / (Γ(c) P(c, m)), E(X | X ≥ c) = m + z. By the power
 * series below m = c + 1, which loses nothing where the tail is tiny, and by Lentz' continued fraction of the complement
 * above (Press et al. 2007, Numerical Recipes, section 6.2).
 * @param count c, at least 0
 * @param mean m, positive
 * @param logGammaOfCount log Γ(c), worked out once for many means; not read for c = 0
 * @param tail filled
 */
export function poissonTail(count: number, mean: number, logGammaOfCount: number, tail: PoissonTail): void {
  if (count === 0) {
    tail.logProbability = 0;
    tail.slope = 0;
    return;
  }
  const logDensity = count * Math.log(mean) - mean - logGammaOfCount;
  if (mean < count + 1) {
    let term = 1;
    let sum = 1;
    for (let n = 1; n < MOST_TERMS; n++) {
      term *= mean / (count + n);
      sum += term;
      if (term < sum * PRECISION) break;
    }
    tail.logProbability = logDensity + Math.log(sum / count);
    tail.slope = count / sum;
    return;
  }
  const density = Math.exp(logDensity);
  const probability = 1 - density * complementFraction(count, mean);
  tail.logProbability = Math.log(probability);
  tail.slope = density / probability;
}

/** Q(c, m) / (m^c e^(−m) / Γ(c)), for m ≥ c + 1. */
function complementFraction(count: number, mean: number): number {
  const tiny = 1e-300;
  let b = mean + 1 - count;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < MOST_TERMS; i++) {
    const a = -i * (i - count);
    b += 2;
    d = a * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + a / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const factor = d * c;
    fraction *= factor;
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return fraction;
}
