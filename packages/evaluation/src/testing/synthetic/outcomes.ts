import {
  addWeeks,
  RETURN_MATURITY_WEEKS,
  schemaOf,
  weeksBetween,
  type Batch,
  type Field,
} from '@hemline/core';
import { BatchBuilder } from '../batch-builder.ts';
import type { SyntheticWorld } from './market.ts';
import type { SoldSeries } from './weekly.ts';

const string = (name: string): Field => ({ name, type: 'string' });
const date = (name: string): Field => ({ name, type: 'date' });
const number = (name: string): Field => ({ name, type: 'float64' });

/** A unit comes back in the next week with this chance, if it comes back and has not yet; all are back at maturity. */
const RETURN_HAZARD = 0.25;

/**
 * What happens after the sale: returns (delays of 0 to 14 weeks, known only up to the last week, so that the youngest
 * cohorts are cut off), the costs of shipping and returning, and the clearance after the season.
 * @param world the calendar
 * @param series units sold
 * @returns the rows of the tables returns, fulfillment and clearance
 */
export function followUp(
  world: SyntheticWorld,
  series: readonly SoldSeries[],
): { returns: Batch; fulfillment: Batch; clearance: Batch } {
  const returns = new BatchBuilder(
    schemaOf(string('article'), string('market'), date('saleWeek'), date('returnWeek'), number('units')),
  );
  const fulfillment = new BatchBuilder(
    schemaOf(
      string('article'),
      string('market'),
      date('week'),
      number('shippedUnits'),
      number('shippingCost'),
      number('returnedUnits'),
      number('returnCost'),
    ),
  );
  const clearance = new BatchBuilder(
    schemaOf(
      string('article'),
      string('market'),
      date('week'),
      number('units'),
      number('value'),
      number('blackPrice'),
    ),
  );
  for (const one of series) {
    const returned = returnUnits(world, one, returns);
    payFulfillment(world, one, returned, fulfillment);
    clear(world, one, clearance);
  }
  return { returns: returns.build(), fulfillment: fulfillment.build(), clearance: clearance.build() };
}

/** Writes the cohorts of one series; gives the units returned by week. */
function returnUnits(
  { random, weeks, firstWeek }: SyntheticWorld,
  { article, market, sold }: SoldSeries,
  builder: BatchBuilder,
): Int32Array {
  const returned = new Int32Array(weeks);
  for (let sale = 0; sale < weeks; sale++) {
    const byDelay = new Int32Array(RETURN_MATURITY_WEEKS + 1);
    for (let unit = random.binomial(sold[sale]!, article.returnRate); unit > 0; unit--) {
      let delay = 0;
      while (delay < RETURN_MATURITY_WEEKS && !random.chance(RETURN_HAZARD)) delay++;
      byDelay[delay]!++;
    }
    for (let delay = 0; delay < byDelay.length && sale + delay < weeks; delay++) {
      if (byDelay[delay] === 0) continue;
      returned[sale + delay]! += byDelay[delay]!;
      builder.add(
        article.name,
        market.name,
        addWeeks(firstWeek, sale),
        addWeeks(firstWeek, sale + delay),
        byDelay[delay]!,
      );
    }
  }
  return returned;
}

function payFulfillment(
  { random, weeks, firstWeek }: SyntheticWorld,
  { article, market, sold }: SoldSeries,
  returned: Int32Array,
  builder: BatchBuilder,
): void {
  for (let position = 0; position < weeks; position++) {
    const shipped = sold[position]!;
    const back = returned[position]!;
    if (shipped === 0 && back === 0) continue;
    builder.add(
      article.name,
      market.name,
      addWeeks(firstWeek, position),
      shipped,
      shipped * article.shippingCost * (0.9 + 0.2 * random.uniform()),
      back,
      back * article.returnCost * (0.9 + 0.2 * random.uniform()),
    );
  }
}

function clear(
  { random, firstWeek, lastWeek }: SyntheticWorld,
  { article, market }: SoldSeries,
  builder: BatchBuilder,
): void {
  const end = article.seasonEndWeek;
  if (end === null || article.start > weeksBetween(firstWeek, end)) return;
  for (const wait of [1, 3]) {
    const week = addWeeks(end, wait);
    if (week > lastWeek) continue;
    const units = 5 + random.below(40);
    const value = units * article.blackPrice * article.residualValue * (0.8 + 0.4 * random.uniform());
    builder.add(article.name, market.name, week, units, value, article.blackPrice);
  }
}
