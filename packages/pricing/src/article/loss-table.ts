import { gammaP } from '@hemline/core/special-functions';

// Standardised loss E[(Z − z)⁺] of the gamma distribution shifted and scaled to mean 0, variance 1 and a skewness (Pearson's type
// III), tabulated by skewness and z. Linear between the entries: convex in z, as the loss itself, and at most 2e-4 above it.

const SKEW_STEP = 0.1;
export const MOST_SKEW = 4;
const SKEW_ROWS = Math.round(MOST_SKEW / SKEW_STEP) + 2;
const Z_LOW = -6;
const Z_HIGH = 26;
const Z_PER_UNIT = 16;
const Z_COUNT = (Z_HIGH - Z_LOW) * Z_PER_UNIT + 1;

let table: Float64Array | undefined;

/**
 * @param skew skewness, 0 to {@link MOST_SKEW}
 * @param z standardised value
 * @returns E[(Z − z)⁺]
 */
export function standardLoss(skew: number, z: number): number {
  if (z >= Z_HIGH) return 0;
  if (z <= Z_LOW) return -z;
  table ??= makeTable();
  const row = Math.min(SKEW_ROWS - 2, Math.floor(skew / SKEW_STEP));
  const upper = skew / SKEW_STEP - row;
  const place = (z - Z_LOW) * Z_PER_UNIT;
  const column = Math.floor(place);
  const right = place - column;
  const at = row * Z_COUNT + column;
  const low = table[at] + right * (table[at + 1] - table[at]);
  const high = table[at + Z_COUNT] + right * (table[at + Z_COUNT + 1] - table[at + Z_COUNT]);
  return low + upper * (high - low);
}

function makeTable(): Float64Array {
  const made = new Float64Array(SKEW_ROWS * Z_COUNT);
  const near = new Float64Array(Z_COUNT);
  for (let column = 0; column < Z_COUNT; column++) {
    const z = Z_LOW + column / Z_PER_UNIT;
    for (let row = 1; row < SKEW_ROWS; row++) made[row * Z_COUNT + column] = gammaLoss(row * SKEW_STEP, z);
    near[column] = gammaLoss(SKEW_STEP / 2, z);
    // The gamma distribution has no skewness of 0; its loss runs straight into the normal one.
    made[column] = Math.max(0, -z, 2 * near[column] - made[Z_COUNT + column]);
  }
  return made;
}

function gammaLoss(skew: number, z: number): number {
  const shape = 4 / (skew * skew);
  const spread = Math.sqrt(shape);
  const x = shape + z * spread;
  if (x <= 0) return -z;
  const loss = shape * (1 - gammaP(shape + 1, x)) - x * (1 - gammaP(shape, x));
  return Math.max(0, loss / spread);
}
