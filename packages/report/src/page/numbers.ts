/**
 * @param value any
 * @param digits significant, of numbers that are not whole
 * @returns the number for people; a dash for nothing
 */
export function showNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(digits)));
}

/**
 * @param share a fraction
 * @param digits after the point
 * @returns in percent
 */
export function showPercent(share: number | null, digits = 0): string {
  if (share === null || !Number.isFinite(share)) return '–';
  // A line does not break before the sign.
  return `${(share * 100).toFixed(digits).replace('-', '−')}\u00a0%`;
}

/**
 * @param count whole number
 * @returns short enough for a chart: 950, 12k, 3.4M
 */
export function showCount(count: number): string {
  if (count < 10_000) return count.toLocaleString('en');
  const [divisor, unit] = count < 1e6 ? [1e3, 'k'] : count < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  const value = count / divisor;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`;
}

/**
 * @param value at a tick of an axis, of any size
 * @returns short enough that ticks do not meet
 */
export function showTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size < 1e-3
      ? Number(size.toPrecision(2)).toExponential()
      : size < 10_000
        ? String(Number(size.toPrecision(3)))
        : showCount(size);
  return value < 0 ? `−${text}` : text;
}

/**
 * @param count of things
 * @param one thing
 * @returns such as `1 week`, `26 weeks`
 */
export function plural(count: number, one: string): string {
  return `${showCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

/**
 * @param seconds of a duration
 * @returns such as `12.3 s`, `4 min 10 s`, `2 h 5 min`
 */
export function showDuration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/**
 * @param bytes of memory
 * @returns in MiB or GiB
 */
export function showBytes(bytes: number | null): string {
  if (bytes === null) return '–';
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/**
 * @param text any
 * @param longest characters
 * @returns the text, or its beginning with an ellipsis
 */
export function shorten(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
