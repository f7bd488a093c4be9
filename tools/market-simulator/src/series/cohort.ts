import { GROUPS } from '../assortment/groups.ts';
import type { World } from '../world.ts';
import { decideLevels, openWeek } from './open-week.ts';
import { planWeek } from './plan-week.ts';
import { drawDemand, sellWeek } from './sell-week.ts';
import type { SeriesState } from './series-state.ts';
import { meetRivals } from './week-demand.ts';

/** Articles that may compete: those of a group among as many neighbours. Small enough to be held at once. */
export const RIVAL_BLOCK = 64;

/** Series that are lived in step, as some share a stock or compete. Weeks count from the first of the history. */
export class Cohort {
  readonly series: readonly SeriesState[];
  /** Series that sell from one stock. */
  readonly stocks: readonly (readonly SeriesState[])[];
  readonly #levels: Float64Array;
  /** Series that compete. */
  readonly #rivals: readonly (readonly SeriesState[])[];

  /**
   * @param world what is simulated
   * @param series with their truth, article by article, then market by market
   */
  constructor(world: World, series: readonly SeriesState[]) {
    this.series = series;
    this.#levels = world.levels;
    this.stocks = world.pool ? together(series, ({ article }) => article.index) : series.map((one) => [one]);
    this.#rivals = world.competition > 0 ? together(series, rivalry) : [];
  }

  /**
   * Lets deliveries and returns in, and moves the noise.
   * @param week to begin
   * @param isPlan whether it is only planned
   */
  open(week: number, isPlan: boolean): void {
    for (const members of this.#onSale(week)) openWeek(members, week - members[0]!.record.launch, isPlan);
  }

  /**
   * Sets the levels of an opened week as the shop's planner does.
   * @param week to price
   * @param isPlan whether it is only planned
   */
  decide(week: number, isPlan: boolean): void {
    for (const members of this.#onSale(week))
      decideLevels(members, week - members[0]!.record.launch, isPlan, this.#levels);
  }

  /**
   * Sells an opened week at the levels of the records.
   * @param week to sell
   */
  sell(week: number): void {
    this.meet(week);
    for (const members of this.#onSale(week)) sellWeek(members, week - members[0]!.record.launch);
  }

  /**
   * Goes through an opened week in expectation, at the levels of the records.
   * @param week that is planned
   */
  plan(week: number): void {
    this.meet(week);
    for (const members of this.#onSale(week)) planWeek(members, week - members[0]!.record.launch);
  }

  /**
   * Draws the demand of a planned week: nobody ever knows it, but the truth tells it.
   * @param week that is planned
   */
  drawPlanned(week: number): void {
    this.meet(week);
    for (const members of this.#onSale(week))
      for (const series of members) drawDemand(series, week - series.record.launch);
  }

  /**
   * Tells all who compete at what the others sell.
   * @param week of the records' levels
   * @param levelOf another level than that
   */
  meet(week: number, levelOf = ({ record }: SeriesState, age: number): number => record.level[age]!): void {
    const ageOf = ({ record }: SeriesState): number => (isOnSale(record, week) ? week - record.launch : -1);
    for (const rivals of this.#rivals) meetRivals(rivals, ageOf, levelOf);
  }

  #onSale(week: number): (readonly SeriesState[])[] {
    // Series of one stock are of one article, launched and ended in the same weeks everywhere.
    return this.stocks.filter(([first]) => isOnSale(first!.record, week));
  }
}

/**
 * @param record of a series
 * @param week counted from the first of the history
 * @returns whether it is on sale then, as far as history and plan reach
 */
export function isOnSale({ launch, last }: SeriesState['record'], week: number): boolean {
  return week >= launch && week <= launch + last;
}

function rivalry({ article, market }: SeriesState): number {
  return (Math.floor(article.index / RIVAL_BLOCK) * GROUPS.length + article.groupIndex) * 64 + market.index;
}

/** Series with the same key, in order. */
function together(series: readonly SeriesState[], keyOf: (one: SeriesState) => number): SeriesState[][] {
  const found = new Map<number, SeriesState[]>();
  for (const one of series) {
    const there = found.get(keyOf(one));
    if (there === undefined) found.set(keyOf(one), [one]);
    else there.push(one);
  }
  return [...found.values()];
}
