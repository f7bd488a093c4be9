import {
  addWeeks,
  ConfigurationError,
  KeyIndex,
  SERIES_KEY,
  takeRows,
  throwIfAborted,
  weeksBetween,
  type Batch,
  type ForecastRequest,
} from '@hemline/core';
import {
  demandBetweenKnots,
  KNOT_DEPTHS,
  KNOTS,
  QUANTILES,
  requestPanels,
  setKnots,
  setLogKnots,
  ShapedCurves,
  type FilledPanel,
} from '@hemline/features';
import type { KnotCurves } from './curve-table.ts';
import { attributesOf, weeklyColumns } from './dataset-columns.ts';
import {
  DISCOUNT_FEATURES,
  featuresOf,
  FeatureWriter,
  type FeatureContext,
  type Question,
} from './features.ts';
import type { FittedParts } from './fit.ts';
import { Origin } from './origin.ts';
import { SeriesHistory } from './series-history.ts';
import { storeOf } from './series-store.ts';
import { MarketGroups, type GroupNumbers } from './market-groups.ts';
import { rowOfWeek } from './stage.ts';

/** Rows of a panel, about. */
const PANEL_ROWS = 65_536;
/** Rows that trees are asked about at once, about: features of a series and week at every knot are a row each. */
const BLOCK_ROWS = 16_384;
/** Logarithms of demand that a course is given to are no lower. */
const MOST_LOG = 25;

/** Demand curves of some series: one for each week that is asked about. */
export interface SeriesCurves extends KnotCurves {
  /** `article` and `market`. */
  readonly keys: Batch;
  /** Weeks, in the order asked; curve `series * weeks.length + week`. */
  readonly weeks: Int32Array;
}

/**
 * Works out the demand curves of a partition, some series at a time, in the order of the data. What else is planned in a market is
 * summed up first, so that the panels are read twice.
 * @param parts of the fitted model
 * @param request cutoff, items, history
 * @param plan what is known ahead, or null
 * @param weeks that are asked about
 * @param wanted `article` and `market` of those that are wanted; all items by default
 * @yields curves of whole series
 * @throws ConfigurationError for weeks beyond the horizon that was learnt
 */
export async function* seriesCurves(
  parts: FittedParts,
  request: Omit<ForecastRequest, 'scenarios'>,
  plan: Batch | null,
  weeks: Int32Array,
  wanted: Batch = request.items,
): AsyncGenerator<SeriesCurves> {
  const { cutoff, history: tables, signal } = request;
  const { columns, knowledge } = parts;
  const until = addWeeks(cutoff, furthest(weeks, cutoff, parts.horizon));
  const weekly = await parts.history.weekly(tables, cutoff, signal);
  const names = weekly.schema.fields.map(({ name }) => name);
  const panels = await requestPanels(request, weekly, plan, {
    columns: weeklyColumns(names, columns),
    attributes: attributesOf(columns),
    until,
    panelRows: PANEL_ROWS,
    others: tables,
  });
  const sums = new MarketGroups(columns.covariates);
  for await (const panel of panels()) {
    throwIfAborted(signal);
    sums.add(panel.series, storeOf(panel, columns, knowledge.encoders, cutoff));
  }
  const asked = new KeyIndex(SERIES_KEY);
  asked.add(wanted);
  const course = courseOf(parts, request.items, weeks, plan);
  for await (const panel of panels()) {
    throwIfAborted(signal);
    const context = { markets: sums.markets, groups: sums.groups, columns };
    yield* ofPanel(parts, panel, context, sums.find(panel.series), {
      ...{ cutoff, weeks, asked, course, signal },
    });
  }
}

/** Curves that take their course from a response, and which item a series is. */
interface Course {
  readonly items: KeyIndex;
  readonly shaped: ShapedCurves;
}

function courseOf(
  { response }: FittedParts,
  items: Batch,
  weeks: Int32Array,
  plan: Batch | null,
): Course | null {
  if (response === null) return null;
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  return { items: index, shaped: new ShapedCurves(response, { items, weeks, plan }) };
}

/** What is asked of a panel. */
interface Asked {
  readonly cutoff: number;
  readonly weeks: Int32Array;
  readonly asked: KeyIndex;
  /** null: that of the trees. */
  readonly course: Course | null;
  readonly signal?: AbortSignal;
}

function* ofPanel(
  parts: FittedParts,
  panel: FilledPanel,
  context: FeatureContext,
  numbers: GroupNumbers,
  { cutoff, weeks, asked, course, signal }: Asked,
): Generator<SeriesCurves> {
  const { columns, knowledge, ensemble, bands } = parts;
  const found = asked.find(panel.series);
  const some = [...found.keys()].filter((one) => found[one] !== -1);
  if (some.length === 0 || weeks.length === 0) return;
  const store = storeOf(panel, columns, knowledge.encoders, cutoff);
  const origin = new Origin(knowledge.settings);
  const writer = new FeatureWriter(context);
  const features = featuresOf(columns);
  const items = course?.items.find(panel.series);
  const shape = new Float64Array(KNOTS.length);
  const perSeries = weeks.length * KNOTS.length;
  const together = Math.max(1, Math.floor(BLOCK_ROWS / perSeries));
  for (let first = 0; first < some.length; first += together) {
    throwIfAborted(signal);
    const block = some.slice(first, first + together);
    const table = features.map(() => new Float32Array(block.length * perSeries));
    const start = new Float64Array(block.length * perSeries);
    const levels = new Float64Array(block.length);
    const support = new Float64Array(block.length * weeks.length);
    const planned = new Float64Array(block.length * weeks.length);
    block.forEach((series, i) => {
      origin.move(new SeriesHistory(store, series), rowOfWeek(store, series, cutoff));
      levels[i] = origin.level;
      weeks.forEach((week, w) => {
        const curve = i * weeks.length + w;
        const question: Question = {
          origin,
          row: origin.history.from + rowOfWeek(store, series, week),
          weeksAhead: weeksBetween(cutoff, week),
          market: numbers.market[series]!,
          group: numbers.group[series]!,
          isAlone: false,
          isNew: false,
        };
        support[curve] = origin.support;
        const depth = store.depth[question.row]!;
        planned[curve] = depth === depth ? 1 - Math.exp(-depth) : 0;
        const from = curve * KNOTS.length;
        writer.writeWeek(question, table, from);
        copyRow(table, from, KNOTS.length);
        KNOT_DEPTHS.forEach((deep, knot) => {
          start[from + knot] = writer.writeDiscount(question, deep, table, from + knot);
        });
      });
    });
    const ratio = ensemble.predict(table, start);
    const logs = new Float32Array(support.length * KNOTS.length);
    const ratios = new Float32Array(support.length * QUANTILES.length);
    for (let curve = 0; curve < support.length; curve++) {
      const level = levels[Math.floor(curve / weeks.length)]!;
      const demand = (knot: number): number => ratio[curve * KNOTS.length + knot]! * level;
      const item = items?.[block[Math.floor(curve / weeks.length)]!] ?? -1;
      if (course === null || item === -1) setKnots(demand, logs, curve);
      else {
        for (let knot = 0; knot < shape.length; knot++)
          shape[knot] = Math.max(-MOST_LOG, Math.log(demand(knot)));
        course.shaped.shape(shape, item, curve % weeks.length);
        setLogKnots((knot) => shape[knot]!, logs, curve);
      }
      const size = demandBetweenKnots(logs, curve, planned[curve]!);
      const ahead = weeksBetween(cutoff, weeks[curve % weeks.length]!);
      for (let k = 0; k < QUANTILES.length; k++)
        ratios[curve * QUANTILES.length + k] = bands.ratio(ahead, size, k);
    }
    yield { keys: takeRows(store.keys, Uint32Array.from(block)), weeks, logs, ratios, support };
  }
}

/** Copies what a row has in common with those after it. */
function copyRow(table: readonly Float32Array[], from: number, count: number): void {
  for (let feature = DISCOUNT_FEATURES; feature < table.length; feature++)
    table[feature]!.fill(table[feature]![from]!, from + 1, from + count);
}

function furthest(weeks: Int32Array, cutoff: number, horizon: number): number {
  const most = weeks.reduce((longest, week) => Math.max(longest, weeksBetween(cutoff, week)), 0);
  if (most <= horizon) return most;
  throw new ConfigurationError('the horizon is longer than what the model has learnt', {
    expected: `at most ${horizon} weeks`,
    found: `${most} weeks`,
    remedy: 'Ask for fewer weeks, or train with a larger hyperparameter "horizon".',
  });
}
