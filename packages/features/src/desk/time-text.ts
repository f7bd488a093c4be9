import type { TimestampUnit } from '@hemline/core';

const DIGITS: Readonly<Record<TimestampUnit, number>> = { ms: 3, us: 6, ns: 9 };

/**
 * @param value a point in time since 1970-01-01 in `unit`
 * @param unit of the value
 * @returns ISO text in UTC with all digits of the unit: `2024-05-06T07:08:09.123456Z`
 */
export function formatTimestamp(value: bigint, unit: TimestampUnit): string {
  const digits = DIGITS[unit];
  const perSecond = 10n ** BigInt(digits);
  const fraction = ((value % perSecond) + perSecond) % perSecond;
  const second = new Date(Number((value - fraction) / perSecond) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(fraction).padStart(digits, '0')}Z`;
}

/**
 * @param text as {@link formatTimestamp} writes it; fewer digits are allowed, more are not exact and refused
 * @param unit to count in
 * @returns the point in time, or null when the text is none
 */
export function parseTimestamp(text: string, unit: TimestampUnit): bigint | null {
  const match = /^([-+\d]+-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text);
  const digits = DIGITS[unit];
  if (match === null || (match[2] ?? '').length > digits) return null;
  const milliseconds = Date.parse(`${match[1]}Z`);
  if (Number.isNaN(milliseconds)) return null;
  return (
    (BigInt(milliseconds) / 1000n) * 10n ** BigInt(digits) +
    BigInt((match[2] ?? '').padEnd(digits, '0') || '0')
  );
}
