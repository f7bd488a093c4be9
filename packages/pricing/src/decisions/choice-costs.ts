import type { PlanValuer } from './plan-valuer.ts';

/** A discount in the place of the plan's. */
export interface Choices {
  /** Cells of series and weeks, each once. */
  readonly cells: Int32Array;
  /** Discount of each. */
  readonly discounts: Float64Array;
  /** Units that were sold of each, where demand is to be taken from what happened and not from the forecast; NaN: not known. */
  readonly units?: Float64Array;
}

/**
 * What choices of people cost: by how much the plan is worth more than the same with their discounts, by the forecasts' curves, stock and
 * returns included. The choices of an article take the place of its plan one after the other, by cell; each costs what is lost by it
 * after those before, so that the costs of an article add up to what all its choices cost together.
 *
 * With `units` the level of demand in a week is that of the sales, its response to the discount still that of the forecast: demand is
 * scaled such that the plan would have sold as many at the chosen discount. Where stock bound what was sold, this counts demand low.
 * @param valuer with the plan; keeps it when this is done
 * @param choices of people
 * @returns cost of each, in the currency of the data; NaN where the article is not priced, or a week is not on sale
 */
export function choiceCosts(valuer: PlanValuer, choices: Choices): Float64Array {
  const { cells, discounts, units } = choices;
  const order = Uint32Array.from(cells.keys()).sort((a, b) => cells[a]! - cells[b]!);
  const costs = new Float64Array(cells.length).fill(NaN);
  for (let from = 0; from < order.length;) {
    const article = valuer.articleOf(cells[order[from]!]!);
    let to = from + 1;
    while (to < order.length && valuer.articleOf(cells[order[to]!]!) === article) to++;
    // A week before the article is on sale has no plan that a choice could be held against.
    const own = order.subarray(from, to).filter((i) => !Number.isNaN(valuer.discountAt(cells[i]!)));
    from = to;
    if (!valuer.isPriced(article) || own.length === 0) continue;
    const plan = Float64Array.from(own, (i) => valuer.discountAt(cells[i]!));
    if (units !== undefined)
      for (const i of own) meetSales(valuer, article, cells[i]!, discounts[i]!, units[i]!);
    let before = valuer.value(article);
    for (const i of own) {
      valuer.set(cells[i]!, discounts[i]!);
      const after = valuer.value(article);
      costs[i] = before - after;
      before = after;
    }
    own.forEach((i, k) => {
      valuer.set(cells[i]!, plan[k]!);
      valuer.scaleDemand(cells[i]!, 1);
    });
  }
  return costs;
}

/** Scales the demand of a week such that the plan sells as many at the discount as were sold. */
function meetSales(valuer: PlanValuer, article: number, cell: number, discount: number, units: number): void {
  if (Number.isNaN(units)) return;
  const plan = valuer.discountAt(cell);
  valuer.set(cell, discount);
  valuer.value(article);
  const { sales } = valuer.valued(cell);
  valuer.set(cell, plan);
  if (sales > 0) valuer.scaleDemand(cell, units / sales);
}
