import type { Highs } from 'highs';
import type { LinkingRow } from './linking-row.ts';
import { repairChoice } from './repair-choice.ts';
import type { Scales } from './scaling.ts';
import type { SolutionCache } from './solution-cache.ts';

/** Other plans that are weighed against the best ones: of each kind so many. */
const MOST_ALTERNATIVES = 400;
/** Nodes of the search, at most. A count and no time: the answer must not depend on the machine. */
const MOST_NODES = 200;
/** Profit that the search may leave, of the profit's scale. */
const PRECISION = 5e-5;
/** What a unit of a hard row above its bound costs, scaled: more than any multiplier that is tried. */
const HARD_PRICE = 1e6;
/** What a row may exceed its bound by, of its scale, and still be met. */
export const ROW_TOLERANCE = 1e-6;

/** What hard rows are held below their bounds by, of their scale: HiGHS' own tolerance is as large as ours. */
const MARGIN = 2 * ROW_TOLERANCE;

/** One cached plan for each article. */
export interface Choice {
  /** Generation of each article's plan [A]. */
  readonly generation: Int32Array;
  readonly profit: number;
  /** What the plans use of each row [R]. */
  readonly use: Float64Array;
  /** Σ price · excess over the soft rows. */
  readonly penalty: number;
  /** Profit − penalty. */
  readonly value: number;
  /** Whether all hard rows are met. */
  readonly isFeasible: boolean;
  /** Largest excess over a hard row, of its scale. */
  readonly excess: number;
}

/**
 * Picks one cached plan for each article. It starts from the best ones at the multipliers, which miss or waste a little of some rows,
 * and weighs the alternatives that lose least against each other in a small integer program; what HiGHS answers is added up again here.
 * @param highs the solver
 * @param cache plans of all articles
 * @param rows linking rows
 * @param scales of profit and rows
 * @param multipliers near the minimum of the dual
 * @returns the choice
 */
export function choosePlans(
  highs: Highs,
  cache: SolutionCache,
  rows: readonly LinkingRow[],
  scales: Scales,
  multipliers: Float64Array,
): Choice {
  const generation = new Int32Array(cache.articles);
  cache.best(multipliers, generation);
  const unmended = evaluateChoice(cache, rows, scales, generation);
  repairChoice(cache, rows, scales, multipliers, generation, unmended.use.slice(), MARGIN);
  const start = evaluateChoice(cache, rows, scales, generation);
  const alternatives = nearestAlternatives(cache, generation, multipliers, scales);
  if (alternatives.length === 0) return start;
  const picked = solveChoice(highs, cache, rows, scales, start, alternatives);
  if (picked === null) return start;
  const next = generation.slice();
  for (const { article, generation: g } of picked) next[article] = g;
  const chosen = evaluateChoice(cache, rows, scales, next);
  return isBetter(chosen, start) ? chosen : start;
}

/**
 * @param a a choice
 * @param b another
 * @returns whether the first is to be preferred: what meets all hard rows, and then what is worth more
 */
export function isBetter(a: Choice, b: Choice): boolean {
  if (a.isFeasible !== b.isFeasible) return a.isFeasible;
  return a.isFeasible
    ? a.value > b.value
    : a.excess < b.excess || (a.excess === b.excess && a.value > b.value);
}

/**
 * Adds up what a choice comes to.
 * @param cache plans of all articles
 * @param rows linking rows
 * @param scales of the rows
 * @param generation of each article's plan
 * @returns the choice
 */
export function evaluateChoice(
  cache: SolutionCache,
  rows: readonly LinkingRow[],
  scales: Scales,
  generation: Int32Array,
): Choice {
  const use = new Float64Array(rows.length);
  let profit = 0;
  for (let a = 0; a < cache.articles; a++) {
    profit += cache.profitOf(a, generation[a]!);
    for (let r = 0; r < rows.length; r++) use[r]! += cache.useOf(a, generation[a]!, r);
  }
  let [penalty, excess] = [0, 0];
  rows.forEach(({ bound, price }, r) => {
    const above = use[r]! - bound;
    if (price !== null) penalty += price * Math.max(0, above);
    else excess = Math.max(excess, above / scales.use[r]!);
  });
  return {
    ...{ generation, profit, use, penalty, value: profit - penalty, excess },
    isFeasible: excess <= ROW_TOLERANCE,
  };
}

interface Alternative {
  readonly article: number;
  readonly generation: number;
}

/**
 * The plans that lose least fill rows to the last unit, and of many articles they are those of the smallest: they move little. Those
 * that lose least for what they move come beside them.
 */
function nearestAlternatives(
  cache: SolutionCache,
  best: Int32Array,
  multipliers: Float64Array,
  scales: Scales,
): readonly Alternative[] {
  const least = new LeastAlternatives();
  const cheapest = new LeastAlternatives();
  const R = cache.rows;
  for (let a = 0; a < cache.articles; a++) {
    const worth = cache.worthOf(a, best[a]!, multipliers);
    for (let g = 0; g < cache.size; g++) {
      if (g === best[a] || !cache.isNew(a, g)) continue;
      const regret = Math.max(0, worth - cache.worthOf(a, g, multipliers));
      let moves = 0;
      for (let r = 0; r < R; r++)
        moves += Math.abs(cache.useOf(a, g, r) - cache.useOf(a, best[a]!, r)) / scales.use[r]!;
      least.add(regret, a, g);
      if (moves > 0) cheapest.add(regret / moves, a, g);
    }
  }
  const found = new Map<number, Alternative>();
  for (const each of [...least.list(), ...cheapest.list()])
    found.set(each.article * cache.size + each.generation, each);
  return [...found.values()];
}

/** The alternatives that are least by some measure. */
class LeastAlternatives {
  #found: { readonly alternative: Alternative; readonly key: number }[] = [];
  #limit = Infinity;

  add(key: number, article: number, generation: number): void {
    if (key > this.#limit) return;
    this.#found.push({ alternative: { article, generation }, key });
    if (this.#found.length < 4 * MOST_ALTERNATIVES) return;
    this.#cut();
    this.#limit = this.#found.at(-1)!.key;
  }

  list(): readonly Alternative[] {
    this.#cut();
    return this.#found.map(({ alternative }) => alternative);
  }

  #cut(): void {
    this.#found.sort(
      ({ key, alternative: x }, { key: other, alternative: y }) =>
        key - other || x.article - y.article || x.generation - y.generation,
    );
    this.#found.length = Math.min(this.#found.length, MOST_ALTERNATIVES);
  }
}

function solveChoice(
  highs: Highs,
  cache: SolutionCache,
  rows: readonly LinkingRow[],
  scales: Scales,
  { generation, use }: Choice,
  alternatives: readonly Alternative[],
): readonly Alternative[] | null {
  const [N, R] = [alternatives.length, rows.length];
  const articles = [...new Set(alternatives.map(({ article }) => article))];
  const rowOf = new Map(articles.map((article, i) => [article, R + i]));
  const numRows = R + articles.length;
  // A column each alternative, then the excess of each row.
  const starts = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const { article, generation: g } of alternatives) {
    for (let r = 0; r < R; r++) {
      const more =
        (cache.useOf(article, g, r) - cache.useOf(article, generation[article]!, r)) / scales.use[r]!;
      if (Math.abs(more) <= 1e-9) continue;
      indices.push(r);
      values.push(more);
    }
    indices.push(rowOf.get(article)!);
    values.push(1);
    starts.push(indices.length);
  }
  for (let r = 0; r < R; r++) {
    indices.push(r);
    values.push(-1);
    starts.push(indices.length);
  }
  const { integer, continuous } = highs.constants.variableType;
  const gain = ({ article, generation: g }: Alternative): number =>
    (cache.profitOf(article, g) - cache.profitOf(article, generation[article]!)) / scales.profit;
  const model = highs.createModel({
    ...{ numCols: N + R, numRows, sense: highs.constants.objectiveSense.maximize },
    colCost: [
      ...alternatives.map(gain),
      ...rows.map(({ price }, r) =>
        price === null ? -HARD_PRICE : (-price * scales.use[r]!) / scales.profit,
      ),
    ],
    colLower: new Float64Array(N + R),
    colUpper: [...alternatives.map(() => 1), ...rows.map(() => highs.infinity)],
    rowLower: new Float64Array(numRows).fill(-highs.infinity),
    rowUpper: [
      ...rows.map(
        ({ bound, price }, r) => (bound - use[r]!) / scales.use[r]! - (price === null ? MARGIN : 0),
      ),
      ...articles.map(() => 1),
    ],
    integrality: [...alternatives.map(() => integer), ...rows.map(() => continuous)],
    matrix: { format: 'csc', numRows, numCols: N + R, starts, indices, values },
  });
  try {
    model.options.set({
      ...{ output_flag: false, mip_max_nodes: MOST_NODES },
      ...{ mip_abs_gap: PRECISION, mip_rel_gap: 0 },
    });
    model.run();
    if (model.info.get('primal_solution_status') !== 2) return null;
    const { colValue } = model.getSolution();
    return alternatives.filter((_, i) => colValue[i]! > 0.5);
  } finally {
    model.dispose();
  }
}
