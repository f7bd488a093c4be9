import { isClearGain, type Cluster } from './clear-gain.ts';
import { sumGrams, type Gram } from './gram.ts';
import { simplexLeastSquares } from './simplex.ts';

/** Held-out rows of one segment, one block of weeks and one fold of articles: what is left out together. */
export interface GramCell {
  readonly segment: number;
  readonly block: number;
  readonly fold: number;
  readonly gram: Gram;
}

/** Weights of members, and how they did. */
export interface LearntWeights {
  /** By segment, then by member; of segments without rows those of all. */
  readonly bySegment: readonly Float64Array[];
  /** Of all rows. */
  readonly pooled: Float64Array;
  /** Rows by segment. */
  readonly rows: readonly number[];
  /** Σ b (q̂ − q)² over Σ b q², the root of it, of each member and of the blend whose weights have not seen the row. */
  readonly memberErrors: readonly number[];
  readonly blendError: number;
}

/** How far weights are drawn to what they are drawn to: 0 leaves them, 1 takes the other. */
const SHRINKAGES = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** A member whose error is so many times the best one's is none to draw weights to, clear or not. */
const MOST_ERROR = 1.3;
/** Weights below it are of no use, and cost a member's forecasts. */
const LEAST_WEIGHT = 0.02;

/**
 * Learns convex weights by the metric's own squared error. Least squares over all rows, drawn to equal weights of the members that learn
 * and are neither clearly nor much worse than the best; least squares of each segment, drawn to these. How far is decided by what it would
 * have been worth on rows of other weeks and other articles (both left out at once), and only where that is more than chance. A blend
 * that does worse there than one member alone, beyond chance, is that member.
 * @param isBaseline of each member
 * @param segments how many there are
 * @param cells held-out rows
 * @returns the weights; equal ones without rows
 */
export function learnWeights(
  isBaseline: readonly boolean[],
  segments: number,
  cells: readonly GramCell[],
): LearntWeights {
  const size = isBaseline.length;
  const all = sumGrams(
    size,
    cells.map(({ gram }) => gram),
  );
  const rows = Array.from({ length: segments }, (_, segment) => rowsOf(cells, segment));
  if (!(all.square > 0)) {
    const equal = new Float64Array(size).fill(1 / size);
    const none = { memberErrors: Array.from(equal, () => NaN), blendError: NaN };
    return { bySegment: rows.map(() => equal), pooled: equal, rows, ...none };
  }
  const folds = foldsOf(size, cells);
  const pool = choosePool(isBaseline, folds);
  const pooled = pool(all, cells);
  const trained = folds.map(({ training, rest }) => pool(training, rest));
  const bySegment = rows.map((count, segment) =>
    tidied(count === 0 ? pooled : segmentWeights(size, segment, { cells, folds, trained, pooled })),
  );
  const memberErrors = Array.from({ length: size }, (_, member) =>
    Math.sqrt(all.loss(alone(size, member)) / all.square),
  );
  return {
    bySegment,
    pooled: tidied(pooled),
    rows,
    memberErrors,
    blendError: Math.sqrt(heldOutLoss(size, segments, folds, trained) / all.square),
  };
}

/** A part of the rows to test on, and the rows of other weeks and other articles. */
interface Fold {
  readonly test: readonly GramCell[];
  readonly rest: readonly GramCell[];
  readonly training: Gram;
}

/** From rows to weights of all segments. */
type Pool = (training: Gram, cells: readonly GramCell[]) => Float64Array;

function foldsOf(size: number, cells: readonly GramCell[]): Fold[] {
  const blocks = new Set(cells.map(({ block }) => block));
  const parts = Map.groupBy(cells, ({ block, fold }) => `${block} ${fold}`);
  return [...parts.values()].flatMap((test) => {
    const { block, fold } = test[0]!;
    const rest = cells.filter((cell) => cell.fold !== fold && (blocks.size === 1 || cell.block !== block));
    const training = sumGrams(
      size,
      rest.map(({ gram }) => gram),
    );
    return training.square > 0 ? [{ test, rest, training }] : [];
  });
}

/** Decides how weights of all rows come about. */
function choosePool(isBaseline: readonly boolean[], folds: readonly Fold[]): Pool {
  const size = isBaseline.length;
  const best: Pool = (training) => alone(size, bestMember(training));
  const drawn =
    (shrinkage: number): Pool =>
    (training, cells) =>
      mixed(
        simplexLeastSquares(training.products, training.cross),
        equalOfGood(isBaseline, training, cells),
        shrinkage,
      );
  const losses = (pool: Pool): number[] =>
    folds.map(({ test, rest, training }) => lossOf(test, pool(training, rest)));
  const candidates = SHRINKAGES.map((shrinkage) => losses(drawn(shrinkage)));
  const chosen = preferLast(candidates, folds);
  const pool = drawn(SHRINKAGES[chosen]!);
  const gains = losses(best).map((loss, fold) => candidates[chosen]![fold]! - loss);
  return isClearGain(clustersOf(folds), gains) ? best : pool;
}

function segmentWeights(
  size: number,
  segment: number,
  {
    cells,
    folds,
    trained,
    pooled,
  }: {
    readonly cells: readonly GramCell[];
    readonly folds: readonly Fold[];
    readonly trained: readonly Float64Array[];
    readonly pooled: Float64Array;
  },
): Float64Array {
  const shrinkage = segmentShrinkage(size, segment, folds, trained);
  const own = gramOf(size, cells, segment);
  return mixed(simplexLeastSquares(own.products, own.cross), pooled, shrinkage);
}

function segmentShrinkage(
  size: number,
  segment: number,
  folds: readonly Fold[],
  trained: readonly Float64Array[],
): number {
  const owns = folds.map(({ rest }) => {
    const own = gramOf(size, rest, segment);
    return own.square > 0 ? simplexLeastSquares(own.products, own.cross) : null;
  });
  const candidates = SHRINKAGES.map((shrinkage) =>
    folds.map(({ test }, at) =>
      lossOf(
        test.filter((cell) => cell.segment === segment),
        mixed(owns[at] ?? trained[at]!, trained[at]!, shrinkage),
      ),
    ),
  );
  return SHRINKAGES[preferLast(candidates, folds)]!;
}

/** Loss of each row by weights that were learnt without its weeks and its articles. */
function heldOutLoss(
  size: number,
  segments: number,
  folds: readonly Fold[],
  trained: readonly Float64Array[],
): number {
  let loss = 0;
  for (let segment = 0; segment < segments; segment++) {
    const shrinkage = segmentShrinkage(size, segment, folds, trained);
    folds.forEach(({ test, rest }, at) => {
      const own = gramOf(size, rest, segment);
      const weights =
        own.square > 0
          ? mixed(simplexLeastSquares(own.products, own.cross), trained[at]!, shrinkage)
          : trained[at]!;
      loss += lossOf(
        test.filter((cell) => cell.segment === segment),
        weights,
      );
    });
  }
  return loss;
}

/** The candidate of least loss, where it is clearly better than the last one; else the last. */
function preferLast(candidates: readonly (readonly number[])[], folds: readonly Fold[]): number {
  const last = candidates.length - 1;
  let best = last;
  for (let i = last; i >= 0; i--) if (total(candidates[i]!) < total(candidates[best]!)) best = i;
  const gains = candidates[last]!.map((loss, fold) => loss - candidates[best]![fold]!);
  return isClearGain(clustersOf(folds), gains) ? best : last;
}

/**
 * Equal weights of the members that are neither clearly nor much worse than the best. Baselines are among them where they are no worse
 * than all others: what a few weeks say for them is not enough to water down what was learnt from all weeks.
 */
function equalOfGood(
  isBaseline: readonly boolean[],
  training: Gram,
  cells: readonly GramCell[],
): Float64Array {
  const { size } = training;
  const best = bestMember(training);
  const groups = [...Map.groupBy(cells, ({ block, fold }) => `${block} ${fold}`).values()];
  const clusters = groups.map((group) => group[0]!);
  const parts = groups.map((group) =>
    sumGrams(
      size,
      group.map(({ gram }) => gram),
    ),
  );
  const losses = Array.from({ length: size }, (_, member) => training.loss(alone(size, member)));
  const most = MOST_ERROR ** 2 * losses[best]!;
  const bestLearner = Math.min(...losses.filter((_, member) => !isBaseline[member]));
  const good = Array.from({ length: size }, (_, member) => {
    if (member === best) return true;
    if (isBaseline[member] && losses[member]! > bestLearner) return false;
    const worse = parts.map((part) => part.loss(alone(size, member)) - part.loss(alone(size, best)));
    return losses[member]! <= most && !isClearGain(clusters, worse);
  });
  const count = good.filter(Boolean).length;
  return Float64Array.from(good, (is) => (is ? 1 / count : 0));
}

/** Where the rows that each fold tests on lie. */
function clustersOf(folds: readonly Fold[]): Cluster[] {
  return folds.map(({ test }) => test[0]!);
}

function bestMember(gram: Gram): number {
  let best = 0;
  for (let member = 1; member < gram.size; member++)
    if (gram.loss(alone(gram.size, member)) < gram.loss(alone(gram.size, best))) best = member;
  return best;
}

function gramOf(size: number, cells: readonly GramCell[], segment: number): Gram {
  return sumGrams(
    size,
    cells.filter((cell) => cell.segment === segment).map(({ gram }) => gram),
  );
}

function rowsOf(cells: readonly GramCell[], segment: number): number {
  return cells.reduce((sum, cell) => sum + (cell.segment === segment ? cell.gram.rows : 0), 0);
}

function lossOf(cells: readonly GramCell[], weights: Float64Array): number {
  return cells.reduce((sum, { gram }) => sum + gram.loss(weights), 0);
}

function mixed(own: Float64Array, other: Float64Array, shrinkage: number): Float64Array {
  return own.map((weight, i) => (1 - shrinkage) * weight + shrinkage * other[i]!);
}

function alone(size: number, member: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => Number(i === member));
}

/** Without weights that are too small to matter. */
function tidied(weights: Float64Array): Float64Array {
  const kept = weights.map((weight) => (weight < LEAST_WEIGHT ? 0 : weight));
  const sum = total(kept);
  return kept.map((weight) => weight / sum);
}

function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
