import { ConfigurationError, nearest } from '@hemline/core';
import { weekOfYear, yearWave } from './calendar.ts';
import type { Feature, FeatureDefinition } from './feature.ts';
import { countEncoding, groupRolling, targetEncoding } from './groups.ts';
import { holidays, saleEvent } from './holidays.ts';
import { lag } from './lag.ts';
import {
  change,
  current,
  earlier,
  lessGroup,
  ofOthers,
  weeksSinceLaunch,
  weeksToSeasonEnd,
} from './planned.ts';
import { exponential, trend, weeksSince } from './recency.ts';
import { stockUplift, weeksOfCover } from './stock.ts';
import { expanding, rolling, seasonal } from './windows.ts';

// What comes out of a file is not typed: every kind checks its own parameters.
/* eslint-disable @typescript-eslint/no-explicit-any */
type Parser = (definition: any) => Feature;

const KINDS: Readonly<Record<string, Parser>> = {
  lag: ({ of, ...options }) => lag(of, options),
  rolling: ({ of, ...options }) => rolling(of, options),
  expanding: ({ of, ...options }) => expanding(of, options),
  seasonal: ({ of, ...options }) => seasonal(of, options),
  exponential: ({ of, ...options }) => exponential(of, options),
  trend: ({ of, ...options }) => trend(of, options),
  weeksSince: ({ of, ...options }) => weeksSince(of, options),
  stockUplift,
  weeksOfCover,
  groupRolling: ({ of, ...options }) => groupRolling(of, options),
  targetEncoding: ({ of, ...options }) => targetEncoding(of, options),
  countEncoding,
  current: ({ of }) => current(of),
  change: ({ of, ...options }) => change(of, options),
  earlier: ({ of, ...options }) => earlier(of, options),
  ofOthers: ({ of, ...options }) => ofOthers(of, options),
  lessGroup: ({ of, ...options }) => lessGroup(of, options),
  weeksSinceLaunch,
  weeksToSeasonEnd,
  weekOfYear,
  yearWave,
  holidays,
  saleEvent,
};
/* eslint-enable @typescript-eslint/no-explicit-any */

/** Kinds of features, by the name that their definitions have. */
export const FEATURE_KINDS: readonly string[] = Object.keys(KINDS);

/**
 * @param definition of a feature, as JSON
 * @returns the feature
 * @throws ConfigurationError for a kind that there is not, or parameters that make no sense
 */
export function parseFeature(definition: FeatureDefinition): Feature {
  const { kind, ...parameters } = definition;
  const parser = Object.hasOwn(KINDS, kind) ? KINDS[kind]! : undefined;
  if (parser === undefined) {
    const close = nearest(String(kind), FEATURE_KINDS);
    throw new ConfigurationError('there is no such kind of feature', {
      expected: FEATURE_KINDS.join(', '),
      found: String(kind),
      ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
    });
  }
  checkCovariates(kind, parameters);
  return parser(parameters);
}

function checkCovariates(kind: string, parameters: Readonly<Record<string, unknown>>): void {
  for (const name of ['of', 'stock', 'sales']) {
    if (!(name in parameters)) continue;
    const { column, known } = (parameters[name] ?? {}) as { column?: unknown; known?: unknown };
    if (typeof column === 'string' && (known === 'past' || known === 'future')) continue;
    throw new ConfigurationError('a feature does not say what it is of', {
      expected: `${name}: { "column": …, "known": "past" or "future" }`,
      found: JSON.stringify(parameters[name]),
      where: { column: kind },
    });
  }
}
