import { addWeeks, Batch, float64Column, stringColumn, type Column, type Week } from '@hemline/core';
import type { TreeModel } from '@hemline/lightgbm/scoring';
import { weeksOf, type Attributes } from './attributes.ts';
import type { ItemCounts } from './counts.ts';
import { DISCOUNT, DISCOUNT_CHANGE, FEATURES, writeFeatures } from './features.ts';
import type { ItemStates } from './item-states.ts';
import type { PlannedWeeks } from './planned-weeks.ts';
import { shrunkRates } from './shrunk-rates.ts';

/** Discounts that each item's rate is told at, and the columns it is told in. */
export const DISCOUNT_LEVELS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((discount) => ({
  discount,
  column: `returnRateAt${Math.round(100 * discount)}`,
}));

const SUPPORT_LEVELS = ['article', 'article in other markets', 'group', 'market', 'all'];
/** What they rest on, but for the last. */
const KNOWING = ['own', 'others', 'group', 'market'] as const;

/** Trees, and what is known of the items at the cutoff. Scores in TypeScript: no library is needed to forecast. */
export class Forecaster {
  readonly #trees: TreeModel;
  readonly #attributes: Attributes;
  readonly #states: ItemStates;
  readonly #leadWeeks: number;

  /**
   * @param trees grown from the shrunk rates of the items
   * @param attributes of items
   * @param states of items
   * @param leadWeeks that a forecast is for: the features are those of the one in the middle
   */
  constructor(trees: TreeModel, attributes: Attributes, states: ItemStates, leadWeeks: number) {
    this.#trees = trees;
    this.#attributes = attributes;
    this.#states = states;
    this.#leadWeeks = leadWeeks;
  }

  /**
   * @param items with their attributes
   * @param cutoff the last known week
   * @param planned discount and price of each item where they are planned; else the last ones go on
   * @returns the forecasts, one a row
   */
  forecast(items: Batch, cutoff: Week, planned: PlannedWeeks): Batch {
    const count = items.length;
    const columns: Float32Array[] = FEATURES.map(() => new Float32Array(count));
    columns.push(...this.#attributes.read(items));
    const saleWeek = addWeeks(cutoff, Math.ceil(this.#leadWeeks / 2));
    const launch = weeksOf(items, 'launchWeek', saleWeek);
    const seasonEnd = weeksOf(items, 'seasonEndWeek', saleWeek);
    const { counts, recent, groupPrice, support } = this.#states.lookup(items);
    const shrunk = shrunkRates(counts, this.#states.strengths);
    const offset = shrunk.own;
    const facts = {
      counts,
      rates: shrunk,
      recent,
      // What is new begins at its full price.
      discount: Float64Array.from(planned.discount, (discount, item) =>
        firstNumber(discount, recent.lastDiscount[item]!, 0),
      ),
      price: Float64Array.from(planned.price, (price, item) => firstNumber(price, recent.lastPrice[item]!)),
      groupPrice,
      saleWeek: new Int32Array(count).fill(saleWeek),
      age: launch.map((week) => -week),
      weeksLeft: seasonEnd,
    };
    writeFeatures(facts, columns, 0);
    const usual = Float32Array.from(recent.usualDiscount);
    const rates: Record<string, Column> = { returnRate: float64Column(this.#rates(columns, offset)) };
    for (const { discount, column } of DISCOUNT_LEVELS) {
      const at = columns.with(DISCOUNT, new Float32Array(count).fill(discount));
      at[DISCOUNT_CHANGE] = usual.map((before) => discount - before);
      rates[column] = float64Column(this.#rates(at, offset));
    }
    return new Batch({
      article: items.strings('article'),
      market: items.strings('market'),
      ...rates,
      support: float64Column(support),
      supportLevel: stringColumn(
        Int32Array.from({ length: count }, (_, item) => levelOf(counts, item)),
        SUPPORT_LEVELS,
      ),
    });
  }

  #rates(columns: readonly Float32Array[], offset: Float64Array): Float64Array {
    return this.#trees
      .predict({ columns }, { kind: 'raw' })
      .map((score, item) => 1 / (1 + Math.exp(-score - offset[item]!)));
  }
}

function firstNumber(...values: readonly number[]): number {
  return values.find((value) => !Number.isNaN(value)) ?? NaN;
}

/** The finest level that knows anything, a position in {@link SUPPORT_LEVELS}. */
function levelOf({ exposure }: ItemCounts, item: number): number {
  const at = KNOWING.findIndex((level) => exposure[level][item]! > 0);
  return at === -1 ? SUPPORT_LEVELS.length - 1 : at;
}
