import fc from 'fast-check';
import type { MarketPlay, PlayedWeek } from '../../src/index.ts';

/** Markets of all kinds. */
export type WorldOptions = {
  readonly pool?: boolean;
  readonly competition?: number;
  readonly aging?: number;
  readonly vat?: boolean;
  readonly overstock?: number;
  readonly residual?: number;
};

export const WORLDS: readonly (readonly [string, WorldOptions])[] = [
  ['plain', {}],
  ['pooled', { pool: true }],
  ['competing', { competition: 0.5 }],
  ['aging with tax', { aging: 0.6, vat: true }],
  ['everything', { pool: true, competition: 0.3, aging: -0.4, vat: true, overstock: 0.4, residual: 0.5 }],
];

/** A policy that sets anything: level of a series in a week, from a hash of both. */
export const anyPolicy = fc.record({ salt: fc.nat(1_000_000), follow: fc.nat(4) });

/**
 * @param policy any
 * @param play before a week
 * @returns a level of each series: now and then the planner's, now and then the present one, otherwise any
 */
export function anyLevels({ salt, follow }: { salt: number; follow: number }, play: MarketPlay): Int8Array {
  const { plannerLevel, level } = play.situation();
  return plannerLevel.map((planned, n) => {
    const hash = Math.imul(n * 7919 + play.week * 104_729 + salt, 0x9e3779b1) >>> 8;
    if (planned === -1) return -1;
    if (hash % 5 < follow) return planned;
    return hash % 3 === 0 ? Math.max(0, level[n]!) : hash % play.discounts.length;
  });
}

/**
 * Plays all weeks.
 * @param play to be played
 * @param levels of each week
 * @returns the weeks
 */
export function playAll(play: MarketPlay, levels: (play: MarketPlay) => Int8Array): PlayedWeek[] {
  const weeks: PlayedWeek[] = [];
  while (play.weeksLeft > 0) weeks.push(play.price(levels(play)));
  return weeks;
}

/**
 * @param values any
 * @returns their sum
 */
export function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
