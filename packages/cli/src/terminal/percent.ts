/**
 * @param fraction a change
 * @returns it in percent with its sign; a dash where it is not known
 */
export function percent(fraction: number | null): string {
  if (fraction === null || !Number.isFinite(fraction)) return '–';
  return `${fraction > 0 ? '+' : fraction < 0 ? '−' : ''}${unsigned(fraction)}`;
}

/**
 * @param fraction a size, or a change whose direction is told otherwise
 * @returns it in percent without its sign
 */
export function unsigned(fraction: number): string {
  return `${Math.abs(100 * fraction).toFixed(1)} %`;
}
