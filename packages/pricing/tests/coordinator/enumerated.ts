import type { Highs } from 'highs';
import { hashed } from '../../src/coordinator/hashed.ts';
import type { Evaluation, LinkingRow, Portfolio } from '../../src/coordinator/linking-row.ts';

/** All plans of a tiny article: levels of its weeks, what each earns and uses. */
export interface EnumeratedArticle {
  readonly plans: readonly Uint8Array[];
  readonly profit: Float64Array;
  /** [plans · R] */
  readonly use: Float64Array;
}

/** Numbers in [0, 1), the same for a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const LEVELS = [0, 0.15, 0.3, 0.5];

/**
 * A market of tiny articles: three weeks, four levels, certain demand, first come, first served. Rows: discount rate of two groups
 * upper and of all lower, stock left at the end, a budget of discount euros.
 */
export function tinyMarket(
  seed: number,
  articles: number,
): { articles: EnumeratedArticle[]; rows: LinkingRow[] } {
  const draw = random(seed);
  const R = 5;
  const made = Array.from({ length: articles }, (_, a) => tinyArticle(draw, a, R));
  const at = (pick: (article: EnumeratedArticle) => number): Float64Array => {
    const sums = new Float64Array(R);
    for (const article of made) {
      const k = pick(article);
      for (let r = 0; r < R; r++) sums[r]! += article.use[k * R + r]!;
    }
    return sums;
  };
  // Bounds lie between what the best plans use and the least that can be used, of one row at a time.
  const free = at(({ profit }) => profit.indexOf(Math.max(...profit)));
  const least = (r: number): number =>
    made.reduce((sum, { use, plans }) => sum + Math.min(...plans.map((_, k) => use[k * R + r]!)), 0);
  const rows = Array.from({ length: R }, (_, r): LinkingRow => {
    const share = 0.15 + 0.3 * draw();
    return { name: `row ${r}`, bound: free[r]! + share * 0.5 * (least(r) - free[r]!), price: null };
  });
  // What deepens discounts and what makes them shallower may contradict each other: those two are soft.
  return {
    articles: made,
    rows: rows.map((row, r) => (r === 2 || r === 3 ? { ...row, price: r === 2 ? 0.4 : 6 } : row)),
  };
}

function tinyArticle(draw: () => number, a: number, R: number): EnumeratedArticle {
  const price = 20 + 80 * draw();
  const base = 2 + 20 * draw();
  const elasticity = 0.8 + 3 * draw();
  const stock = base * (1 + 4 * draw());
  const residual = price * 0.3 * draw();
  const plans: Uint8Array[] = [];
  const profit: number[] = [];
  const use: number[] = [];
  for (let code = 0; code < LEVELS.length ** 3; code++) {
    const levels = Uint8Array.of(code % 4, Math.floor(code / 4) % 4, Math.floor(code / 16));
    let [left, earned, discount, list] = [stock, 0, 0, 0];
    for (const l of levels) {
      const sales = Math.min(left, base * (1 - LEVELS[l]!) ** -elasticity);
      left -= sales;
      earned += sales * price * (1 - LEVELS[l]!);
      discount += sales * price * LEVELS[l]!;
      list += sales * price;
    }
    plans.push(levels);
    profit.push(earned + left * residual);
    use.push(
      ...[a % 2 === 0 ? discount - 0.2 * list : 0, a % 2 === 1 ? discount - 0.25 * list : 0],
      ...[0.15 * list - discount, left, discount],
    );
  }
  if (use.length !== plans.length * R) throw new Error('a row is missing');
  return { plans, profit: Float64Array.from(profit), use: Float64Array.from(use) };
}

/** Solves articles by looking at all their plans. */
export function enumeratedPortfolio(
  articles: readonly EnumeratedArticle[],
  rows: readonly LinkingRow[],
): Portfolio {
  const R = rows.length;
  const planOffsets = Float64Array.from({ length: articles.length + 1 }, (_, a) => 3 * a);
  return {
    ...{ rows, planOffsets },
    known: () => Promise.resolve([]),
    vary: (levels, round) => {
      const A = articles.length;
      const found: Evaluation = {
        ...{ profit: new Float64Array(A), use: new Float64Array(A * R) },
        ...{ bound: new Float64Array(A), levels: levels.slice() },
      };
      articles.forEach(({ plans, profit, use }, a) => {
        const at = 3 * a + Math.floor(3 * hashed(round, a, 0));
        found.levels[at] = Math.min(3, Math.max(0, levels[at]! + (hashed(round, a, 1) < 0.5 ? -1 : 1)));
        const own = found.levels.subarray(3 * a, 3 * a + 3);
        const k = plans.findIndex((plan) => plan.every((level, t) => level === own[t]));
        found.profit[a] = profit[k]!;
        for (let r = 0; r < R; r++) found.use[a * R + r] = use[k * R + r]!;
      });
      return Promise.resolve(found);
    },
    evaluate: (multipliers) => {
      const A = articles.length;
      const found: Evaluation = {
        ...{ profit: new Float64Array(A), use: new Float64Array(A * R) },
        ...{ bound: new Float64Array(A), levels: new Uint8Array(3 * A) },
      };
      articles.forEach(({ plans, profit, use }, a) => {
        let best = -Infinity;
        plans.forEach((plan, k) => {
          let worth = profit[k]!;
          for (let r = 0; r < R; r++) worth -= multipliers[r]! * use[k * R + r]!;
          if (worth <= best) return;
          best = worth;
          found.profit[a] = profit[k]!;
          found.bound[a] = worth;
          found.levels.set(plan, 3 * a);
          for (let r = 0; r < R; r++) found.use[a * R + r] = use[k * R + r]!;
        });
      });
      return Promise.resolve(found);
    },
  };
}

/** The exact optimum, by a mixed-integer program over all plans. */
export function exactOptimum(
  highs: Highs,
  articles: readonly EnumeratedArticle[],
  rows: readonly LinkingRow[],
): { value: number; bound: number } {
  const R = rows.length;
  const [starts, indices, values, cost]: number[][] = [[0], [], [], []];
  articles.forEach(({ plans, profit, use }, a) =>
    plans.forEach((_, k) => {
      for (let r = 0; r < R; r++)
        if (Math.abs(use[k * R + r]!) > 1e-9) {
          indices!.push(r);
          values!.push(use[k * R + r]!);
        }
      indices!.push(R + a);
      values!.push(1);
      starts!.push(indices!.length);
      cost!.push(profit[k]!);
    }),
  );
  const plans = cost!.length;
  const soft = rows.flatMap(({ price }, r) => (price === null ? [] : [{ price, r }]));
  for (const { price, r } of soft) {
    indices!.push(r);
    values!.push(-1);
    starts!.push(indices!.length);
    cost!.push(-price);
  }
  const numCols = cost!.length;
  const numRows = R + articles.length;
  const { integer, continuous } = highs.constants.variableType;
  return highs.withModel(
    {
      ...{ numCols, numRows, sense: highs.constants.objectiveSense.maximize, colCost: cost! },
      colLower: new Float64Array(numCols),
      colUpper: cost!.map((_, i) => (i < plans ? 1 : highs.infinity)),
      rowLower: [...rows.map(() => -highs.infinity), ...articles.map(() => 1)],
      rowUpper: [...rows.map(({ bound }) => bound), ...articles.map(() => 1)],
      integrality: cost!.map((_, i) => (i < plans ? integer : continuous)),
      matrix: { format: 'csc', numRows, numCols, starts: starts!, indices: indices!, values: values! },
    },
    (model) => {
      model.options.set({ output_flag: false, mip_rel_gap: 5e-4 });
      model.run();
      return { value: model.getObjectiveValue(), bound: model.info.get('mip_dual_bound') as number };
    },
  );
}
