/** When to stop. */
export interface SearchLimits {
  /** Evaluations of the function at most. */
  readonly evaluations: number;
  /** Values of the simplex differ by less than this. */
  readonly tolerance: number;
}

/** What a search found. */
export interface FoundMinimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/**
 * Minimises a function of a few variables without derivatives (Nelder & Mead 1965, The Computer Journal 7, 308–313).
 * @param f to minimise; must be finite at the start
 * @param start where to begin
 * @param steps size of the first simplex in each direction
 * @param limits when to stop
 * @returns the best point
 */
export function nelderMead(
  f: (point: Float64Array) => number,
  start: Float64Array,
  steps: Float64Array,
  limits: SearchLimits,
): FoundMinimum {
  let evaluations = 0;
  const vertex = (point: Float64Array): Vertex => {
    evaluations++;
    const value = f(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = [vertex(start)];
  for (let i = 0; i < start.length; i++)
    simplex.push(vertex(start.map((value, j) => (i === j ? value + steps[i]! : value))));
  const byValue = (a: Vertex, b: Vertex): number => a.value - b.value;
  for (simplex.sort(byValue); evaluations < limits.evaluations; simplex.sort(byValue)) {
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value < limits.tolerance) break;
    const rest = simplex.slice(0, -1);
    const center = start.map((_, i) => rest.reduce((sum, { point }) => sum + point[i]!, 0) / rest.length);
    const toward = (factor: number): Vertex =>
      vertex(center.map((value, i) => value + factor * (worst.point[i]! - value)));
    const reflected = toward(-1);
    let next = reflected;
    if (reflected.value < best.value) {
      const expanded = toward(-2);
      if (expanded.value < reflected.value) next = expanded;
    } else if (reflected.value >= rest.at(-1)!.value) {
      next = toward(reflected.value < worst.value ? -0.5 : 0.5);
      if (next.value >= Math.min(reflected.value, worst.value)) {
        for (let i = 1; i < simplex.length; i++)
          simplex[i] = vertex(simplex[i]!.point.map((value, j) => (value + best.point[j]!) / 2));
        continue;
      }
    }
    simplex[simplex.length - 1] = next;
  }
  return { ...simplex[0]!, evaluations };
}

interface Vertex {
  readonly point: Float64Array;
  readonly value: number;
}
