import type { World } from '../world.ts';
import { clearLot, endSeason, lotOf, receiveLate } from './clear-leftovers.ts';
import type { Cohort } from './cohort.ts';
import type { SeriesState } from './series-state.ts';
import { endOfReturns, settleWeek } from './settle-week.ts';

/** Whoever wants to know where the random streams are while a cohort is simulated. Weeks count from the first of the history. */
export interface LifeObserver {
  /** Before a week of the history or the plan begins. */
  week(week: number): void;
  /** Before the costs of a week of a series are drawn. */
  costs(series: SeriesState, age: number): void;
  /** Before a week after the season begins, with the leftovers of then. */
  after(series: SeriesState, age: number): void;
}

/**
 * Simulates the whole life of all series, as far as history and plan reach, priced by the shop's planner.
 * @param world what is simulated
 * @param cohort at the start of their lives
 * @param observer told of the streams
 */
export function simulateCohort(world: World, cohort: Cohort, observer: LifeObserver | null = null): void {
  const { weeks, planWeeks } = world;
  const begin = Math.min(...cohort.series.map(({ record }) => record.launch));
  for (let week = begin; week < weeks + planWeeks; week++) {
    const isPlan = week >= weeks;
    observer?.week(week);
    cohort.open(week, isPlan);
    cohort.decide(week, isPlan);
    if (isPlan) {
      cohort.drawPlanned(week);
      cohort.plan(week);
    } else cohort.sell(week);
  }
  for (const series of cohort.series) settle(series, observer);
  for (const members of cohort.stocks) {
    if (members[0]!.record.planned < members[0]!.record.life) continue;
    endSeason(members);
    for (const series of members) clear(series, observer);
  }
}

function settle(series: SeriesState, observer: LifeObserver | null): void {
  const { record, random } = series;
  const end = Math.min(endOfReturns(series), record.planned);
  for (let age = record.first; age < end; age++) {
    observer?.costs(series, age);
    settleWeek(random, series, age);
  }
}

/** Clears what is left after the season, as far as that lies in the history. */
function clear(series: SeriesState, observer: LifeObserver | null): void {
  const { record, random } = series;
  // The last lot, which takes everything, comes after the last returns.
  const end = Math.min(endOfReturns(series) + 1, record.planned);
  for (let age = record.life; age < end; age++) {
    observer?.after(series, age);
    receiveLate(series, age);
    const lot = lotOf(series, age);
    if (lot !== -1) clearLot(random, series, lot);
  }
}
