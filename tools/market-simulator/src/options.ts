import {
  addWeeks,
  checkDiscountGrid,
  ConfigurationError,
  DEFAULT_DISCOUNTS,
  formatWeek,
  parseDiscountGrid,
  parseWeek,
  weeksBetween,
  type ProgressEvent,
} from '@hemline/core';
import { GROUPS } from './assortment/groups.ts';
import { LONGEST_LIFE, type Span } from './assortment/article.ts';
import { MOST_MARKETS } from './assortment/markets.ts';
import { RETURN_LAGS } from './returns.ts';
import type { CheckedShift, World } from './world.ts';

/** A change of demand that buyers and planners do not expect. */
export interface DemandShift {
  /** Name of the group. */
  readonly group: string;
  /** On its expected demand, above 0: 0.7 is 30 % less. */
  readonly factor: number;
  /** First day of the first week, as YYYY-MM-DD; a week of the simulation. */
  readonly from: string;
}

/** What market to simulate, and where to. */
export interface MarketOptions {
  /** Folder to write; must not exist, be empty, or hold a simulation. */
  readonly out: string;
  /** Number of articles; 2000 by default. */
  readonly articles?: number;
  /** Number of markets, 1 to 25; 4 by default. */
  readonly markets?: number;
  /** Weeks of history, 13 to 520; 104 by default. */
  readonly weeks?: number;
  /** Weeks planned after it, 0 to 104; 26 by default. */
  readonly planWeeks?: number;
  /** Non-negative integer; same seed, same bytes. 1 by default. */
  readonly seed?: number;
  /** First day of the first week as YYYY-MM-DD; a Monday, `2021-10-04`, by default. */
  readonly firstWeek?: string;
  /** Discounts that the shop gives and the truth is written for: as text or as levels; `0:0.7:0.05` by default. */
  readonly discounts?: string | ArrayLike<number>;
  /** What nobody foresees: from a week on, the demand of a group is another. */
  readonly shift?: DemandShift;
  /** Whether all markets of an article sell from one stock; each has its own by default. */
  readonly pool?: boolean;
  /** Share of the demand that discounts bring which is taken from other articles of the group, in [0, 0.95]; 0 by default. */
  readonly competition?: number;
  /** How much the log of the response to discounts changes from launch to season's end, in [-2, 2]; 0 by default. */
  readonly aging?: number;
  /** Whether list prices hold the value-added tax of their market; there is none by default. */
  readonly vat?: boolean;
  /** Share by which more is bought than buyers think is needed, in [-0.9, 5]; 0 by default. */
  readonly overstock?: number;
  /** What residual values are multiplied by, in [0, 2]; 1 by default. */
  readonly residual?: number;
  /** Whether to replace another simulation in `out`. */
  readonly overwrite?: boolean;
  /** Articles simulated between two pauses, in which data is written; has no effect on what is written. 64 by default. */
  readonly blockArticles?: number;
  /** Rows of a row group; 65536 by default. */
  readonly rowGroupRows?: number;
  /** A file is ended once it has as many rows; 1048576 by default. */
  readonly fileRows?: number;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Raised to stop; nothing is left behind then. */
  readonly signal?: AbortSignal;
}

/** Options with defaults filled in and checked. */
export interface CheckedOptions extends World {
  readonly blockArticles: number;
  readonly rowGroupRows: number;
  readonly fileRows: number;
}

/** A series' returns must fit into the buffer of a row group. */
const LEAST_ROW_GROUP_ROWS = LONGEST_LIFE * RETURN_LAGS;

type Numbers = Pick<
  Required<MarketOptions>,
  'articles' | 'markets' | 'weeks' | 'planWeeks' | 'seed' | 'blockArticles' | 'rowGroupRows' | 'fileRows'
>;

/** Default and bounds of each number. */
const NUMBERS: Readonly<
  Record<keyof Numbers, { readonly default: number; readonly least: number; readonly most: number }>
> = {
  articles: { default: 2000, least: 1, most: 99_999_999 },
  markets: { default: 4, least: 1, most: MOST_MARKETS },
  weeks: { default: 104, least: 13, most: 520 },
  planWeeks: { default: 26, least: 0, most: 104 },
  seed: { default: 1, least: 0, most: Number.MAX_SAFE_INTEGER },
  blockArticles: { default: 64, least: 1, most: 100_000 },
  rowGroupRows: { default: 65_536, least: LEAST_ROW_GROUP_ROWS, most: 4_194_304 },
  fileRows: { default: 1_048_576, least: 1, most: Number.MAX_SAFE_INTEGER },
};

/**
 * Fills in defaults and checks.
 * @param options as given
 * @returns complete options
 * @throws ConfigurationError that names every number out of range; DataError for a first week that is no date;
 *   ConfigurationError for a grid that does not rise within [0, 1), and for a shift that could not be seen
 */
export function checkOptions(options: MarketOptions): CheckedOptions {
  const wrong: string[] = [];
  const numbers = {} as { -readonly [Name in keyof Numbers]: number };
  for (const [name, range] of Object.entries(NUMBERS) as [keyof Numbers, (typeof NUMBERS)[keyof Numbers]][]) {
    const value = options[name] ?? range.default;
    numbers[name] = value;
    if (!Number.isSafeInteger(value) || value < range.least || value > range.most)
      wrong.push(`${name} ${value} (a whole number from ${range.least} to ${range.most})`);
  }
  const { pool = false, vat = false, competition = 0, aging = 0, overstock = 0, residual = 1 } = options;
  for (const [name, value, least, most] of [
    ['competition', competition, 0, 0.95],
    ['aging', aging, -2, 2],
    ['overstock', overstock, -0.9, 5],
    ['residual', residual, 0, 2],
  ] as const)
    if (!(value >= least && value <= most))
      wrong.push(`${name} ${value} (a number from ${least} to ${most})`);
  if (wrong.length > 0)
    throw new ConfigurationError('the simulation cannot be made', {
      expected: 'every option in its range',
      found: wrong.join('; '),
    });
  if (typeof options.out !== 'string' || options.out === '')
    throw new ConfigurationError('the simulation has no place to go', {
      expected: 'a folder as out',
      found: JSON.stringify(options.out),
    });
  const { discounts = DEFAULT_DISCOUNTS } = options;
  const firstWeek = parseWeek(options.firstWeek ?? '2021-10-04');
  return {
    ...numbers,
    ...{ firstWeek, pool, competition, aging, vat, overstock, residual },
    shift: options.shift === undefined ? null : checkShift(options.shift, { ...numbers, firstWeek }),
    levels: typeof discounts === 'string' ? parseDiscountGrid(discounts) : checkDiscountGrid(discounts),
  };
}

function checkShift({ group, factor, from }: DemandShift, span: Span): CheckedShift {
  const names = GROUPS.map(({ name }) => name);
  const week = parseWeek(from);
  const at = weeksBetween(span.firstWeek, week);
  const isWeek = Number.isInteger(at) && at >= 0 && at < span.weeks + span.planWeeks;
  if (names.includes(group) && factor > 0 && Number.isFinite(factor) && isWeek)
    return { group, factor, from: week };
  const last = addWeeks(span.firstWeek, span.weeks + span.planWeeks - 1);
  throw new ConfigurationError('demand cannot be shifted so', {
    expected: `a group (${names.join(', ')}), a factor above 0, and a week from ${formatWeek(span.firstWeek)} to ${formatWeek(last)} that begins on its weekday`,
    found: `${group}, ${factor}, ${from}`,
  });
}
