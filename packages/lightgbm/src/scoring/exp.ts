/**
 * e^x with the roundings of the GNU C library (2.28 and later, on a processor with fused multiply-add), which LightGBM calls:
 * JavaScript's `Math.exp` is as good and gives another last bit in every twentieth value. The algorithm is that of Arm's
 * optimized routines: x = k·ln2/128 + r, e^x = 2^(k/128) · (1 + p(r)) with 2^(k/128) from a table, to 0.51 units in the last place.
 */

const STEPS = 128;
const SHIFT = 0x18000000000000;
const INVERSE_LN2 = STEPS * 1.4426950408889634;
/** −ln2/128 in two parts, the first with zeros at its end, so that k times it is exact. */
const LN2_HIGH = -hex(0x162e42fefa0000n, -60);
const LN2_LOW = -hex(0x1cf79abc9e3b39n, -99);
const C2 = hex(0x1ffffffffffdbdn, -54);
const C3 = hex(0x1555555555543cn, -55);
const C4 = hex(0x155555cf172b91n, -57);
const C5 = hex(0x11111167a4d017n, -59);

/** 2^(k/128), and what rounding it has lost, relatively. */
const POWERS = new Float64Array(STEPS);
const TAILS = new Float64Array(STEPS);
fillTables();

/** Beyond, results are subnormal or infinite, or nearly so. */
const LARGE = 700;

/**
 * @param x any number
 * @returns e^x
 */
export function exp(x: number): number {
  if (!(Math.abs(x) <= LARGE)) return Math.exp(x);
  if (Math.abs(x) < 2 ** -54) return 1 + x;
  const k = INVERSE_LN2 * x + SHIFT - SHIFT;
  const r = fused(k, LN2_LOW, x + k * LN2_HIGH);
  const index = ((k % STEPS) + STEPS) % STEPS;
  const r2 = r * r;
  const sum = fused(r2, fused(r, C3, C2), TAILS[index]! + r);
  const polynomial = fused(r2 * r2, fused(r, C5, C4), sum);
  const power = POWERS[index]!;
  return fused(power, polynomial, power) * 2 ** ((k - index) / STEPS);
}

/** a·b + c rounded once: a·b is split exactly (Dekker 1971), and so is its sum with c (Knuth). */
function fused(a: number, b: number, c: number): number {
  const product = a * b;
  const a1 = a * 134217729 - (a * 134217729 - a);
  const b1 = b * 134217729 - (b * 134217729 - b);
  const a2 = a - a1;
  const b2 = b - b1;
  const lost = a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
  const sum = product + c;
  const part = sum - product;
  const rest = product - (sum - part) + (c - part);
  return sum + (rest + lost);
}

function hex(digits: bigint, exponent: number): number {
  return Number(digits) * 2 ** exponent;
}

function fillTables(): void {
  const bits = 400n;
  // 2^(1/128): seven square roots of 2.
  let root = 2n << bits;
  for (let i = 0; i < 7; i++) root = squareRoot(root << bits);
  let power = 1n << bits;
  for (let k = 0; k < STEPS; k++) {
    POWERS[k] = Number(power >> (bits - 200n)) * 2 ** -200;
    const rounded = BigInt(POWERS[k]! * 2 ** 60) << (bits - 60n);
    TAILS[k] = Number((((power - rounded) << bits) / rounded) >> (bits - 200n)) * 2 ** -200;
    power = (power * root) >> bits;
  }
}

/** By Newton's method, from above. */
function squareRoot(value: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2) + 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
