import { byName, uniformOf } from '../training-windows.ts';
import type { Windows } from '../windows.ts';
import type { TreeFeatures } from './tree-features.ts';

/** Cutoffs that each known week is seen from. */
const CUTOFFS = 3;
/** Number of the stream that cutoffs are drawn from. */
const STREAM = -2;

/** What trees learn from. */
export interface TreeExamples {
  /** As the features name them. */
  readonly columns: readonly Float32Array[];
  /** Units. */
  readonly demand: Float32Array;
  /** Black prices, 1 in the mean. */
  readonly weight: Float32Array;
}

/**
 * Draws weeks of known demand, each seen from some of the cutoffs within the horizon before it.
 * @param windows of the series
 * @param features that are told
 * @param most examples
 * @param seed any integer
 * @returns the examples; the same whatever order the series are in
 */
export function treeExamples(
  windows: Windows,
  features: TreeFeatures,
  most: number,
  seed: number,
): TreeExamples {
  const { offsets, logDemand, blackPrice, discount, keys } = windows.store;
  const known = logDemand.reduce((count, log) => count + Number(!Number.isNaN(log)), 0);
  const share = Math.min(1, most / (known * CUTOFFS));
  const random = uniformOf(seed, STREAM);
  const drawn: { series: number; row: number; ahead: number }[] = [];
  for (const series of byName(keys)) {
    const start = offsets[series]!;
    for (let row = start; row < offsets[series + 1]!; row++) {
      if (Number.isNaN(logDemand[row]!)) continue;
      const furthest = Math.min(windows.shape.horizon, row - start + 1);
      for (let i = 0; i < CUTOFFS; i++) {
        const [chosen, ahead] = [random() < share, 1 + Math.floor(random() * furthest)];
        if (chosen) drawn.push({ series, row, ahead });
      }
    }
  }
  const columns = features.names.map(() => new Float32Array(drawn.length));
  const demand = new Float32Array(drawn.length);
  const weight = new Float32Array(drawn.length);
  drawn.forEach(({ series, row, ahead }, at) => {
    const history = features.historyOf(series, row - ahead);
    features.writeWeek(history, ahead, columns, at);
    features.writePrice(history, discount[row]!, columns, at);
    demand[at] = Math.expm1(logDemand[row]!);
    weight[at] = blackPrice[row]!;
  });
  const mean = weight.reduce((sum, one) => sum + one, 0) / Math.max(1, drawn.length);
  return { columns, demand, weight: weight.map((one) => one / mean) };
}
