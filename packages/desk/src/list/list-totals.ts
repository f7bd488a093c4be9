import { STATES, type State, type Totals } from '../api/index.ts';
import type { PriceList } from './price-list.ts';
import type { RowStates } from './row-states.ts';

const WAITING = STATES.indexOf('waiting');

/**
 * Adds up what matches.
 * @param list of prices
 * @param states of its rows
 * @param match 1 where a row counts [N]
 * @returns the sums; decided discounts take the place of those of the first week in the discount rate
 */
export function totalsOf(list: PriceList, states: RowStates, match: Uint8Array): Totals {
  const { article, gain, profit, heldProfit, listSales, given, units, listPrice, recommended } = list;
  const counts = new Float64Array(STATES.length);
  const seen = new Uint8Array(list.articles.texts.length);
  const sums = { rows: 0, articles: 0, gain: 0, profit: 0, heldProfit: 0, overruleCost: 0 };
  let [base, discount] = [0, 0];
  const weeks = list.weeks.length;
  for (let row = 0; row < match.length; row++) {
    if (match[row] === 0) continue;
    sums.rows++;
    if (seen[article[row]!] === 0) {
      seen[article[row]!] = 1;
      sums.articles++;
    }
    if (!Number.isNaN(gain[row]!)) sums.gain += gain[row]!;
    if (!Number.isNaN(heldProfit[row]!)) sums.heldProfit += heldProfit[row]!;
    sums.profit += profit[row]!;
    if (!Number.isNaN(states.cost[row]!)) sums.overruleCost += states.cost[row]!;
    base += listSales[row]!;
    discount += given[row]!;
    const chosen = states.chosen[row]!;
    // What waits for another person does not hold yet. Of the first week alone: what other weeks would sell is the forecast's to say.
    if (states.state[row] !== WAITING && !Number.isNaN(chosen) && chosen !== recommended[row])
      discount += ((chosen - recommended[row]!) * listPrice[row]! * units[row]!) / weeks;
    counts[states.state[row]!]!++;
  }
  return {
    ...sums,
    discountRate: base === 0 ? 0 : discount / base,
    states: Object.fromEntries(STATES.map((state, i) => [state, counts[i]!])) as Record<State, number>,
  };
}
