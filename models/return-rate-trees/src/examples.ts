import { addWeeks, throwIfAborted, type Batch } from '@hemline/core';
import { weeksOf, type Attributes } from './attributes.ts';
import type { CohortSample } from './censored-binomial.ts';
import { FEATURES, writeFeatures } from './features.ts';
import type { GroupPrices } from './group-prices.ts';
import type { History } from './history.ts';
import { recentWeeks } from './recent-weeks.ts';
import { shrunkRates } from './shrunk-rates.ts';
import { textHash } from './text-hash.ts';

/** Cohorts as the trees see them. */
export interface Examples extends CohortSample {
  /** {@link FEATURES}, then the attributes. */
  readonly columns: readonly Float32Array[];
  /** Log odds that the trees start from. */
  readonly offset: Float64Array;
}

/** How examples are chosen. */
export interface ExampleOptions {
  /** Share of a cohort's returns that is in at its age: K + 1 values a series. */
  readonly maturity: Float64Array;
  readonly width: number;
  readonly leadWeeks: number;
  readonly validationShare: number;
  readonly maximumRows: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** Cohorts of less than this maturity tell nothing worth their row. */
const LEAST_MATURITY = 0.02;
/** Until so many weeks have passed nothing is known of any group. */
const BURN_IN_WEEKS = 8;

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
  const chosen = choose(history, options);
  const launch = weeksOf(items, 'launchWeek', history.table.firstWeek);
  const seasonEnd = weeksOf(items, 'seasonEndWeek', history.table.firstWeek);
  const context = { history, launch, seasonEnd, values: attributes.read(items), prices, options };
  return { training: build(chosen.training, context), validation: build(chosen.validation, context) };
}

interface Context {
  readonly history: History;
  readonly launch: Float64Array;
  readonly seasonEnd: Float64Array;
  readonly values: readonly Float32Array[];
  readonly prices: GroupPrices;
  readonly options: ExampleOptions;
}

/** A cohort and its series. */
interface Chosen {
  readonly rows: number[];
  readonly series: number[];
}

function choose(
  { table, lastWeek }: History,
  options: ExampleOptions,
): Record<'training' | 'validation', Chosen> {
  const { maturity, width, maximumRows, validationShare, seed } = options;
  const first = Math.min(BURN_IN_WEEKS, lastWeek >> 2);
  const isUsed = (series: number, row: number): boolean => {
    const age = Math.min(lastWeek - table.week[row]!, width - 1);
    return (
      table.units[row]! > 0 && table.week[row]! >= first && maturity[series * width + age]! >= LEAST_MATURITY
    );
  };
  let usable = 0;
  for (let series = 0; series < table.series.length; series++)
    for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++)
      usable += Number(isUsed(series, row));
  const share = usable > maximumRows ? maximumRows / usable : 1;
  const parts = { training: { rows: [], series: [] }, validation: { rows: [], series: [] } } as Record<
    'training' | 'validation',
    Chosen
  >;
  for (let series = 0; series < table.series.length; series++) {
    const article = table.keys.text(table.series[series]!, 0)!;
    if (textHash(article, 1) >= share) continue;
    const { rows, series: own } =
      textHash(article, 2 + seed) < validationShare ? parts.validation : parts.training;
    for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++)
      if (isUsed(series, row)) {
        rows.push(row);
        own.push(series);
      }
  }
  return parts;
}

function build({ rows, series }: Chosen, context: Context): Examples {
  const { history, values, launch, seasonEnd, prices, options } = context;
  const { table, strengths, lastWeek, pools } = history;
  const count = rows.length;
  const columns = Array.from({ length: FEATURES.length + values.length }, () => new Float32Array(count));
  const offset = new Float64Array(count);
  const maturity = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    if (at % 65_536 === 0) throwIfAborted(options.signal);
    const row = rows[at]!;
    const one = series[at]!;
    const week = table.week[row]!;
    // Leads of all lengths, for each series in turn.
    const known = week - 1 - ((week + one) % options.leadWeeks);
    const counts = history.counts(one, known);
    const rates = shrunkRates(counts, strengths);
    offset[at] = rates.own;
    maturity[at] = options.maturity[one * options.width + Math.min(lastWeek - week, options.width - 1)]!;
    const facts = {
      counts,
      rates,
      recent: recentWeeks(table, one, known),
      discount: table.discount[row]!,
      price: table.price[row]!,
      groupPrice: prices.of(pools.group.groups[one]!),
      saleWeek: addWeeks(table.firstWeek, week),
      age: week - launch[one]!,
      weeksLeft: seasonEnd[one]! - week,
    };
    writeFeatures(facts, columns, at);
    values.forEach((attribute, i) => (columns[FEATURES.length + i]![at] = attribute[one]!));
  }
  return {
    columns,
    offset,
    maturity,
    units: Float32Array.from(rows, (row) => table.units[row]!),
    returned: Float32Array.from(rows, (row) => table.returned[row]!),
  };
}
