import { addWeeks, parseWeek, type Week } from '@hemline/core';
import { SeededRandom } from './random.ts';

/** How large a synthetic market is, and how it is cut into batches. */
export interface SyntheticOptions {
  /** At least 10, so that every odd kind of series occurs. */
  readonly articles?: number;
  /** At most 25, each in a country of its own. */
  readonly markets?: number;
  /** Known weeks; at least 30. */
  readonly weeks?: number;
  /** Planned weeks after the last known one. */
  readonly planWeeks?: number;
  readonly seed?: number;
  /** First known week. */
  readonly firstWeek?: Week;
  /** Rows of a batch; small, so that every table but the attributes comes in several batches. */
  readonly batchRows?: number;
}

/** What is odd about an article's series. */
export type SeriesKind =
  | 'usual'
  | 'all-zero'
  | 'single-row'
  | 'cold-start'
  | 'unknown-group'
  | 'short'
  | 'gaps'
  | 'ended'
  | 'one-market'
  | 'no-attributes';

/** The first articles have one oddity each; all others are usual. */
const ODDITIES: readonly SeriesKind[] = [
  'all-zero',
  'single-row',
  'cold-start',
  'unknown-group',
  'short',
  'gaps',
  'ended',
  'one-market',
  'no-attributes',
];

const GROUPS = ['dress', 'shirt', 'shoe', 'coat'] as const;
const BRANDS = ['anker', 'birke', 'clove'] as const;

/** Markets are named by the country they are in, as ISO 3166 writes it: calendars of holidays know them. In order of their names. */
const COUNTRIES = [
  'AT',
  'BE',
  'CH',
  'CZ',
  'DE',
  'DK',
  'EE',
  'ES',
  'FI',
  'FR',
  'GB',
  'GR',
  'HR',
  'HU',
  'IE',
  'IT',
  'LT',
  'LV',
  'NL',
  'NO',
  'PL',
  'PT',
  'SE',
  'SI',
  'SK',
] as const;

/** An article and everything that decides its sales. */
export interface SyntheticArticle {
  readonly name: string;
  readonly kind: SeriesKind;
  readonly group: string | null;
  readonly brand: string | null;
  readonly season: string | null;
  readonly launchWeek: Week | null;
  readonly seasonEndWeek: Week | null;
  /** First and last week with rows (the plan included); positions counted from the first known week. */
  readonly start: number;
  readonly end: number;
  readonly blackPrice: number;
  /** Mean demand in a week without discount. */
  readonly level: number;
  /** Demand grows with exp(elasticity × discount). */
  readonly elasticity: number;
  readonly returnRate: number;
  /** Cost of shipping one unit. */
  readonly shippingCost: number;
  readonly returnCost: number;
  /** Worth of a unit after the season, as a share of black price. */
  readonly residualValue: number;
}

/** A market of the synthetic world. */
export interface SyntheticMarket {
  readonly name: string;
  readonly size: number;
  readonly income: number;
}

/** Articles, markets and calendar, before anything is sold. */
export interface SyntheticWorld {
  readonly articles: readonly SyntheticArticle[];
  readonly markets: readonly SyntheticMarket[];
  readonly weeks: number;
  readonly planWeeks: number;
  readonly firstWeek: Week;
  readonly lastWeek: Week;
  readonly batchRows: number;
  readonly random: SeededRandom;
}

/**
 * Draws a world.
 * @param options its size; defaults: 30 articles, 2 markets, 60 weeks, 8 planned weeks
 * @returns the world
 * @throws RangeError when it is too small to hold every odd series, or has more markets than there are countries for
 */
export function drawWorld(options: SyntheticOptions = {}): SyntheticWorld {
  const { articles = 30, markets = 2, weeks = 60, planWeeks = 8, seed = 1, batchRows = 500 } = options;
  if (articles < 10 || weeks < 30 || markets < 1) {
    throw new RangeError(
      `a synthetic market needs 10 articles, 1 market and 30 weeks; asked for ${articles}, ${markets} and ${weeks}`,
    );
  }
  if (markets > COUNTRIES.length)
    throw new RangeError(`a synthetic market has ${COUNTRIES.length} markets at most; asked for ${markets}`);
  const firstWeek = options.firstWeek ?? parseWeek('2022-01-03');
  const random = new SeededRandom(seed);
  const calendar = { weeks, planWeeks, firstWeek };
  return {
    articles: Array.from({ length: articles }, (_, i) => drawArticle(i, calendar, random)),
    markets: Array.from({ length: markets }, (_, i) => ({
      name: COUNTRIES[i]!,
      size: 0.7 + 0.6 * random.uniform(),
      income: 20 + 30 * random.uniform(),
    })),
    weeks,
    planWeeks,
    firstWeek,
    lastWeek: addWeeks(firstWeek, weeks - 1),
    batchRows,
    random,
  };
}

function drawArticle(
  position: number,
  calendar: Pick<SyntheticWorld, 'weeks' | 'planWeeks' | 'firstWeek'>,
  random: SeededRandom,
): SyntheticArticle {
  const kind = ODDITIES[position] ?? 'usual';
  const group = position % GROUPS.length;
  const bare = kind === 'no-attributes';
  const [start, end] = lifeOf(kind, position, calendar);
  // Half of the seasons end within the history, so that there is something to clear.
  const seasonEnd = position % 2 === 0 ? Math.floor(calendar.weeks * (0.3 + 0.5 * random.uniform())) : null;
  const returnRate = kind === 'all-zero' ? 0 : 0.1 + 0.12 * group;
  return {
    name: `A${String(position + 1).padStart(4, '0')}`,
    kind,
    group: bare ? null : kind === 'unknown-group' ? 'hat' : GROUPS[group]!,
    brand: bare || kind === 'unknown-group' ? null : BRANDS[position % BRANDS.length]!,
    season: bare ? null : position % 2 === 0 ? 'summer' : 'winter',
    launchWeek: bare ? null : addWeeks(calendar.firstWeek, start),
    seasonEndWeek: seasonEnd === null ? null : addWeeks(calendar.firstWeek, seasonEnd),
    start,
    end,
    blackPrice: 20 + 5 * random.below(16),
    level: kind === 'all-zero' ? 0 : 2 + 10 * random.uniform(),
    elasticity: 1.5 + 2 * random.uniform(),
    returnRate: returnRate * (0.8 + 0.4 * random.uniform()),
    shippingCost: 3 + group + random.uniform(),
    returnCost: 4 + 0.5 * group + random.uniform(),
    residualValue: 0.1 + 0.1 * group + 0.05 * random.uniform(),
  };
}

/** First and last week with rows. Histories end with the plan, unless the article has. */
function lifeOf(
  kind: SeriesKind,
  position: number,
  { weeks, planWeeks }: Pick<SyntheticWorld, 'weeks' | 'planWeeks'>,
): [start: number, end: number] {
  const last = weeks - 1 + planWeeks;
  switch (kind) {
    case 'single-row':
      return [weeks - 16, weeks - 16];
    case 'cold-start':
    case 'unknown-group':
      return [weeks, last];
    case 'short':
      return [weeks - 18, last];
    case 'ended':
      return [0, Math.floor(weeks / 2)];
    default:
      // Two launches during the history, the rest from the start.
      return [position % 5 === 4 ? Math.floor(weeks / 4) : 0, last];
  }
}
