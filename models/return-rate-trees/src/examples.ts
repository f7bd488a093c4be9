import { addWeeks, throwIfAborted, type Batch } from '@hemline/core';
import { weeksOf, type Attributes } from './attributes.ts';
import type { CohortSample } from './censored-binomial.ts';
import { chooseCohorts, type ChoiceOptions, type ChosenCohorts } from './chosen-cohorts.ts';
import { ItemCounts } from './counts.ts';
import { FEATURES, writeFeatures, type CohortFacts } from './features.ts';
import type { GroupPrices } from './groups.ts';
import type { History } from './history.ts';
import { unknownWeeks, writeRecentWeeks } from './recent-weeks.ts';
import { shrunkRates } from './shrunk-rates.ts';

/** Cohorts as the trees see them. */
export interface Examples extends CohortSample {
  /** {@link FEATURES}, then the attributes. */
  readonly columns: readonly Float32Array[];
  /** Log odds that the trees start from. */
  readonly offset: Float64Array;
}

/** How examples are made. */
export interface ExampleOptions extends ChoiceOptions {
  readonly leadWeeks: number;
  readonly signal?: AbortSignal;
}

/** What is known of so many cohorts is held at once, besides their features. */
const BLOCK_ROWS = 16_384;

/**
 * Turns cohorts into examples. The history of each ends 1 to `leadWeeks` weeks before its sale, as that of a forecast does:
 * nothing that was not known then is in its features.
 * @param history of all series
 * @param items one a series, with attributes
 * @param attributes fitted on the items
 * @param prices mean log prices of the groups
 * @param options how they are chosen
 * @returns examples to learn from, and examples of other articles that tell when to stop
 * @throws InterruptedError when the signal is raised
 */
export function makeExamples(
  history: History,
  items: Batch,
  attributes: Attributes,
  prices: GroupPrices,
  options: ExampleOptions,
): { training: Examples; validation: Examples } {
  const chosen = chooseCohorts(history, options);
  const launch = weeksOf(items, 'launchWeek', history.table.firstWeek);
  const seasonEnd = weeksOf(items, 'seasonEndWeek', history.table.firstWeek);
  const context = { history, launch, seasonEnd, values: attributes.read(items), prices, options };
  return { training: build(chosen.training, context), validation: build(chosen.validation, context) };
}

interface Context {
  readonly history: History;
  readonly launch: Float64Array;
  readonly seasonEnd: Float64Array;
  /** Attributes, a value a series. */
  readonly values: readonly Float32Array[];
  readonly prices: GroupPrices;
  readonly options: ExampleOptions;
}

function build({ rows, series }: ChosenCohorts, context: Context): Examples {
  const { history, values, options } = context;
  const { table, lastWeek } = history;
  const columns = FEATURES.map(() => new Float32Array(rows.length));
  const offset = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
    throwIfAborted(options.signal);
    const end = start + BLOCK_ROWS;
    const facts = factsOf({ rows: rows.subarray(start, end), series: series.subarray(start, end) }, context);
    offset.set(facts.rates.own, start);
    writeFeatures(facts, columns, start);
  }
  const ageOf = (row: number): number => Math.min(lastWeek - table.week[row]!, options.width - 1);
  return {
    columns: [...columns, ...values.map((attribute) => gather(attribute, series))],
    offset,
    maturity: Float32Array.from(
      rows,
      (row, at) => options.maturity[series[at]! * options.width + ageOf(row)]!,
    ),
    units: gather(table.units, rows),
    returned: gather(table.returned, rows),
  };
}

function gather(values: Float32Array | Float64Array, at: Int32Array): Float32Array {
  const gathered = new Float32Array(at.length);
  for (let i = 0; i < at.length; i++) gathered[i] = values[at[i]!]!;
  return gathered;
}

function factsOf({ rows, series }: ChosenCohorts, context: Context): CohortFacts {
  const { history, launch, seasonEnd, prices, options } = context;
  const { table, strengths, pools } = history;
  const counts = new ItemCounts(rows.length);
  const recent = unknownWeeks(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const [week, one] = [table.week[rows[at]!]!, series[at]!];
    // Leads of all lengths, for each series in turn.
    const known = week - 1 - ((week + one) % options.leadWeeks);
    history.writeCounts(one, known, counts, at);
    writeRecentWeeks(table, one, known, recent, at);
  }
  const weekOf = (at: number): number => table.week[rows[at]!]!;
  return {
    counts,
    rates: shrunkRates(counts, strengths),
    recent,
    discount: Float64Array.from(rows, (row) => table.discount[row]!),
    price: Float64Array.from(rows, (row) => table.price[row]!),
    groupPrice: Float64Array.from(series, (one) => prices.of(pools.group.groups[one]!)),
    saleWeek: Int32Array.from(rows, (row) => addWeeks(table.firstWeek, table.week[row]!)),
    age: Float64Array.from(series, (one, at) => weekOf(at) - launch[one]!),
    weeksLeft: Float64Array.from(series, (one, at) => seasonEnd[one]! - weekOf(at)),
  };
}
