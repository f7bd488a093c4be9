import { addWeeks, weekOfDay, weeksBetween, type Week } from '@hemline/core';
import { EVERGREEN, seasonsBetween, type Season } from '../calendar/seasons.ts';
import { categorical } from '../random/discrete.ts';
import { dirichlet, lognormalFactor, normal } from '../random/continuous.ts';
import { randomStream, STREAMS, uniform, uniformBetween } from '../random/stream.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { GROUPS, type Group } from './groups.ts';
import type { Brand } from './brands.ts';

/** An article with what all markets share. */
export interface Article {
  readonly index: number;
  readonly id: string;
  readonly group: Group;
  readonly groupIndex: number;
  readonly brand: Brand;
  readonly season: string;
  readonly launchWeek: Week;
  readonly seasonEndWeek: Week;
  readonly color: string;
  readonly material: string;
  /** `entry`, `middle` or `premium`: where the price lies within the group. */
  readonly priceTier: string;
  readonly weightKg: number;
  /** Black price in a market with price level 1. */
  readonly price: number;
  /** Log of the factor on the group's demand, in all markets. Hidden; partly foretold by the attributes. */
  readonly attractiveness: number;
  /** Share of each size in the article's demand. Hidden. */
  readonly sizes: Float64Array;
}

/** Longest life of an evergreen article, in weeks. */
export const LONGEST_LIFE = 140;

const SHORTEST_EVERGREEN_LIFE = 60;

/** Weeks of the history that an article is on sale at least, unless it is launched late. */
const LEAST_OVERLAP = 8;

const COLORS: readonly (readonly [name: string, weight: number, attractiveness: number])[] = [
  ['black', 24, 0.25],
  ['white', 14, 0.1],
  ['blue', 16, 0.1],
  ['grey', 10, 0],
  ['beige', 9, 0.05],
  ['red', 7, -0.1],
  ['green', 8, -0.05],
  ['pink', 6, -0.1],
  ['yellow', 3, -0.3],
  ['multicoloured', 3, -0.2],
];

const MATERIALS: readonly (readonly [name: string, weight: number, price: number, weightFactor: number])[] = [
  ['cotton', 40, 1, 1],
  ['polyester', 25, 0.85, 0.9],
  ['viscose', 12, 0.95, 0.9],
  ['wool', 8, 1.4, 1.2],
  ['linen', 7, 1.2, 0.9],
  ['leather', 8, 1.6, 1.35],
];

/** The span of weeks that is simulated. */
export interface Span {
  readonly firstWeek: Week;
  readonly weeks: number;
  readonly planWeeks: number;
}

/**
 * Draws an article: its attributes, its time on sale, and what is hidden about it.
 * @param seed of the simulation
 * @param index 0-based number of the article
 * @param span the weeks of history and plan
 * @param brands of the simulation
 * @returns the article; the same whatever else is drawn
 */
export function drawArticle(seed: number, index: number, span: Span, brands: readonly Brand[]): Article {
  const random = randomStream(seed, STREAMS.article, index);
  const groupIndex = categorical(
    random,
    GROUPS.map(({ weight }) => weight),
  );
  const group = GROUPS[groupIndex]!;
  const brand =
    brands[
      categorical(
        random,
        brands.map(({ weight }) => weight),
      )
    ]!;
  const [color, , liking] =
    COLORS[
      categorical(
        random,
        COLORS.map(([, weight]) => weight),
      )
    ]!;
  const [material, , dearness, heaviness] =
    MATERIALS[
      categorical(
        random,
        MATERIALS.map(([, weight]) => weight),
      )
    ]!;
  const relativePrice = brand.price * dearness * lognormalFactor(random, 0.2);
  return {
    index,
    id: `A${String(index + 1).padStart(8, '0')}`,
    group,
    groupIndex,
    brand,
    ...drawLife(random, group, span),
    color,
    material,
    priceTier: relativePrice < 0.85 ? 'entry' : relativePrice < 1.25 ? 'middle' : 'premium',
    weightKg: Math.round(group.weightKg * heaviness * lognormalFactor(random, 0.12) * 1000) / 1000,
    price: group.price * relativePrice,
    // Dear articles find fewer buyers, before any discount.
    attractiveness: liking - 0.6 * Math.log(relativePrice) + Math.log(brand.demand) + 0.45 * normal(random),
    sizes: dirichlet(random, group.sizes, 60),
  };
}

/** The season, and from when to when the article is sold. */
function drawLife(
  random: RandomGenerator,
  group: Group,
  span: Span,
): Pick<Article, 'season' | 'launchWeek' | 'seasonEndWeek'> {
  const { firstWeek, weeks, planWeeks } = span;
  const lastWeek = addWeeks(firstWeek, weeks + planWeeks - 1);
  const earliestEnd = addWeeks(firstWeek, Math.min(LEAST_OVERLAP, weeks) - 1);
  if (uniform(random) < group.evergreen) {
    const life = Math.floor(uniformBetween(random, SHORTEST_EVERGREEN_LIFE, LONGEST_LIFE));
    const earliestLaunch = addWeeks(earliestEnd, 1 - life);
    const choices = weeksBetween(earliestLaunch, lastWeek) + 1;
    const launchWeek = addWeeks(earliestLaunch, Math.floor(uniform(random) * choices));
    return { season: EVERGREEN, launchWeek, seasonEndWeek: addWeeks(launchWeek, life - 1) };
  }
  // Leaving out seasons that have hardly begun or are nearly over never leaves none: seasons overlap by weeks.
  const seasons = seasonsBetween(earliestEnd, addWeeks(firstWeek, weeks + Math.max(0, planWeeks - 4) - 1));
  const season = seasons[Math.floor(uniform(random) * seasons.length)]!;
  return { season: season.name, launchWeek: drawLaunch(random, season, lastWeek), seasonEndWeek: season.end };
}

/** Early launches are more likely: the density falls linearly to 0 at the last launch. */
function drawLaunch(random: RandomGenerator, season: Season, lastWeek: Week): Week {
  const last = Math.min(season.lastLaunch, lastWeek);
  const day = season.firstLaunch + (last - season.firstLaunch) * (1 - Math.sqrt(1 - uniform(random)));
  return weekOfDay(Math.floor(day), season.firstLaunch);
}
