import { weeksBetween } from '@hemline/core';
import type { Article, Span } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import { EVERGREEN } from '../calendar/seasons.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';
import { discountLift } from '../demand/discount-response.ts';
import { expectedNoiseFactor, firstNoise, nextNoise, noiseFactor } from '../demand/noise.ts';
import { lifeCycleFactor } from '../demand/life-cycle.ts';
import { CLEARANCE_LOTS, drawLotUnits, drawLotValue, residualShare } from '../money/residual-value.ts';
import { drawCost } from '../money/fulfillment-cost.ts';
import { binomial, categorical, multinomial, negativeBinomial } from '../random/discrete.ts';
import { lognormalFactor } from '../random/continuous.ts';
import { randomStream, STREAMS } from '../random/stream.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { CheckedShift } from '../options.ts';
import { RETURN_LAGS, returnProbability } from '../returns.ts';
import { decideDiscount, nearestLevel, rememberSales, type PolicyState } from '../stock/discount-policy.ts';
import { orderStock } from '../stock/buy.ts';
import { drawSeriesParameters, type SeriesParameters } from './series-parameters.ts';
import { createSeriesRecord, MOST_SIZES, RECORD_WEEKS, type SeriesRecord } from './series-record.ts';

/** Weeks that the stock of an evergreen article should last: until after the next delivery. */
const EVERGREEN_COVER = 12;
const EXPLORATION_PROBABILITY = 0.1;
const VIEWS_PER_UNIT = 25;

/** One article in one market: its truth, and what happened. Valid until the next one is simulated. */
export interface SimulatedSeries {
  readonly parameters: SeriesParameters;
  readonly record: SeriesRecord;
  /** Log of the factor on demand at each level of the grid, outside campaigns. */
  readonly lift: Float64Array;
  /** Probability of a return at each level of the grid. */
  readonly returnRate: Float64Array;
}

/** Simulates series one after the other, reusing its memory. */
export class SeriesSimulator {
  readonly #seed: number;
  readonly #span: Span;
  readonly #levels: Float64Array;
  readonly #shift: CheckedShift | null;
  readonly #record = createSeriesRecord();
  readonly #lift: Float64Array;
  readonly #returnRate: Float64Array;
  /** Units to be put into stock at the start of a week, `[age * sizes + size]`. */
  readonly #deliveries = new Float64Array(RECORD_WEEKS * MOST_SIZES);
  readonly #arrivals = new Float64Array((RECORD_WEEKS + RETURN_LAGS) * MOST_SIZES);
  readonly #stock = new Float64Array(MOST_SIZES);
  readonly #counts = new Float64Array(MOST_SIZES);

  /**
   * @param seed of the simulation
   * @param span the weeks of history and plan
   * @param levels the grid of discounts that the shop uses
   * @param shift of demand that nobody foresees
   */
  constructor(seed: number, span: Span, levels: Float64Array, shift: CheckedShift | null = null) {
    this.#seed = seed;
    this.#span = span;
    this.#levels = levels;
    this.#shift = shift;
    this.#lift = new Float64Array(levels.length);
    this.#returnRate = new Float64Array(levels.length);
  }

  /**
   * Simulates an article's whole life in a market, as far as history and plan reach.
   * @param article what is sold
   * @param market where
   * @param calendar of the market
   * @returns the truth and the record; overwritten by the next call
   */
  simulate(article: Article, market: Market, calendar: MarketCalendar): SimulatedSeries {
    const random = randomStream(this.#seed, STREAMS.series, article.index, market.index);
    const parameters = drawSeriesParameters(random, article, market);
    this.#levels.forEach((discount, level) => {
      this.#lift[level] = discountLift(parameters.response, discount);
      this.#returnRate[level] = returnProbability(parameters.returnRate, discount);
    });
    this.#begin(article, parameters, calendar);
    this.#order(random, article);
    this.#shiftDemand(article);
    this.#live(random, article, parameters);
    this.#settle(random, parameters);
    this.#clear(random, article, parameters);
    return { parameters, record: this.#record, lift: this.#lift, returnRate: this.#returnRate };
  }

  /** Places the life in time, and works out what the calendar makes of undiscounted demand. */
  #begin(article: Article, parameters: SeriesParameters, calendar: MarketCalendar): void {
    const record = this.#record;
    const { firstWeek, weeks, planWeeks } = this.#span;
    record.launch = weeksBetween(firstWeek, article.launchWeek);
    record.life = weeksBetween(article.launchWeek, article.seasonEndWeek) + 1;
    record.first = Math.max(0, -record.launch);
    record.last = Math.min(record.life, weeks + planWeeks - record.launch) - 1;
    record.planned = Math.max(0, weeks - record.launch);
    record.sizes = article.sizes.length;
    const factor = calendar.factor[article.groupIndex]!;
    const campaign = calendar.campaign[article.groupIndex]!;
    for (let age = 0; age < record.life; age++) {
      // What lies beyond the plan is only guessed at when stock is ordered: the year before stands in.
      let at = record.launch + age - calendar.start;
      if (at >= factor.length) at -= 52 * Math.ceil((at - factor.length + 1) / 52);
      record.campaign[age] = campaign[at]!;
      record.undiscounted[age] =
        parameters.level *
        lifeCycleFactor(parameters.lifeCycle, age) *
        factor[at]! *
        Math.exp(parameters.campaignLift * campaign[at]!);
    }
  }

  #order(random: RandomGenerator, article: Article): void {
    const { life, undiscounted } = this.#record;
    const sizes = article.sizes.length;
    this.#deliveries.fill(0, 0, life * sizes);
    this.#arrivals.fill(0, 0, (life + RETURN_LAGS) * sizes);
    this.#stock.fill(0);
    orderStock(
      random,
      {
        weeklyDemand: undiscounted.subarray(0, life),
        returnRate: this.#returnRate[0]!,
        sizes: article.sizes,
        evergreen: article.season === EVERGREEN,
      },
      this.#deliveries,
    );
  }

  /** After the orders: a shift that buyers had foreseen would be met with another stock. */
  #shiftDemand({ group, launchWeek }: Article): void {
    if (this.#shift?.group !== group.name) return;
    const { life, undiscounted } = this.#record;
    const first = Math.max(0, weeksBetween(launchWeek, this.#shift.from));
    for (let age = first; age < life; age++) undiscounted[age]! *= this.#shift.factor;
  }

  /** The weeks on sale, one after the other: first what happened, then what is planned. */
  #live(random: RandomGenerator, article: Article, parameters: SeriesParameters): void {
    const record = this.#record;
    const { noise, response } = parameters;
    const sizes = article.sizes.length;
    const evergreen = article.season === EVERGREEN;
    const policy: PolicyState = {
      discount: 0,
      changedAt: 0,
      // What the buyer reckoned with: the first stock over the time it was meant to last.
      salesRate: sum(this.#deliveries, 0, sizes) / (evergreen ? EVERGREEN_COVER : record.life),
    };
    let state = firstNoise(noise, random);
    let known = state;
    for (let age = 0; age <= record.last; age++) {
      const isPlan = age >= record.planned;
      if (isPlan && age === record.planned) {
        known = state;
        this.#expectArrivals(age, article, parameters);
      }
      if (age > 0) state = nextNoise(noise, random, state);

      const delivered = sum(this.#deliveries, age * sizes, (age + 1) * sizes);
      for (let size = 0; size < sizes; size++)
        this.#stock[size]! += this.#deliveries[age * sizes + size]! + this.#arrivals[age * sizes + size]!;
      const stock = sum(this.#stock, 0, sizes);
      const left = record.life - age;
      const wanted = decideDiscount(policy, {
        age,
        weeksLeft: evergreen ? Math.min(left, EVERGREEN_COVER) : left,
        progress: age / record.life,
        stock: stock / (1 - 0.55 * this.#returnRate[0]!),
        campaign: record.campaign[age]!,
      });
      const level = this.#explore(random, nearestLevel(this.#levels, wanted), isPlan);
      const mean =
        record.undiscounted[age]! *
        Math.exp(this.#lift[level]! * (1 + response.campaignBoost * record.campaign[age]!));
      const factor = noiseFactor(noise, state);
      const demand = negativeBinomial(random, mean * factor, parameters.dispersion);

      record.level[age] = level;
      record.stock[age] = stock;
      record.delivered[age] = delivered;
      record.demand[age] = demand;
      record.pageViews[age] = Math.round(
        VIEWS_PER_UNIT * (mean * factor) ** 0.9 * lognormalFactor(random, 0.2),
      );
      if (isPlan) {
        record.noise[age] =
          record.planned === 0 ? 1 : expectedNoiseFactor(noise, known, age - record.planned + 1);
        this.#sellAsExpected(age, mean * record.noise[age]!, article, parameters);
      } else {
        record.noise[age] = factor;
        this.#sell(random, age, demand, article, parameters);
      }
      rememberSales(policy, record.sales[age]!);
    }
  }

  /** Now and then the shop tries a neighbouring discount. The draw is made in any case, to keep streams in step. */
  #explore(random: RandomGenerator, level: number, isPlan: boolean): number {
    const choice = categorical(random, [
      EXPLORATION_PROBABILITY / 2,
      1 - EXPLORATION_PROBABILITY,
      EXPLORATION_PROBABILITY / 2,
    ]);
    return isPlan ? level : Math.min(this.#levels.length - 1, Math.max(0, level + choice - 1));
  }

  /** Splits a week's demand over the sizes, sells what is there, and draws which units come back and when. */
  #sell(
    random: RandomGenerator,
    age: number,
    demand: number,
    article: Article,
    { returnDelay }: SeriesParameters,
  ): void {
    const record = this.#record;
    const sizes = article.sizes.length;
    const rate = this.#returnRate[record.level[age]!]!;
    multinomial(random, demand, article.sizes, this.#counts);
    let sales = 0;
    let uncensored = 1;
    record.returned.fill(0, age * RETURN_LAGS, (age + 1) * RETURN_LAGS);
    for (let size = 0; size < sizes; size++) {
      const sold = Math.min(this.#counts[size]!, this.#stock[size]!);
      sales += sold;
      this.#stock[size]! -= sold;
      const available = this.#stock[size] === 0 ? 0 : 1;
      if (available === 0) uncensored = 0;
      record.sizeSales[age * sizes + size] = sold;
      record.sizeAvailable[age * sizes + size] = available;
      for (let unit = binomial(random, sold, rate); unit > 0; unit--) {
        const lag = categorical(random, returnDelay);
        record.returned[age * RETURN_LAGS + lag]! += 1;
        if (lag === 0) this.#stock[size]! += 1;
        else this.#arrivals[(age + lag) * sizes + size]! += 1;
      }
    }
    record.sales[age] = sales;
    record.uncensored[age] = uncensored;
  }

  /** Sales and returns of a planned week in expectation: what the shop's plan rests on. */
  #sellAsExpected(age: number, mean: number, article: Article, { returnDelay }: SeriesParameters): void {
    const record = this.#record;
    const sizes = article.sizes.length;
    const rate = this.#returnRate[record.level[age]!]!;
    let sales = 0;
    for (let size = 0; size < sizes; size++) {
      const sold = Math.min(mean * article.sizes[size]!, this.#stock[size]!);
      sales += sold;
      this.#stock[size]! += sold * rate * returnDelay[0]! - sold;
      for (let lag = 1; lag < RETURN_LAGS; lag++)
        this.#arrivals[(age + lag) * sizes + size]! += sold * rate * returnDelay[lag]!;
    }
    record.sales[age] = sales;
    record.uncensored[age] = 0;
  }

  /** At the end of the history nobody knows which units will come back: the plan goes by what is expected. */
  #expectArrivals(age: number, article: Article, { returnDelay }: SeriesParameters): void {
    const sizes = article.sizes.length;
    this.#arrivals.fill(0, age * sizes, (age + RETURN_LAGS) * sizes);
    for (let lag = 1; lag < RETURN_LAGS; lag++) {
      for (let soldAt = Math.max(0, age - lag); soldAt < age; soldAt++) {
        const share = this.#returnRate[this.#record.level[soldAt]!]! * returnDelay[lag]!;
        for (let size = 0; size < sizes; size++)
          this.#arrivals[(soldAt + lag) * sizes + size]! +=
            this.#record.sizeSales[soldAt * sizes + size]! * share;
      }
    }
  }

  /** What is shipped and what comes back within the history, of units sold in it; and what both cost. */
  #settle(random: RandomGenerator, { cost }: SeriesParameters): void {
    const record = this.#record;
    const end = Math.min(record.life + RETURN_LAGS - 1, record.planned);
    for (let age = record.first; age < end; age++) {
      let back = 0;
      for (let lag = 0; lag < RETURN_LAGS; lag++) {
        const soldAt = age - lag;
        if (soldAt >= record.first && soldAt < record.life)
          back += record.returned[soldAt * RETURN_LAGS + lag]!;
      }
      const shipped = age < record.life ? record.sales[age]! : 0;
      record.shippedUnits[age] = shipped;
      record.shippingCost[age] = drawCost(random, shipped, cost.shipping);
      record.returnedUnits[age] = back;
      record.returnCost[age] = drawCost(random, back, cost.returning);
    }
  }

  /** Clears what is left after the season, as far as that lies in the history. */
  #clear(random: RandomGenerator, article: Article, { residual, blackPrice }: SeriesParameters): void {
    const record = this.#record;
    record.clearedUnits.fill(0);
    record.clearedValue.fill(0);
    if (record.planned < record.life) return;
    const sizes = article.sizes.length;
    let left = sum(this.#stock, 0, sizes);
    let arrived = record.life;
    CLEARANCE_LOTS.forEach((lot, index) => {
      const age = record.life - 1 + lot.weeksAfter;
      if (age >= record.planned) return;
      const until = Math.min(age + 1, record.life + RETURN_LAGS - 1);
      left += sum(this.#arrivals, arrived * sizes, until * sizes);
      arrived = until;
      const units = drawLotUnits(random, lot, left);
      left -= units;
      record.clearedUnits[index] = units;
      record.clearedValue[index] = drawLotValue(
        random,
        units,
        blackPrice,
        residualShare(residual, lot.weeksAfter),
      );
    });
  }
}

function sum(values: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let i = from; i < to; i++) total += values[i]!;
  return total;
}
