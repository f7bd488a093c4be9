import type { ByteArrays } from '../encodings/byte-arrays.ts';
import { Damage, Unrepresentable } from '../encodings/bytes.ts';

/** Julian day of 1970-01-01. */
const JULIAN_EPOCH = 2_440_588n;
const NANOSECONDS_PER_DAY = 86_400_000_000_000n;
const LARGEST = 2n ** 63n - 1n;
/** The first number of 19 digits, and its upper 32 bits. */
const TOO_LARGE = 10n ** 18n;
const UPPER_HALF = Number(TOO_LARGE >> 32n);

/**
 * 32-bit integers as 64-bit ones.
 * @param source one word a value
 * @param isSigned whether the sign goes into the upper half
 * @param words takes two words a value
 * @param at index of the first value
 */
export function widen(source: Int32Array, isSigned: boolean, words: Int32Array, at: number): void {
  for (let i = 0, to = 2 * at; i < source.length; i++, to += 2) {
    words[to] = source[i]!;
    words[to + 1] = isSigned ? source[i]! >> 31 : 0;
  }
}

/**
 * Refuses 64-bit integers without a sign that a signed one cannot hold.
 * @param words two words a value
 * @param at index of the first value
 * @param count of values
 * @throws Unrepresentable for the first one
 */
export function checkUnsigned(words: Int32Array, at: number, count: number): void {
  for (let i = 2 * at + 1; i < 2 * (at + count); i += 2) {
    if (words[i]! >= 0) continue;
    const value = (BigInt(words[i]! >>> 0) << 32n) | BigInt(words[i - 1]! >>> 0);
    throw new Unrepresentable('an integer has more than 63 bits', `at most ${LARGEST}`, String(value));
  }
}

/**
 * Decimals of big-endian two's complement.
 * @param values of any number of bytes
 * @param words takes two words a value
 * @param at index of the first value
 * @throws Unrepresentable when one has more than 18 digits
 */
export function decimalsFromBytes(
  { bytes, starts, lengths }: ByteArrays,
  words: Int32Array,
  at: number,
): void {
  for (let i = 0, to = 2 * at; i < starts.length; i++, to += 2) {
    const start = starts[i]!;
    const end = start + lengths[i]!;
    const sign = lengths[i]! > 0 ? (bytes[start]! << 24) >> 31 : 0;
    let low = sign;
    let high = sign;
    const first = Math.max(start, end - 8);
    for (let byte = start; byte < first; byte++)
      if (bytes[byte] !== (sign & 0xff)) throw tooWide(bytes.subarray(start, end));
    for (let byte = first; byte < end; byte++) {
      high = (high << 8) | (low >>> 24);
      low = (low << 8) | bytes[byte]!;
    }
    if (first > start && high >> 31 !== sign) throw tooWide(bytes.subarray(start, end));
    // In most columns the upper half alone tells that there are not too many digits.
    if (high >= UPPER_HALF || high < -UPPER_HALF) checkDigits(high, low, bytes.subarray(start, end));
    words[to] = low;
    words[to + 1] = high;
  }
}

function checkDigits(high: number, low: number, bytes: Uint8Array): void {
  const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
  if (value >= TOO_LARGE || value <= -TOO_LARGE) throw tooWide(bytes);
}

function tooWide(bytes: Uint8Array): Unrepresentable {
  const digits = BigInt.asIntN(8 * bytes.length, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
  return new Unrepresentable(
    'a decimal has too many digits',
    'at most 18 digits, those after the point among them',
    `the digits ${digits}`,
  );
}

/**
 * INT96 points in time: nanoseconds of the day, then the Julian day.
 * @param values 12 bytes each
 * @param words takes nanoseconds since 1970-01-01, two words a value
 * @param at index of the first value
 * @throws Damage when one lies outside of the years 1677 to 2262, which nanoseconds can count
 */
export function timestampsFromInt96({ bytes, starts }: ByteArrays, words: Int32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const target = new BigInt64Array(words.buffer, words.byteOffset, words.length >> 1);
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i]!;
    const days = BigInt(view.getInt32(start + 8, true)) - JULIAN_EPOCH;
    const time = days * NANOSECONDS_PER_DAY + view.getBigInt64(start, true);
    if (time > LARGEST || time < -LARGEST - 1n)
      throw new Damage(`a point in time ${days} days from 1970-01-01, which nanoseconds cannot count`);
    target[at + i] = time;
  }
}

/**
 * IEEE 754 half precision, exact in single precision.
 * @param values 2 bytes each, little-endian
 * @param words takes the bits of float32, one word a value
 * @param at index of the first value
 */
export function floatsFromHalves({ bytes, starts }: ByteArrays, words: Int32Array, at: number): void {
  for (let i = 0; i < starts.length; i++) {
    const bits = bytes[starts[i]!]! | (bytes[starts[i]! + 1]! << 8);
    words[at + i] = singleBits(bits);
  }
}

function singleBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal there, normal here.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}
