import { DAYS_PER_WEEK, isValid, type Batch, type DateColumn, type Week } from '@hemline/core';
import { scoreOf, type Link } from '../learned/link.ts';
import { ATTRIBUTES, type FoundItems } from './item-averages.ts';

/** What is known of an item when it is forecast. */
export interface ItemFacts {
  /** Averages as scores: logs or log odds where that is what is learnt. */
  readonly own: number;
  readonly group: number;
  readonly overall: number;
  readonly byAttribute: Readonly<Record<(typeof ATTRIBUTES)[number], number>>;
  /** Units of the item itself. */
  readonly support: number;
  /** Weeks since the launch, and to the end of the season; NaN where unknown. */
  readonly age: number;
  readonly weeksLeft: number;
  /** The middle of the weeks that the forecast is for. */
  readonly week: Week;
}

/** A feature: a name, and how it follows from the facts. */
interface ItemFeature {
  readonly name: string;
  readonly of: (facts: ItemFacts) => number;
}

const DAYS_PER_YEAR = 365.2425;
const turn = ({ week }: ItemFacts): number => (2 * Math.PI * week) / DAYS_PER_YEAR;

/** What the model knows of an item: THE place to change it. NaN is unknown. */
export const FEATURES: readonly ItemFeature[] = [
  { name: 'own', of: ({ own }) => own },
  // How an item differs from its like is what should be seen first.
  { name: 'own_less_group', of: ({ own, group }) => own - group },
  { name: 'group_less_all', of: ({ group, overall }) => group - overall },
  ...ATTRIBUTES.map((name) => ({
    name: `${name}_less_all`,
    of: ({ byAttribute, overall }: ItemFacts) => byAttribute[name] - overall,
  })),
  { name: 'log_support', of: ({ support }) => Math.log1p(support) },
  { name: 'age', of: ({ age }) => age },
  { name: 'weeks_left', of: ({ weeksLeft }) => weeksLeft },
  { name: 'year_sin', of: (facts) => Math.sin(turn(facts)) },
  { name: 'year_cos', of: (facts) => Math.cos(turn(facts)) },
];

/**
 * Works out the features of items.
 * @param items with their attributes
 * @param found averages that stand behind them
 * @param week the middle of the weeks that the forecast is for
 * @param link what scores mean
 * @returns an array a feature
 */
export function featuresOf(items: Batch, found: FoundItems, week: Week, link: Link): Float32Array[] {
  const columns = FEATURES.map(() => new Float32Array(items.length));
  const launch = weeksFrom(items, 'launchWeek');
  const seasonEnd = weeksFrom(items, 'seasonEndWeek');
  const overall = scoreOf(link, found.overall);
  for (let row = 0; row < items.length; row++) {
    const facts: ItemFacts = {
      own: scoreOf(link, found.own[row]!),
      group: scoreOf(link, found.group[row]!),
      overall,
      byAttribute: Object.fromEntries(
        ATTRIBUTES.map((name) => [name, scoreOf(link, found.byAttribute[name]![row]!)]),
      ) as ItemFacts['byAttribute'],
      support: found.support[row]!,
      age: (week - launch[row]!) / DAYS_PER_WEEK,
      weeksLeft: (seasonEnd[row]! - week) / DAYS_PER_WEEK,
      week,
    };
    FEATURES.forEach(({ of }, at) => (columns[at]![row] = of(facts)));
  }
  return columns;
}

/** Days of a date attribute; NaN where it is not known. */
function weeksFrom(items: Batch, name: string): Float64Array {
  const column = items.column(name) as DateColumn;
  return Float64Array.from({ length: items.length }, (_, row) =>
    isValid(column, row) ? column.values[row]! : NaN,
  );
}
