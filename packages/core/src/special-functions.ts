// The special functions of statistics, by Cephes (Moshier 1989), which SciPy calls too: compiled to WebAssembly, it gives the same
// digits on every machine.

/** The part of Cephes that is used. */
interface Cephes {
  /** Settled when the functions may be called. */
  readonly compiled: Promise<void>;
  lgam(x: number): number;
  psi(x: number): number;
  /** Hurwitz' ζ: Σ (start + n)^(−exponent) over n = 0, 1 … */
  zeta(exponent: number, start: number): number;
  /** The regularised incomplete beta function of x. */
  incbet(a: number, b: number, x: number): number;
  /** The regularised lower incomplete gamma function. */
  igam(shape: number, x: number): number;
  /** Quantile of Student's t. */
  stdtri(degrees: number, probability: number): number;
}

const { lgam, psi, zeta, incbet, igam, stdtri } = await loadCephes();

const MOST_STEPS = 100;

/**
 * The logarithm of the gamma function.
 * @param x above 0
 * @returns log Γ(x)
 */
export const logGamma: (x: number) => number = lgam;

/**
 * The derivative of {@link logGamma}.
 * @param x above 0
 * @returns ψ(x)
 */
export const digamma: (x: number) => number = psi;

/**
 * The second derivative of {@link logGamma}, which falls from ∞ to 0.
 * @param x above 0
 * @returns ψ′(x)
 */
export function trigamma(x: number): number {
  return zeta(2, x);
}

/**
 * Where {@link trigamma} has a value; by bisection in log x.
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

/**
 * The distribution function of a gamma variable of scale 1.
 * @param shape above 0
 * @param x at least 0
 * @returns P(X ≤ x)
 */
export function gammaP(shape: number, x: number): number {
  return igam(shape, x);
}

/**
 * Probability that a variable with Student's t distribution is at least as far from 0.
 * @param t the value
 * @param degrees of freedom, above 0, not necessarily whole
 * @returns two-sided p-value
 */
export function studentP(t: number, degrees: number): number {
  return incbet(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/**
 * Quantile of Student's t distribution.
 * @param probability in (0, 1)
 * @param degrees of freedom, a whole number above 0
 * @returns the value that the variable is below with this probability
 */
export function studentQuantile(probability: number, degrees: number): number {
  return stdtri(degrees, probability);
}

/**
 * The buffer that the package brings along sets `__proto__`, which under Deno does nothing: there the standard's accessor is lent for as
 * long as the package loads.
 */
async function loadCephes(): Promise<Cephes> {
  const here = Object.getOwnPropertyDescriptor(Object.prototype, '__proto__')!;
  const isLent = 'Deno' in globalThis;
  if (isLent)
    Object.defineProperty(Object.prototype, '__proto__', {
      configurable: true,
      get() {
        return Object.getPrototypeOf(this) as unknown;
      },
      set(prototype: object) {
        Object.setPrototypeOf(this, prototype);
      },
    });
  try {
    // @ts-expect-error -- the package's types are not found where it is imported as a module: see the interface above
    const cephes = (await import('cephes')) as Cephes;
    await cephes.compiled;
    return cephes;
  } finally {
    if (isLent) Object.defineProperty(Object.prototype, '__proto__', here);
  }
}
