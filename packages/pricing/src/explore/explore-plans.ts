import { formatWeek } from '@hemline/core';
import { planKeepsLimits } from '../article/plan-limits.ts';
import type { ArticleProblem } from '../article/article-problem.ts';
import type { Choice } from '../coordinator/choose-plans.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { PricedArticles } from '../recommendations/price-articles.ts';
import { Recommender } from '../recommendations/recommend.ts';
import { experimentName } from './experiment-name.ts';
import {
  chooseArticles,
  drawDiscounts,
  worthOfArticles,
  type ArticleWorths,
  type ExplorableDiscounts,
  type ExploredDiscounts,
  type ExploreSettings,
} from './explore-discounts.ts';
import type { DrawnWeek, ExplorationTotals } from './exploration.ts';
import { learningWorth } from './learning-worth.ts';

/** Plans that can be explored. */
export type ExplorablePlans = Pick<PricedArticles, 'table' | 'portfolio' | 'found'>;

/** What exploring makes of plans. */
export interface DrawnPlans {
  readonly found: Coordination;
  readonly exploration: ExplorationTotals;
  /** Propensities and experiments of the series of the table. */
  readonly drawn: DrawnWeek;
}

/** Plans of which some discounts were drawn by lot. */
export type ExploredArticles = PricedArticles & DrawnPlans;

/** How plans are explored. */
export interface ExplorePlansSettings extends Omit<ExploreSettings, 'week'> {
  /** Begins the names of the experiments: a run. */
  readonly experiment: string;
}

/**
 * Explores the first week of the plans of all articles, within the limits of each. The other weeks stay as planned: they will be planned again
 * when the week has passed. Limits of the business are measured anew and may be missed by a little: who sees a draw and takes it back has drawn nothing.
 * @param priced plans
 * @param settings share, step, seed, name
 * @returns the plans with what was drawn; those given are left as they are
 */
export function explorePlans(priced: PricedArticles, settings: ExplorePlansSettings): ExploredArticles {
  const { table, portfolio } = priced;
  const chosen = articlesToExplore(explorationWorths(priced, settings), table, settings);
  const explored = exploreArticles(priced, chosen, settings);
  const recommender = new Recommender(table, portfolio, explored.found, explored.drawn);
  return { ...priced, ...explored, recommender };
}

/**
 * @param plans of all articles, or of some where others are planned elsewhere
 * @param settings step
 * @returns what there is to learn of each
 */
export function explorationWorths(plans: ExplorablePlans, settings: ExplorePlansSettings): ArticleWorths {
  return worthOfArticles(explorable(plans, settings.step ?? 1), {
    ...settings,
    week: plans.table.weeks[0]!,
  });
}

/**
 * @param worths of all articles
 * @param table with their weeks
 * @param settings share and seed
 * @returns rows of the articles of which discounts are drawn
 */
export function articlesToExplore(
  worths: ArticleWorths,
  table: Pick<ExplorablePlans['table'], 'weeks'>,
  settings: ExplorePlansSettings,
): Uint32Array {
  return chooseArticles(worths, { ...settings, week: table.weeks[0]! });
}

/**
 * Draws discounts of the first week of some articles.
 * @param plans that hold these articles
 * @param chosen rows of the articles
 * @param settings step, seed, name
 * @returns what becomes of the plans; those given are left as they are
 */
export function exploreArticles(
  plans: ExplorablePlans,
  chosen: Uint32Array,
  settings: ExplorePlansSettings,
): DrawnPlans {
  const { table, portfolio, found } = plans;
  const input = explorable(plans, settings.step ?? 1);
  const drawn = drawDiscounts(input, { ...settings, week: table.weeks[0]! }, chosen);
  const levels = found.levels.slice();
  const explored = { profit: found.chosen.profit.slice(), use: found.chosen.use.slice() };
  const use = found.choice.use.slice();
  const R = use.length;
  let [cost, moved] = [0, 0];
  for (let a = 0; a < table.articles.length; a++) {
    let isMoved = false;
    const [first, next] = [table.offsets[a]!, table.offsets[a + 1]!];
    const weeks = table.end[a]!;
    for (let n = first; n < next; n++) {
      if (drawn.level[n] === input.level[n]) continue;
      levels[portfolio.planOffsets[a]! + (n - first) * weeks] = drawn.level[n]!;
      isMoved = true;
      moved++;
    }
    if (!isMoved) continue;
    const before = portfolio.outcome(a, sliceOf(plans, found.levels, a)).plan.value;
    const { problem, plan } = portfolio.outcome(a, sliceOf(plans, levels, a));
    const lost = before - plan.value;
    cost += lost;
    explored.profit[a]! -= lost;
    const own = new Float64Array(R);
    portfolio.linking.use(problem, plan, a, own, 0);
    own.forEach((value, r) => {
      use[r]! += value - explored.use[a * R + r]!;
      explored.use[a * R + r] = value;
    });
  }
  const { share, step = 1, seed, experiment } = settings;
  const { articles, series, propensity } = drawn;
  const exploration: ExplorationTotals = {
    ...{ share, step, seed, week: formatWeek(table.weeks[0]!), articles, series, moved, cost },
  };
  return {
    found: { ...found, levels, chosen: explored, choice: choiceWith(found.choice, use, cost) },
    exploration,
    drawn: {
      ...{ propensity, totals: exploration },
      experiment: experimentNames(plans, drawn, input.levelCount, experiment),
    },
  };
}

/**
 * @param choice of plans
 * @param use of the limits, with what was drawn
 * @param cost of exploring
 * @returns the choice with it
 */
export function choiceWith<T extends Pick<Choice, 'use' | 'profit' | 'value'>>(
  choice: T,
  use: Float64Array,
  cost: number,
): T {
  return { ...choice, use, profit: choice.profit - cost, value: choice.value - cost };
}

/** What may be set in the first week of each series, and what there is to learn of it. */
function explorable(priced: ExplorablePlans, step: number): ExplorableDiscounts {
  const { table, portfolio, found } = priced;
  const { filler } = portfolio;
  const N = table.market.length;
  const L = mostLevels(priced);
  const level = new Int16Array(N).fill(-1);
  const allowed = new Uint8Array(N * L);
  const worth = new Float64Array(N);
  const fixed = new Uint8Array(N);
  for (let a = 0; a < table.articles.length; a++) {
    // What comes on sale later is not priced in the first week.
    if (!filler.isPriced(a) || table.begin[a]! > 0) continue;
    const { problem, plan } = portfolio.outcome(a, sliceOf(priced, found.levels, a));
    const { weeks, levelCount, markets } = problem;
    const own = plan.level.slice(0, markets * weeks);
    for (let m = 0; m < markets; m++) {
      const n = table.offsets[a]! + m;
      const planned = own[m * weeks]!;
      level[n] = planned;
      fixed[n] = Number(filler.narrowed[m * weeks] === 3);
      const discounts: number[] = [];
      for (let l = Math.max(0, planned - step); l <= Math.min(levelCount - 1, planned + step); l++) {
        own[m * weeks] = l;
        if (l !== planned && !planKeepsLimits(problem, own)) continue;
        allowed[n * L + l] = 1;
        discounts.push(problem.levels[l]!);
      }
      own[m * weeks] = planned;
      let profit = 0;
      for (let t = 0; t < weeks; t++) {
        const at = m * weeks + t;
        profit += plan.sales[at]! * problem.margin[at * levelCount + own[at]!]!;
      }
      worth[n] = learningWorth({
        ...{ profit, demand: problem.demand[m * weeks * levelCount + planned]!, discounts },
        dispersion: problem.dispersion[m * weeks]!,
      });
    }
  }
  return { offsets: table.offsets, level, levelCount: L, allowed, worth, fixed, permits: permitsOf(priced) };
}

/** Limits of an article that bind its markets together, at what was drawn so far. */
function permitsOf(priced: ExplorablePlans): NonNullable<ExplorableDiscounts['permits']> {
  const { table, portfolio, found } = priced;
  let [article, problem, plan]: [number, ArticleProblem | null, Uint8Array] = [-1, null, new Uint8Array(0)];
  return (series, level, drawn) => {
    if (article === -1 || series < table.offsets[article]! || series >= table.offsets[article + 1]!) {
      article = articleOf(table.offsets, series);
      plan = sliceOf(priced, found.levels, article).slice();
      ({ problem } = portfolio.outcome(article, plan));
    }
    const { markets, weeks } = problem!;
    const first = table.offsets[article]!;
    for (let m = 0; m < markets; m++) plan[m * weeks] = first + m === series ? level : drawn[first + m]!;
    return planKeepsLimits(problem!, plan);
  };
}

/** Name of the experiment of each series, null where nothing was drawn. */
function experimentNames(
  priced: ExplorablePlans,
  { candidates, propensity }: ExploredDiscounts,
  L: number,
  experiment: string,
): (string | null)[] {
  const { portfolio, table, found } = priced;
  const names: (string | null)[] = new Array<string | null>(propensity.length).fill(null);
  for (let a = 0; a < table.articles.length; a++) {
    const [first, next] = [table.offsets[a]!, table.offsets[a + 1]!];
    if (propensity.subarray(first, next).every(Number.isNaN)) continue;
    const { problem } = portfolio.outcome(a, sliceOf(priced, found.levels, a));
    for (let n = first; n < next; n++) {
      if (Number.isNaN(propensity[n]!)) continue;
      const open: number[] = [];
      for (let l = 0; l < problem.levelCount; l++)
        if (candidates[n * L + l] === 1) open.push(problem.levels[l]!);
      names[n] = experimentName(experiment, open);
    }
  }
  return names;
}

function mostLevels({ portfolio, table }: ExplorablePlans): number {
  let most = 1;
  for (let a = 0; a < table.articles.length; a++) {
    if (!portfolio.filler.isPriced(a)) continue;
    portfolio.filler.fill(a);
    most = Math.max(most, portfolio.filler.problem.levelCount);
  }
  return most;
}

function sliceOf({ portfolio }: ExplorablePlans, levels: Uint8Array, a: number): Uint8Array {
  return levels.subarray(portfolio.planOffsets[a]!, portfolio.planOffsets[a + 1]!);
}

function articleOf(offsets: Int32Array, series: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= series) low = middle;
    else high = middle;
  }
  return low;
}
