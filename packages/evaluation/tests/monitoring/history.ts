import { addWeeks, schemaOf, type Batch, type Week } from '@hemline/core';
import { ErrorDrift } from '../../src/monitoring/error-drift.ts';
import { BatchBuilder } from '../../src/testing/batch-builder.ts';

/** A shop whose demand is forecast every week. */
export interface HistoryOptions {
  readonly seed: number;
  /** Weeks with forecasts. */
  readonly weeks: number;
  /** What demand is multiplied by at last: 1 where nothing changes. */
  readonly factor?: number;
  /** For how many weeks; by default for those that are judged. */
  readonly lasting?: number;
  /** The group whose demand it is; by default, all. */
  readonly group?: string;
}

/** What was seen of it. */
export interface History {
  readonly errors: ErrorDrift;
  readonly weeks: readonly Week[];
}

/** Weeks that are judged together. */
export const JUDGED_WEEKS = 4;
const [ARTICLES, GROUPS, MARKETS] = [240, 8, 4];
/** Weeks that a forecast averages. */
const KNOWN = 8;
const FIRST: Week = 700;

/**
 * Simulates a shop whose articles are forecast by the mean of their last eight weeks, which lags behind the seasons of the groups.
 * Demand scatters by article and week, weeks have noises in common in all, by market and, from week to week alike, by group;
 * articles are marked down as they age, and forecasts know what a discount does.
 * @param options of the history
 * @returns what the monitor has seen
 */
export function history({
  seed,
  weeks,
  factor = 1,
  lasting = JUDGED_WEEKS,
  group: shifted,
}: HistoryOptions): History {
  const next = normal(seed);
  const errors = new ErrorDrift(JUDGED_WEEKS);
  errors.begin(items());
  const length = KNOWN + weeks;
  const noise = (deviation: number): number[] => Array.from({ length }, () => deviation * next());
  const common = noise(0.04);
  const markets = Array.from({ length: MARKETS }, () => noise(0.03));
  const groups = Array.from({ length: GROUPS }, () => {
    const phase = 2 * Math.PI * Math.abs(next());
    let drift = 0;
    return noise(0.05).map((fresh, at) => {
      drift = 0.6 * drift + fresh;
      return drift + 0.3 * Math.cos((2 * Math.PI * at) / 52 + phase);
    });
  });
  for (let item = 0; item < ARTICLES; item++) {
    const [group, market] = [item % GROUPS, Math.floor(item / GROUPS) % MARKETS];
    const isShifted = shifted === undefined || shifted === `g${group}`;
    const level = Math.log(8) + 0.8 * next();
    const age = Math.floor(20 * Math.abs(next()));
    const base = Array.from({ length }, (_, at) => {
      const change = isShifted && at >= length - lasting ? Math.log(factor) : 0;
      return Math.exp(
        level + common[at]! + markets[market]![at]! + groups[group]![at]! + change + 0.4 * next(),
      );
    });
    const discountAt = (at: number): number => 0.1 * Math.floor(((age + at) % 26) / 4);
    for (let at = KNOWN; at < length; at++) {
      const discount = discountAt(at);
      const lift = Math.exp(2 * discount);
      const actual = Math.max(0, Math.round(lift * base[at]! + Math.sqrt(lift * base[at]!) * next()));
      for (let notice = 1; notice <= Math.min(JUDGED_WEEKS, at - KNOWN + 1); notice++) {
        const known = base.slice(Math.max(0, at - notice - KNOWN + 1), at - notice + 1);
        const forecast = (lift * known.reduce((sum, each) => sum + each, 0)) / known.length;
        const week = addWeeks(FIRST, at);
        const knownDemand = Math.exp(2 * discountAt(at - notice)) * base[at - notice]!;
        const knownDiscount =
          known.reduce((sum, _, i) => sum + discountAt(at - notice - i), 0) / known.length;
        const conditions = { discount, knownDiscount, knownDemand, age: age + at };
        errors.add({ item, week, ...conditions, forecast, actual, notices: [notice, notice] });
      }
    }
  }
  return { errors, weeks: Array.from({ length: weeks }, (_, at) => addWeeks(FIRST, KNOWN + at)) };
}

function items(): Batch {
  const schema = schemaOf(
    ...['article', 'market', 'group'].map((name) => ({ name, type: 'string' as const })),
  );
  const builder = new BatchBuilder(schema);
  for (let item = 0; item < ARTICLES; item++)
    builder.add(`a${item}`, `m${Math.floor(item / GROUPS) % MARKETS}`, `g${item % GROUPS}`);
  return builder.build();
}

/** Normal variables (Box–Muller over sfc32): the same numbers everywhere. */
function normal(seed: number): () => number {
  let [a, b, c, counter] = [seed, seed ^ 0x9e3779b9, 0x243f6a88, 1];
  const uniform = (): number => {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return ((sum >>> 0) + 0.5) / 2 ** 32;
  };
  for (let i = 0; i < 20; i++) uniform();
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
