/** Means of the nodes of one level and how sure they are. Nodes without mass have no data and take part in nothing. */
export interface LevelMeans {
  readonly mean: Float64Array;
  /** Sampling variance of each mean around the node's true mean. */
  readonly variance: Float64Array;
  /** Sum of weights behind each mean. */
  readonly mass: Float64Array;
}

/**
 * The variance τ² of the nodes' true means around the true mean of the node above them, by the method of moments for
 * unbalanced data. With a_c = 1 / v_c the weight of child c of parent p, m_p = Σ a_c m_c / A_p and A_p = Σ a_c,
 *
 *   E Σ_p Σ_c a_c (m_c − m_p)² = Σ_p Σ_c a_c (1 − a_c / A_p) (v_c + τ²),
 *
 * is solved for τ², and a negative solution is 0. Where v_c = σ² / n_c this is the ANOVA estimator of the one-way random
 * model (Searle, Casella & McCulloch 1992, Variance Components, section 3.6); in general it is that of DerSimonian &
 * Laird (1986, Controlled Clinical Trials 7, 177–188), within parents.
 * @param level means of the children
 * @param parent of each child
 * @param parents how many there are
 * @returns τ², 0 where no parent has two children with data
 */
export function betweenVariance(level: LevelMeans, parent: Int32Array, parents: number): number {
  const { mean, mass } = level;
  const weights = inverse(level, 0);
  const total = new Float64Array(parents);
  const pooled = new Float64Array(parents);
  for (let child = 0; child < mean.length; child++) {
    if (mass[child] === 0) continue;
    total[parent[child]!]! += weights[child]!;
    pooled[parent[child]!]! += weights[child]! * mean[child]!;
  }
  let squares = 0;
  let sampling = 0;
  let scale = 0;
  for (let child = 0; child < mean.length; child++) {
    if (mass[child] === 0) continue;
    const above = parent[child]!;
    const weight = weights[child]!;
    const rest = weight * (1 - weight / total[above]!);
    squares += weight * (mean[child]! - pooled[above]! / total[above]!) ** 2;
    sampling += rest * level.variance[child]!;
    scale += rest;
  }
  return scale > 0 ? Math.max(0, (squares - sampling) / scale) : 0;
}

/**
 * The means of the level above: of each parent, the mean of its children weighted by 1 / (τ² + v_c), which is the best
 * linear unbiased estimate, and its variance.
 * @param level means of the children
 * @param between τ² of the children
 * @param parent of each child
 * @param parents how many there are
 * @returns means of the parents
 */
export function pooledMeans(
  level: LevelMeans,
  between: number,
  parent: Int32Array,
  parents: number,
): LevelMeans {
  const weights = inverse(level, between);
  const exact = weights === level.mass;
  const mean = new Float64Array(parents);
  const mass = new Float64Array(parents);
  const total = new Float64Array(parents);
  for (let child = 0; child < weights.length; child++) {
    if (level.mass[child] === 0) continue;
    const above = parent[child]!;
    mass[above]! += level.mass[child]!;
    total[above]! += weights[child]!;
    mean[above]! += weights[child]! * level.mean[child]!;
  }
  return {
    mean: mean.map((sum, above) => sum / total[above]!),
    variance: total.map((sum) => (exact ? 0 : 1 / sum)),
    mass,
  };
}

/** 1 / (τ² + v) of each node; where nothing varies at all, the masses serve as weights. */
function inverse({ variance, mass }: LevelMeans, between: number): Float64Array {
  const certain = variance.some((one, node) => mass[node]! > 0 && !(one + between > 0));
  return certain ? mass : variance.map((one) => 1 / (one + between));
}
