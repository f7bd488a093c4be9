import { ConfigurationError, nearest } from '@hemline/core';
import { WEEK_OF_YEAR, weekOfYear, YEAR_WAVE, yearWave } from './calendar.ts';
import type { Feature, FeatureDefinition } from './feature.ts';
import {
  COUNT_ENCODING,
  countEncoding,
  GROUP_ROLLING,
  groupRolling,
  TARGET_ENCODING,
  targetEncoding,
} from './groups.ts';
import { HOLIDAYS, holidays, SALE_EVENT, saleEvent } from './holidays.ts';
import { LAG, lag } from './lag.ts';
import { readOptions, type KindOptions } from './options.ts';
import * as planned from './planned.ts';
import { EXPONENTIAL, exponential, TREND, trend, WEEKS_SINCE, weeksSince } from './recency.ts';
import { STOCK_UPLIFT, stockUplift, WEEKS_OF_COVER, weeksOfCover } from './stock.ts';
import { EXPANDING, expanding, ROLLING, rolling, SEASONAL, seasonal } from './windows.ts';

/** A kind: its options, and what makes a feature of them, given what it is of where it is of something. */
interface Kind {
  readonly options: KindOptions;
  // What comes out of a file is not typed: its options are read by the kind's own schema.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly make: (...given: any[]) => Feature;
}

const KINDS: Readonly<Record<string, Kind>> = {
  lag: { options: LAG, make: lag },
  rolling: { options: ROLLING, make: rolling },
  expanding: { options: EXPANDING, make: expanding },
  seasonal: { options: SEASONAL, make: seasonal },
  exponential: { options: EXPONENTIAL, make: exponential },
  trend: { options: TREND, make: trend },
  weeksSince: { options: WEEKS_SINCE, make: weeksSince },
  stockUplift: { options: STOCK_UPLIFT, make: stockUplift },
  weeksOfCover: { options: WEEKS_OF_COVER, make: weeksOfCover },
  groupRolling: { options: GROUP_ROLLING, make: groupRolling },
  targetEncoding: { options: TARGET_ENCODING, make: targetEncoding },
  countEncoding: { options: COUNT_ENCODING, make: countEncoding },
  current: { options: planned.CURRENT, make: planned.current },
  change: { options: planned.CHANGE, make: planned.change },
  earlier: { options: planned.EARLIER, make: planned.earlier },
  ofOthers: { options: planned.OF_OTHERS, make: planned.ofOthers },
  lessGroup: { options: planned.LESS_GROUP, make: planned.lessGroup },
  weeksSinceLaunch: { options: planned.WEEKS_SINCE_LAUNCH, make: planned.weeksSinceLaunch },
  weeksToSeasonEnd: { options: planned.WEEKS_TO_SEASON_END, make: planned.weeksToSeasonEnd },
  weekOfYear: { options: WEEK_OF_YEAR, make: weekOfYear },
  yearWave: { options: YEAR_WAVE, make: yearWave },
  holidays: { options: HOLIDAYS, make: holidays },
  saleEvent: { options: SALE_EVENT, make: saleEvent },
};

/** Options of every kind, in the order in which they are listed. */
export const FEATURE_OPTIONS: readonly KindOptions[] = Object.values(KINDS).map(({ options }) => options);

/** Kinds of features, by the name that their definitions have. */
export const FEATURE_KINDS: readonly string[] = Object.keys(KINDS);

/**
 * @param definition of a feature, as JSON
 * @returns the feature
 * @throws ConfigurationError for a kind that there is not, or parameters that make no sense
 */
export function parseFeature(definition: FeatureDefinition): Feature {
  const { kind, ...parameters } = definition;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : undefined;
  if (known === undefined) {
    const close = nearest(String(kind), FEATURE_KINDS);
    throw new ConfigurationError('there is no such kind of feature', {
      expected: FEATURE_KINDS.join(', '),
      found: String(kind),
      ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
    });
  }
  const { options, make } = known;
  if (options.of === null) {
    // Functions of kinds without options do not look at any.
    readOptions(options, parameters);
    return make(parameters);
  }
  const { of, ...rest } = parameters;
  readOptions(options, rest, of);
  return make(of, rest);
}
