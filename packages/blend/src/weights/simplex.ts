/** Values below it are rounding. */
const ROUNDING = 1e-9;
/** Of the mean diagonal: forecasts that are the same to the last digit still have one solution. */
const RIDGE = 1e-10;

/** Sums of squares that are no more than that are none: divided by, they are no numbers. */
const NOTHING = 1e-100;

/** Sizes up to which every subset is tried. */
export const MOST_MEMBERS = 10;

/**
 * Convex weights that minimise w'Aw − 2c'w, w ≥ 0, Σ w = 1: exactly, by the optimality conditions on every subset. Among equals
 * the one of fewest members.
 * @param gram A, `[i * n + j]`, positive semidefinite
 * @param cross c, by member
 * @returns the weights; equal ones where nothing was observed
 */
export function simplexLeastSquares(gram: Float64Array, cross: Float64Array): Float64Array {
  const n = cross.length;
  if (n > MOST_MEMBERS) throw new RangeError(`${n} members; weights of at most ${MOST_MEMBERS} are found`);
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i]!;
  if (!(trace > NOTHING)) return new Float64Array(n).fill(1 / n);
  const ridge = (RIDGE * trace) / n;
  const subsets = Array.from({ length: (1 << n) - 1 }, (_, i) => i + 1).sort(
    (a, b) => sizeOf(a) - sizeOf(b) || a - b,
  );
  let best = new Float64Array(n);
  let least = Infinity;
  for (const subset of subsets) {
    const members = Array.from({ length: n }, (_, i) => i).filter((i) => (subset & (1 << i)) !== 0);
    const weights = onPlane(gram, cross, members, ridge);
    if (weights === null || weights.some((weight) => weight < -ROUNDING)) continue;
    const all = new Float64Array(n);
    members.forEach((i, at) => (all[i] = Math.max(0, weights[at]!)));
    const value = objective(gram, cross, all);
    if (value < least - ROUNDING * trace) [least, best] = [value, all];
  }
  const sum = best.reduce((a, b) => a + b, 0);
  return best.map((weight) => weight / sum);
}

/** Minimum over Σ w = 1 of some members, signs free: a linear system of one more unknown. */
function onPlane(
  gram: Float64Array,
  cross: Float64Array,
  members: readonly number[],
  ridge: number,
): number[] | null {
  const n = cross.length;
  const size = members.length + 1;
  const scale = Math.max(...members.map((i) => gram[i * n + i]!), ridge);
  const rows = Array.from({ length: size }, () => new Float64Array(size + 1));
  members.forEach((i, a) => {
    members.forEach((j, b) => (rows[a]![b] = (gram[i * n + j]! + (a === b ? ridge : 0)) / scale));
    rows[a]![size - 1] = 1;
    rows[size - 1]![a] = 1;
    rows[a]![size] = cross[i]! / scale;
  });
  rows[size - 1]![size] = 1;
  for (let pivot = 0; pivot < size; pivot++) {
    let largest = pivot;
    for (let row = pivot + 1; row < size; row++)
      if (Math.abs(rows[row]![pivot]!) > Math.abs(rows[largest]![pivot]!)) largest = row;
    [rows[pivot], rows[largest]] = [rows[largest]!, rows[pivot]!];
    const head = rows[pivot]![pivot]!;
    if (Math.abs(head) < 1e-14) return null;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / head;
      for (let column = pivot; column <= size; column++)
        rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  }
  return members.map((_, at) => rows[at]![size]! / rows[at]![at]!);
}

function objective(gram: Float64Array, cross: Float64Array, weights: Float64Array): number {
  const n = cross.length;
  let value = 0;
  for (let i = 0; i < n; i++) {
    value -= 2 * cross[i]! * weights[i]!;
    for (let j = 0; j < n; j++) value += weights[i]! * gram[i * n + j]! * weights[j]!;
  }
  return value;
}

function sizeOf(subset: number): number {
  let size = 0;
  for (let rest = subset; rest > 0; rest &= rest - 1) size++;
  return size;
}
