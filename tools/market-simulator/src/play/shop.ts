import { addWeeks, type Week } from '@hemline/core';
import { clearLot, endSeason, lotOf, receiveLate } from '../series/clear-leftovers.ts';
import { isOnSale, type Cohort } from '../series/cohort.ts';
import type { SeriesState } from '../series/series-state.ts';
import { endOfReturns, settleWeek } from '../series/settle-week.ts';
import { followDiscount } from '../stock/discount-policy.ts';
import { RETURN_LAGS } from '../returns.ts';
import type { World } from '../world.ts';
import {
  accountOf,
  bookWeek,
  clearanceOf,
  emptyAmounts,
  toCents,
  type Account,
  type Amounts,
} from './account.ts';
import type { ReferencePlay } from './reference-play.ts';
import { ShopState } from './shop-state.ts';
import { UnitCounts, type Units } from './unit-counts.ts';

export type { Units } from './unit-counts.ts';

/** What happened in a week, [N] each; 0 where a series is not on sale. */
export interface PlayedWeek {
  readonly week: Week;
  /** Level at which it was sold; −1 where it was not. */
  readonly level: Int8Array;
  /** Units that would have been sold with full stock. */
  readonly demand: Float64Array;
  readonly sales: Float64Array;
  /** Units that came back in the week, whenever they were sold. */
  readonly returned: Float64Array;
  /** Units of the week's sales that come back, sooner or later: nobody in a shop knows yet. */
  readonly comingBack: Float64Array;
  /** Money that came and went in the week. */
  readonly account: Account;
}

/** All series of a market that is played, from one week to the next. Weeks count from the first of the history. */
export class Shop {
  /** All series between the last week and the next. */
  readonly before: ShopState;
  /** What the planner sets in the week that is open; −1 where a series is not on sale. */
  readonly plannerLevel: Int8Array;
  /** First week that is not sold yet. */
  week: number;
  readonly #world: World;
  readonly #cohort: Cohort;
  readonly #series: readonly SeriesState[];
  readonly #reference: ReferencePlay;
  readonly #counts: UnitCounts;
  readonly #isPlayed: (week: number) => boolean;
  #isOpen = false;

  /**
   * @param world the market; its history ends with the last week that is played
   * @param from first week that is played
   * @param cohort all series before that week
   * @param reference says where draws begin
   */
  constructor(world: World, from: number, cohort: Cohort, reference: ReferencePlay) {
    this.#world = world;
    this.#cohort = cohort;
    this.#series = cohort.series;
    this.#reference = reference;
    this.week = from;
    this.before = new ShopState(cohort.series);
    this.plannerLevel = new Int8Array(cohort.series.length).fill(-1);
    this.#counts = new UnitCounts(cohort, this.before, world.weeks);
    this.#isPlayed = (week) => week < world.weeks;
  }

  /** Lets the next week begin, if it has not yet: deliveries and returns come in, the noise moves, the planner makes up its mind. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const { week } = this;
    this.#series.forEach((series, n) => {
      if (isOnSale(series.record, week)) series.random = this.#reference.week(n, week);
    });
    this.#cohort.open(week, false);
    this.#cohort.decide(week, false);
    this.#series.forEach(({ record }, n) => {
      this.plannerLevel[n] = isOnSale(record, week) ? record.level[week - record.launch]! : -1;
    });
    for (const members of this.#cohort.stocks) {
      const { launch, last } = members[0]!.record;
      const after = week - launch - last;
      if (after === 1) endSeason(members);
      if (after >= 1 && after < RETURN_LAGS) for (const series of members) receiveLate(series, week - launch);
    }
  }

  /** Takes the opening of a week back. */
  close(): void {
    if (this.#isOpen) this.putBack();
  }

  /** Puts all series back to where they were between two weeks. */
  putBack(): void {
    this.before.putBack(this.#series);
    this.#isOpen = false;
  }

  /**
   * Sells the week.
   * @param level of each series; those that are not on sale are not looked at
   * @returns what happened
   */
  sell(level: Int8Array): PlayedWeek {
    this.open();
    const { week } = this;
    const N = this.#series.length;
    this.#series.forEach((series, n) => {
      if (isOnSale(series.record, week)) this.#setLevel(series, n, level[n]!);
    });
    this.#cohort.sell(week);
    const amounts = emptyAmounts(N);
    const zeros = (): Float64Array => new Float64Array(N);
    const played = {
      ...{ week: addWeeks(this.#world.firstWeek, week), level: new Int8Array(N).fill(-1) },
      ...{ demand: zeros(), sales: zeros(), returned: zeros(), comingBack: zeros() },
    };
    this.#series.forEach((series, n) => {
      const { record } = series;
      const age = week - record.launch;
      // Articles that are launched after the play are no part of it.
      if (age < 0 || !this.#isPlayed(record.launch)) return;
      this.#settle(series, n, age, amounts);
      if (age < endOfReturns(series)) played.returned[n] = record.returnedUnits[age]!;
      if (!isOnSale(record, week)) return;
      played.level[n] = record.level[age]!;
      played.demand[n] = record.demand[age]!;
      played.sales[n] = record.sales[age]!;
      for (let lag = 0; lag < RETURN_LAGS; lag++)
        played.comingBack[n]! += record.returned[age * RETURN_LAGS + lag]!;
    });
    this.#counts.count(week, played);
    this.before.take(this.#series);
    this.week++;
    this.#isOpen = false;
    return { ...played, account: accountOf(amounts) };
  }

  /** @returns what has become of all units since the play began */
  units(): Units {
    return this.#counts.units(this.before);
  }

  /** The planner goes on from what is in the shop. Where that is what it wanted, it remembers what it wanted to the last digit. */
  #setLevel({ record, planner }: SeriesState, n: number, level: number): void {
    const age = this.week - record.launch;
    if (level !== this.plannerLevel[n])
      followDiscount(planner, this.before.planner(n), age, this.#world.levels[level]!, record.campaign[age]!);
    record.level[age] = level;
  }

  /** Costs, and in the weeks that are played a lot of leftovers. */
  #settle(series: SeriesState, n: number, age: number, amounts: Amounts<Float64Array>): void {
    const { record, parameters, market } = series;
    const tax = this.#world.vat ? market.vat : 0;
    if (age >= record.first && age < endOfReturns(series)) {
      // Weeks after the end of the market have no sales, though a life may go on there.
      if (age > record.last) record.sales[age] = 0;
      settleWeek(this.#reference.costs(n, this.week), series, age);
    }
    bookWeek(amounts, n, series, age, (level) =>
      toCents((parameters.blackPrice * (1 - this.#world.levels[level]!)) / (1 + tax)),
    );
    const lot = lotOf(series, age);
    if (lot === -1 || !this.#isPlayed(this.week)) return;
    clearLot(this.#reference.lot(n, lot), series, lot);
    amounts.clearance[n]! += clearanceOf(record, age);
  }
}
