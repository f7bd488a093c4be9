import { Cholesky } from './symmetric-matrix.ts';

/** What is known of the units of a mixed model. */
export interface Observations {
  /** Estimate of each unit, and its sampling variance; infinite where nothing is known. */
  readonly value: Float64Array;
  readonly variance: Float64Array;
  /** By factor: the level of each unit, −1 where it has none. */
  readonly factors: readonly Int32Array[];
  readonly levels: readonly number[];
  /** The cluster of each unit: what several units share besides. */
  readonly cluster: Int32Array;
  readonly clusters: number;
}

/** What was found, each part shrunk by as much as the data says. */
export interface CrossedEffects {
  readonly mean: number;
  /** By factor and level. */
  readonly factors: readonly Float64Array[];
  readonly cluster: Float64Array;
  readonly unit: Float64Array;
  /** Variances: of each factor's effects, of clusters, of units. */
  readonly variances: {
    readonly factors: readonly number[];
    readonly cluster: number;
    readonly unit: number;
  };
}

/** Variance of the mean a priori, where all components begin, and what none falls below. */
const [MEAN_VARIANCE, FIRST_VARIANCE, LEAST_VARIANCE] = [0.25, 0.01, 1e-6];
const ROUNDS = 60;

/**
 * Best linear unbiased predictions in a model with crossed factors, clusters and units as random effects,
 *
 *   value_i = mean + Σ_f effect_f[level_f(i)] + cluster[c(i)] + unit_i + e_i,   e_i ~ N(0, variance_i),
 *
 * with variance components by expectation–maximisation of the restricted likelihood (Searle, Casella & McCulloch 1992, Variance
 * Components, sections 7.6 and 8.3). Clusters and units are integrated out, so that a round costs O(units · factors² + levels³).
 * @param data estimates of units
 * @param own variances of clusters and units, where they are known; estimated otherwise
 * @param own.cluster of clusters
 * @param own.unit of units
 * @returns the effects
 */
export function crossedEffects(
  data: Observations,
  own: { readonly cluster: number; readonly unit: number } | null = null,
): CrossedEffects {
  const { factors, levels, cluster, clusters, value } = data;
  const starts = [0];
  for (const size of [1, ...levels]) starts.push(starts.at(-1)! + size);
  const size = starts.at(-1)!;
  const known = Uint32Array.from(value.keys()).filter((i) => Number.isFinite(data.variance[i]!));
  const ofFactor = levels.map(() => FIRST_VARIANCE);
  let ofCluster = Math.max(LEAST_VARIANCE, own?.cluster ?? FIRST_VARIANCE);
  let ofUnit = Math.max(LEAST_VARIANCE, own?.unit ?? FIRST_VARIANCE);
  const columns = value.length === 0 ? [] : Array.from(value, (_, i) => columnsOf(i, factors, starts));
  const members = membersOf(cluster, clusters, known);
  let [effects, clusterEffect, unitEffect]: Float64Array[] = [
    new Float64Array(size),
    new Float64Array(clusters),
    new Float64Array(value.length),
  ];
  for (let round = 0; round < ROUNDS; round++) {
    const precision = data.variance.map((variance) => 1 / (variance + ofUnit));
    const system = new Float64Array(size * size);
    const right = new Float64Array(size);
    const pooled = new Float64Array(clusters);
    const total = new Float64Array(size);
    members.forEach((units, c) => {
      const touched: number[] = [];
      let response = 0;
      for (const i of units) {
        const weight = precision[i]!;
        pooled[c]! += weight;
        response += weight * value[i]!;
        for (const a of columns[i]!) {
          if (total[a] === 0) touched.push(a);
          total[a]! += weight;
          right[a]! += weight * value[i]!;
          for (const b of columns[i]!) system[a * size + b]! += weight;
        }
      }
      const share = ofCluster / (1 + ofCluster * pooled[c]!);
      for (const a of touched) {
        right[a]! -= share * total[a]! * response;
        for (const b of touched) system[a * size + b]! -= share * total[a]! * total[b]!;
      }
      for (const a of touched) total[a] = 0;
    });
    system[0]! += 1 / MEAN_VARIANCE;
    levels.forEach((count, f) => {
      for (let a = starts[f + 1]!; a < starts[f + 1]! + count; a++) system[a * size + a]! += 1 / ofFactor[f]!;
    });
    const factor = new Cholesky({ size, values: system });
    effects = factor.solve(right);
    const inverse = factor.inverse();
    levels.forEach((count, f) => {
      let squares = 0;
      for (let a = starts[f + 1]!; a < starts[f + 1]! + count; a++)
        squares += effects[a]! ** 2 + inverse[a * size + a]!;
      ofFactor[f] = Math.max(LEAST_VARIANCE, squares / Math.max(1, count));
    });
    [clusterEffect, unitEffect] = [new Float64Array(clusters), new Float64Array(value.length)];
    let [clusterSquares, unitSquares] = [0, 0];
    members.forEach((units, c) => {
      const share = ofCluster / (1 + ofCluster * pooled[c]!);
      let gap = 0;
      for (const i of units) gap += precision[i]! * (value[i]! - fitted(columns[i]!, effects));
      clusterEffect[c] = share * gap;
      clusterSquares += clusterEffect[c]! ** 2 + share;
      for (const i of units) {
        const rest = value[i]! - fitted(columns[i]!, effects) - clusterEffect[c]!;
        unitEffect[i] = ofUnit * precision[i]! * rest;
        const explained = precision[i]! - precision[i]! ** 2 * share;
        unitSquares += unitEffect[i]! ** 2 + ofUnit - ofUnit ** 2 * explained;
      }
    });
    if (own !== null) continue;
    const groups = members.filter((units) => units.length > 0).length;
    ofCluster = Math.max(LEAST_VARIANCE, clusterSquares / Math.max(1, groups));
    ofUnit = Math.max(LEAST_VARIANCE, unitSquares / Math.max(1, known.length));
  }
  return {
    mean: effects[0]!,
    factors: levels.map((count, f) => effects.slice(starts[f + 1]!, starts[f + 1]! + count)),
    cluster: clusterEffect,
    unit: unitEffect,
    variances: { factors: ofFactor, cluster: ofCluster, unit: ofUnit },
  };
}

function columnsOf(unit: number, factors: readonly Int32Array[], starts: readonly number[]): number[] {
  const columns = [0];
  factors.forEach((level, f) => {
    if (level[unit] !== -1) columns.push(starts[f + 1]! + level[unit]!);
  });
  return columns;
}

function membersOf(cluster: Int32Array, clusters: number, known: Uint32Array): number[][] {
  const members: number[][] = Array.from({ length: clusters }, () => []);
  for (const unit of known) members[cluster[unit]!]!.push(unit);
  return members;
}

function fitted(columns: readonly number[], effects: Float64Array): number {
  let sum = 0;
  for (const column of columns) sum += effects[column]!;
  return sum;
}
