/** Powers of ten that are exact as float64. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, power) => 10 ** power);

/**
 * A decimal number as text, exact.
 * @param unscaled the number in units of its scale
 * @param scale digits after the point
 * @returns for example `-0.05` for -5 and 2
 */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  const whole = digits.length - scale;
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
}

/**
 * The float64 nearest to a decimal number.
 * @param unscaled the number in units of its scale
 * @param scale digits after the point
 * @returns correctly rounded: the quotient of two exact float64 where both are, else by its text
 */
export function decimalToNumber(unscaled: bigint, scale: number): number {
  const number = Number(unscaled);
  if (Number.isSafeInteger(number) && scale < EXACT_POWERS.length) return number / EXACT_POWERS[scale]!;
  return Number(formatDecimal(unscaled, scale));
}
