import { hashed } from '../coordinator/hashed.ts';

/**
 * Discounts of one week that may be explored. N series (article × market), those of an article one after the other; A articles; L levels,
 * rising.
 */
export interface ExplorableDiscounts {
  /** First series of each article [A + 1]. */
  readonly offsets: Int32Array;
  /** Level that is planned, −1 where none is [N]. */
  readonly level: ArrayLike<number>;
  readonly levelCount: number;
  /** 1 where a level may be set [N·L]; what is planned may be set in any case. */
  readonly allowed: Uint8Array;
  /** What there is to learn of each series, from 0 [N]: see {@link learningWorth}. */
  readonly worth: Float64Array;
  /** 1 where a person has fixed the price [N]; nobody by default. */
  readonly fixed?: Uint8Array;
  /**
   * Asks for limits that bind the series of an article together.
   * @param series that is drawn next
   * @param level that it may get
   * @param drawn levels of all series: those before it as they were drawn, those after it as planned
   * @returns whether it may; always by default
   */
  permits?(series: number, level: number, drawn: Int16Array): boolean;
}

/** How much is explored. */
export interface ExploreSettings {
  /** Share of the planned articles, at most, in [0, 1]. */
  readonly share: number;
  /** Levels up and down from the plan, at most; 1 by default. */
  readonly step?: number;
  /** Same seed, same draws. */
  readonly seed: number;
  /** The week, as days since 1970-01-01: a series that draws more discount in one week must not in all. */
  readonly week: number;
}

/** What was drawn. */
export interface ExploredDiscounts {
  /** As planned, or as drawn [N]. */
  readonly level: Int16Array;
  /** Probability with which the level was drawn; NaN where none was [N]. */
  readonly propensity: Float64Array;
  /** 1 for each level that could have been drawn, all with the same probability [N·L]. */
  readonly candidates: Uint8Array;
  /** Articles and series of which levels were drawn. */
  readonly articles: number;
  readonly series: number;
}

/**
 * Draws discounts around a plan by lot, to learn how sales respond to them: the articles that are worth most for learning, up to a share,
 * get in each market a level at most so many steps from the plan, each that may be set with the same probability, the planned one among them. Markets are
 * drawn one after the other, so that a later one heeds what an earlier one drew; the probability told is that given the draws before.
 * Which articles are explored is not drawn: it follows from what was known, as the plan does.
 * @param input plan and what may be set
 * @param settings share, step, seed
 * @returns levels and propensities; pure
 */
export function exploreDiscounts(input: ExplorableDiscounts, settings: ExploreSettings): ExploredDiscounts {
  return drawDiscounts(input, settings, chooseArticles(worthOfArticles(input, settings), settings));
}

/** What there is to learn, article by article. */
export interface ArticleWorths {
  /** From 0; 0 where there is nothing to draw [A]. */
  readonly worth: Float64Array;
  /** Articles that are planned. */
  readonly planned: number;
}

/**
 * Draws discounts of given articles.
 * @param input plan and what may be set
 * @param settings step and seed
 * @param chosen rows of the articles
 * @returns levels and propensities; pure, and of each article the same whatever others are drawn
 */
export function drawDiscounts(
  input: ExplorableDiscounts,
  settings: ExploreSettings,
  chosen: Uint32Array,
): ExploredDiscounts {
  const { level: planned, levelCount: L, offsets } = input;
  const { seed, week } = settings;
  const N = planned.length;
  const level = Int16Array.from(planned);
  const propensity = new Float64Array(N).fill(NaN);
  const candidates = new Uint8Array(N * L);
  let series = 0;
  for (const a of chosen)
    for (let n = offsets[a]!; n < offsets[a + 1]!; n++) {
      const open = openLevels(input, settings, n, level);
      if (open.length < 2) continue;
      for (const l of open) candidates[n * L + l] = 1;
      level[n] = open[Math.floor(open.length * hashed(seed, week, a, n - offsets[a]!))]!;
      propensity[n] = 1 / open.length;
      series++;
    }
  return { level, propensity, candidates, articles: chosen.length, series };
}

/**
 * @param input plan and what may be set
 * @param settings step
 * @returns what there is to learn of all series of each article that leave a choice
 */
export function worthOfArticles(input: ExplorableDiscounts, settings: ExploreSettings): ArticleWorths {
  const { offsets, worth } = input;
  const level = Int16Array.from(input.level);
  const A = offsets.length - 1;
  const total = new Float64Array(A);
  let articles = 0;
  for (let a = 0; a < A; a++) {
    let isPlanned = false;
    for (let n = offsets[a]!; n < offsets[a + 1]!; n++) {
      if (level[n] === -1) continue;
      isPlanned = true;
      if (worth[n]! > 0 && openLevels(input, settings, n, level).length > 1) total[a]! += worth[n]!;
    }
    if (isPlanned) articles++;
  }
  return { worth: total, planned: articles };
}

/**
 * @param worths of all articles
 * @param worths.worth what there is to learn of each
 * @param worths.planned how many are planned: the share is of these
 * @param settings share, and the seed by which equal ones are ordered
 * @returns rows of the articles that are worth most
 */
export function chooseArticles(
  { worth: total, planned }: ArticleWorths,
  settings: Pick<ExploreSettings, 'share' | 'seed' | 'week'>,
): Uint32Array {
  const most = Math.floor(settings.share * planned + 1e-9);
  return Uint32Array.from(total.keys())
    .filter((a) => total[a]! > 0)
    .sort(
      (a, b) =>
        total[b]! - total[a]! ||
        hashed(settings.seed, settings.week, a) - hashed(settings.seed, settings.week, b) ||
        a - b,
    )
    .slice(0, most);
}

/** Levels that a series may draw, the planned one among them; none where there is nothing to draw. */
function openLevels(
  { levelCount: L, allowed, fixed, permits }: ExplorableDiscounts,
  { step = 1 }: ExploreSettings,
  n: number,
  drawn: Int16Array,
): number[] {
  const planned = drawn[n]!;
  if (planned === -1 || fixed?.[n] === 1) return [];
  const open: number[] = [];
  for (let l = Math.max(0, planned - step); l <= Math.min(L - 1, planned + step); l++) {
    const may = allowed[n * L + l] === 1 && (permits === undefined || permits(n, l, drawn));
    if (l === planned || may) open.push(l);
  }
  return open;
}
