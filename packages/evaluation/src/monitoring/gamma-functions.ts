/** Lanczos approximation, g = 7. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
/** From here on the asymptotic series of the derivatives have all digits. */
const FAR = 12;
const MOST_STEPS = 100;

/**
 * @param x above 0
 * @returns log Γ(x)
 */
export function logGamma(x: number): number {
  const y = x - 1;
  const t = y + 7.5;
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (y + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * @param x above 0
 * @returns the derivative of log Γ
 */
export function digamma(x: number): number {
  if (x < FAR) return digamma(x + 1) - 1 / x;
  const s = 1 / (x * x);
  return Math.log(x) - 0.5 / x - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))));
}

/**
 * @param x above 0
 * @returns the second derivative of log Γ, which falls from ∞ to 0
 */
export function trigamma(x: number): number {
  if (x < FAR) return trigamma(x + 1) + 1 / (x * x);
  const s = 1 / (x * x);
  const series = 1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - (s * 5) / 66)));
  return 1 / x + s / 2 + (s / x) * series;
}

/**
 * Where trigamma has a value; by bisection in log x.
 * @param value above 0
 * @returns x; ∞ where it would be above a million
 */
export function inverseTrigamma(value: number): number {
  let [low, high] = [Math.log(1e-8), Math.log(1e6)];
  if (trigamma(Math.exp(high)) >= value) return Infinity;
  for (let step = 0; step < MOST_STEPS; step++) {
    const middle = (low + high) / 2;
    if (trigamma(Math.exp(middle)) > value) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
