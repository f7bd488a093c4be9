import type { Highs } from 'highs';
import { throwIfAborted } from '@hemline/core';
import { choosePlans, isBetter, type Choice } from './choose-plans.ts';
import { CuttingPlanes, type DualMinimum } from './cutting-planes.ts';
import { hashed } from './hashed.ts';
import type { Evaluation, LinkingRow, Portfolio } from './linking-row.ts';
import { SampledPortfolio } from './sampled-portfolio.ts';
import { scalesOf } from './scaling.ts';
import { SolutionCache } from './solution-cache.ts';

/** When the search ends. */
export interface CoordinationSettings {
  /** Gap that is good enough, a fraction of the value. */
  readonly gap: number;
  /** Evaluations of all articles, at most. */
  readonly evaluations: number;
}

/** 0.5 %, and as many evaluations as small portfolios may need to get there. */
export const COORDINATION_DEFAULTS: CoordinationSettings = { gap: 0.005, evaluations: 40 };

/** Blocks of articles with cuts of their own. */
const BLOCKS = 48;
/** What multipliers are moved by where the dual is at its minimum and the plans are not good enough, at first. */
const FIRST_SWING = 0.1;

/** Portfolios of so many articles at most get plans that are best at no multipliers as well: there one plan fills a limit or does not. */
const FEW_ARTICLES = 2000;
/** Such plans of each article between two choices. */
const VARIATIONS = 12;

/** Rounds around the minimum in which neither bound nor value has become better, after which the search ends. */
const MOST_STALE = 8;

/** Portfolios of more articles begin with multipliers of a sample of about so many. */
const SAMPLE = 2500;
/** Evaluations of the sample, at most. */
const SAMPLE_EVALUATIONS = 16;
/** Share by which multipliers may leave those of the best bound after a sample, and evaluations for which that holds. */
const NEAR_SAMPLE = 0.1;
const CONFINED = 4;

/** How far the search has come. */
export interface CoordinationStep {
  readonly evaluations: number;
  readonly bound: number;
  readonly value: number;
  readonly gap: number;
  readonly isFeasible: boolean;
}

/** The plans of all articles together. */
export interface Coordination {
  /** Levels of all plans, from {@link Portfolio.planOffsets}. */
  readonly levels: Uint8Array;
  readonly choice: Choice;
  /** No plans within the limits are worth more. */
  readonly bound: number;
  /** (bound − value) / |value|; Infinity where a hard row is missed. */
  readonly gap: number;
  /** What a unit more of each bound would earn [R]. */
  readonly multipliers: Float64Array;
  /** Levels of the plans that were found first: without a start, those that no row has changed. */
  readonly freeLevels: Uint8Array;
  /** Bound of each article at the multipliers that gave the bound of all [A], [R]. */
  readonly articleBound: Float64Array;
  readonly boundMultipliers: Float64Array;
  /** What the chosen plans earn and use [A], [A·R]. */
  readonly chosen: Pick<Evaluation, 'profit' | 'use'>;
  readonly evaluations: number;
}

/**
 * Finds plans for all articles under limits that link them. Lagrangian decomposition: multipliers of the rows split the problem into
 * articles; cutting planes find the multipliers, every plan is kept, and between two evaluations the cached plans are recombined; a
 * small integer program picks one of each article. Sums run in the order of the articles, so that threads change nothing.
 * @param portfolio articles and rows
 * @param highs the solver
 * @param settings when to end
 * @param options start from the multipliers of an earlier solve, watch, stop
 * @param options.start multipliers [R]
 * @param options.kept plans of an earlier solve, with what they use of these rows; the search begins at what they come to, and adds its own
 * @param options.onStep told after each evaluation
 * @param options.signal raised to stop
 * @returns the plans, with a bound
 */
export async function coordinate(
  portfolio: Portfolio,
  highs: Highs,
  settings: CoordinationSettings = COORDINATION_DEFAULTS,
  options: {
    readonly start?: Float64Array;
    readonly kept?: SolutionCache;
    readonly onStep?: (step: CoordinationStep) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Coordination> {
  const { rows, planOffsets } = portfolio;
  const cache = options.kept ?? new SolutionCache(planOffsets, rows.length, BLOCKS);
  const sampled =
    options.start === undefined && cache.size === 0
      ? await sampledStart(portfolio, highs, settings, options.signal)
      : undefined;
  const start = options.start ?? sampled;
  // Beyond the price of a soft row a dual value is no bound.
  let multipliers: Float64Array = Float64Array.from(rows, ({ price }, r) =>
    Math.min(Math.max(0, start?.[r] ?? 0), price ?? Infinity),
  );
  let planes: CuttingPlanes | null = null;
  try {
    let scales = scalesOf(rows, cache.evaluations);
    if (cache.size > 0) {
      planes = new CuttingPlanes(highs, rows, scales, cache.blocks);
      if (rows.length > 0) multipliers = planes.minimise(cache, multipliers).multipliers;
    }
    // Multipliers of a sample have changed the first plans: those that no row has changed are found apart.
    const free = sampled === undefined ? null : await portfolio.evaluate(new Float64Array(rows.length));
    let evaluation = await portfolio.evaluate(multipliers);
    // Plans that are kept have those among them that are known without solving.
    const known = cache.size > 0 ? [] : await portfolio.known(evaluation);
    const least = leastOf(known);
    cache.add(evaluation);
    for (const each of known) cache.add(each);
    if (free !== null) cache.add(free);
    const { levels: freeLevels } = free ?? evaluation;
    let { bound: articleBound } = evaluation;
    if (planes === null) scales = scalesOf(rows, cache.evaluations);
    planes ??= new CuttingPlanes(highs, rows, scales, cache.blocks);
    let bound = boundAt(rows, evaluation, multipliers);
    let centre: Float64Array = multipliers;
    let reachedByPlans = plansAt(rows, evaluation, multipliers);
    let choice: Choice | null = null;
    let swing = 0;
    let stale = 0;
    let reachedGap = Infinity;
    for (let evaluations = 1; ; evaluations++) {
      planes.confine(centre, sampled !== undefined && evaluations <= CONFINED ? NEAR_SAMPLE : Infinity);
      const found: DualMinimum =
        rows.length === 0 ? { multipliers, value: bound, isAtEdge: false } : planes.minimise(cache, centre);
      // What bounds all plans within the limits is below what any plans are worth: there are none.
      const isHopeless = bound < least && rows.every(({ price }, r) => price === null || centre[r] === 0);
      const isLast = isHopeless || evaluations >= settings.evaluations;
      // Far from the minimum a choice would only be thrown away.
      const isNear = bound - found.value <= 2 * settings.gap * Math.abs(bound);
      if (choice === null || isNear || isLast) {
        const picked = choosePlans(highs, cache, rows, scales, found.multipliers);
        if (choice === null || isBetter(picked, choice)) choice = picked;
      }
      const gap = gapOf(bound, choice);
      options.onStep?.({ evaluations, bound, value: choice.value, gap, isFeasible: choice.isFeasible });
      stale = gap < reachedGap || swing === 0 || !choice.isFeasible ? 0 : stale + 1;
      reachedGap = Math.min(reachedGap, gap);
      if (gap <= settings.gap || isLast || rows.length === 0 || stale >= MOST_STALE)
        return {
          levels: levelsOf(cache, choice, planOffsets),
          ...{ choice, bound, gap, multipliers: found.multipliers, evaluations },
          ...{ freeLevels, articleBound, boundMultipliers: centre },
          chosen: chosenOf(cache, choice),
        };
      throwIfAborted(options.signal);
      // Plans are compared with plans: an article's bound has a gap of its own.
      const isAtMinimum =
        !found.isAtEdge && reachedByPlans - found.value <= 0.1 * settings.gap * Math.abs(bound);
      multipliers = isAtMinimum
        ? swung(rows, found.multipliers, scales, ++swing)
        : between(centre, found.multipliers, evaluations > 2 ? 0.8 : 1);
      evaluation = await portfolio.evaluate(multipliers);
      cache.add(evaluation);
      if (isAtMinimum && cache.articles <= FEW_ARTICLES) {
        const levels = levelsOf(cache, choice, planOffsets);
        for (let k = 0; k < VARIATIONS; k++) cache.add(await portfolio.vary(levels, swing * VARIATIONS + k));
      }
      const reached = boundAt(rows, evaluation, multipliers);
      if (reached < bound) {
        bound = reached;
        centre = multipliers;
        reachedByPlans = plansAt(rows, evaluation, multipliers);
        articleBound = evaluation.bound;
      }
    }
  } finally {
    planes?.dispose();
  }
}

/**
 * Multipliers that are best for a sample, where there are many more articles than it takes to find them: evaluations of all of them
 * are then spent near the minimum.
 */
async function sampledStart(
  portfolio: Portfolio,
  highs: Highs,
  { gap }: CoordinationSettings,
  signal: AbortSignal | undefined,
): Promise<Float64Array | undefined> {
  const every = Math.floor((portfolio.planOffsets.length - 1) / SAMPLE);
  if (every < 2 || portfolio.rows.length === 0) return undefined;
  const sample = new SampledPortfolio(portfolio, every);
  const found = await coordinate(
    sample,
    highs,
    { gap, evaluations: SAMPLE_EVALUATIONS },
    { ...(signal === undefined ? {} : { signal }) },
  );
  return found.choice.isFeasible ? found.multipliers : undefined;
}

/** What no plans are worth less than, short of rounding; −Infinity where that is not known. */
function leastOf([known]: readonly Evaluation[]): number {
  if (known === undefined) return -Infinity;
  let [sum, size] = [0, 0];
  for (const value of known.bound) {
    sum += value;
    size += Math.abs(value);
  }
  for (const value of known.profit) size += Math.abs(value);
  return sum - 1e-9 * size;
}

/** Whatever the multipliers, their dual is a bound. */
function boundAt(rows: readonly LinkingRow[], { bound }: Evaluation, multipliers: Float64Array): number {
  let sum = 0;
  for (const value of bound) sum += value;
  rows.forEach((row, r) => (sum += multipliers[r]! * row.bound));
  return sum;
}

/** The same of the plans that were found: what the dual of all plans is at least. */
function plansAt(
  rows: readonly LinkingRow[],
  { profit, use }: Evaluation,
  multipliers: Float64Array,
): number {
  const R = rows.length;
  let sum = 0;
  for (const value of profit) sum += value;
  for (let i = 0; i < use.length; i++) sum -= multipliers[i % R]! * use[i]!;
  rows.forEach((row, r) => (sum += multipliers[r]! * row.bound));
  return sum;
}

function gapOf(bound: number, { value, isFeasible }: Choice): number {
  if (!isFeasible) return Infinity;
  const gap = bound - value;
  return gap <= 0 ? 0 : gap / Math.max(Math.abs(value), Number.MIN_VALUE);
}

function between(from: Float64Array, to: Float64Array, share: number): Float64Array {
  return to.map((value, r) => from[r]! + share * (value - from[r]!));
}

/**
 * Multipliers around the minimum: each brings plans that the minimum itself does not, which a portfolio of few articles needs to fill
 * its limits. Drawn from a hash of the round, so that they are the same everywhere.
 */
function swung(
  rows: readonly LinkingRow[],
  multipliers: Float64Array,
  scales: { readonly profit: number; readonly use: Float64Array },
  round: number,
): Float64Array {
  const width = FIRST_SWING * (1 + (round % 8));
  return multipliers.map((value, r) => {
    const draw = 2 * hashed(round, r) - 1;
    const least = (0.02 * scales.profit) / scales.use[r]!;
    const moved = Math.max(0, value * (1 + width * draw) + (value < least ? least * width * draw : 0));
    return Math.min(moved, rows[r]!.price ?? Infinity);
  });
}

function levelsOf(cache: SolutionCache, { generation }: Choice, offsets: Float64Array): Uint8Array {
  const levels = new Uint8Array(offsets.at(-1)!);
  for (let a = 0; a < cache.articles; a++) levels.set(cache.planOf(a, generation[a]!), offsets[a]!);
  return levels;
}

function chosenOf(cache: SolutionCache, { generation }: Choice): Coordination['chosen'] {
  const { articles, rows } = cache;
  return {
    profit: Float64Array.from(generation, (g, a) => cache.profitOf(a, g)),
    use: Float64Array.from({ length: articles * rows }, (_, i) =>
      cache.useOf(Math.floor(i / rows), generation[Math.floor(i / rows)]!, i % rows),
    ),
  };
}
