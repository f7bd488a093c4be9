import { beginPlay, restorePlay, type Account, type MarketPlay } from '@hemline/market-simulator';
import type { Market, MarketMaker, Money } from '@hemline/seasons';
import type { SeasonRequest } from './season-request.ts';

/**
 * The simulated markets of a season.
 * @param request which, and for how long
 * @returns what begins them
 */
export function playedMarkets(request: SeasonRequest): MarketMaker {
  const { articles, markets, weeks: played, history, runOut, discounts, horizon, world } = request;
  return {
    open(seed, saved) {
      const options = {
        ...{ articles, markets, seed, weeks: history, played, runOut, discounts },
        ...{ planWeeks: horizon, ...world },
      };
      return Promise.resolve(marketOf(saved === null ? beginPlay(options) : restorePlay(options, saved)));
    },
  };
}

function marketOf(play: MarketPlay): Market {
  const { discounts, articles, markets, article, market, blackPrice, vat, pool } = play;
  return {
    get week() {
      return play.week;
    },
    get weeksLeft() {
      return play.weeksLeft;
    },
    ...{ discounts, articles, markets, article, market, blackPrice, vat },
    // Markets without a pool have stocks of their own.
    pool: pool.every((number) => number === -1)
      ? null
      : Array.from(pool, (number, m) => (number === -1 ? `own ${markets[m]}` : `pool ${number}`)),
    situation: () => play.situation(),
    price(level, tags) {
      const { sales, returned, account } = play.price(level, tags);
      return { sales, returned, money: moneyOf(account) };
    },
    observe: (folder) => play.observe(folder),
    truth: (weeks) => play.truth(weeks),
    finish() {
      const before = play.units();
      const { account, units } = play.finish();
      const [sold, returned] = [
        sum(units.sold) - sum(before.sold),
        sum(units.returned) - sum(before.returned),
      ];
      const { residual } = account;
      return {
        cameIn: sum(units.cameIn),
        sold,
        returned,
        money: moneyOf(account),
        left: sum(units.left),
        residual,
      };
    },
    save: () => play.save(),
  };
}

function moneyOf({ revenue, refunds, shipping, returnCost, clearance }: Account): Money {
  return { revenue, refunds, shipping, returnCost, clearance };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
