/** The part of Cephes that is used; the types that the package brings are not found where it is imported as a module. */
declare module 'cephes' {
  /** Settled when the functions may be called. */
  export const compiled: Promise<void>;
  /** log |Γ(x)|. */
  export function lgam(x: number): number;
  /** The derivative of log Γ(x). */
  export function psi(x: number): number;
  /** Hurwitz' ζ(exponent, start): Σ (start + n)^(−exponent) over n = 0, 1 … */
  export function zeta(exponent: number, start: number): number;
  /** The regularised incomplete beta function of x. */
  export function incbet(a: number, b: number, x: number): number;
  /** Quantile of Student's t with a whole number of degrees of freedom. */
  export function stdtri(degrees: number, probability: number): number;
}
