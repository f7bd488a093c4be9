import { createHash } from 'node:crypto';
import {
  constantStringColumn,
  DataError,
  float64Column,
  formatWeek,
  HemlineError,
  isValid,
  stringColumn,
  timestampColumn,
  validityWithout,
  type Batch,
  type Column,
} from '@hemline/core';
import { judgePrices } from '@hemline/pricing';
import type { Dataset } from '@hemline/runtime';
import {
  isSamePrice,
  type DecisionLedger,
  type DecisionStore,
  type SegmentFacts,
  type WeekRange,
} from '@hemline/runs/decisions';
import { openData, type DataOptions, type WorkOptions } from '../work-options.ts';
import { cellTable } from './cell-table.ts';
import { openDecisions, type DecisionPlaceOptions } from './decision-place.ts';
import { observedSales, type ObservedSales } from './observed-sales.ts';
import { readPricedPlan } from './priced-plan.ts';
import { ScoreBuilder, type DecisionScores } from './score-totals.ts';
import { VolumeVariances, type VolumeVariance } from './volume-variance.ts';
import { selectCells, weeksOf, type CellSelection } from './select-cells.ts';

/** What is scored. */
export interface ScoreDecisionsOptions
  extends DataOptions, DecisionPlaceOptions, WorkOptions, Pick<CellSelection, 'week' | 'market' | 'by'> {
  /** Whether nothing is written; by default outcomes are added to the decisions. */
  readonly dryRun?: boolean;
  /** Weeks that are scored, in the place of `week`; by default all. */
  readonly weeks?: WeekRange;
}

/** What decisions have earned. */
export interface ScoreDecisionsResult extends DecisionScores {
  readonly store: string;
  readonly weeks: readonly string[];
  /** Prices that have a proposal and have not passed in the data yet. */
  readonly open: number;
  /** Where the forecast of sales was off by most, in money: by group and discount in the shop. */
  readonly variances: readonly VolumeVariance[];
  /** Runs whose prices were scored. */
  readonly runs: readonly string[];
  /** Outcomes that were added, and those that were known. */
  readonly recorded: number;
  readonly known: number;
  readonly segment: number | null;
  readonly notes: readonly string[];
  readonly dryRun: boolean;
}

/**
 * What decisions earned, by the sales of weeks that have passed since: against the plan, against holding, and what overrides cost at the
 * time and after.
 * @param options dataset with these weeks, which decisions
 * @returns sums, and how many prices they are of
 * @throws DataError where none of the weeks has passed
 */
export async function scoreDecisions(options: ScoreDecisionsOptions): Promise<ScoreDecisionsResult> {
  const { signal, dryRun = false } = options;
  const store = await openDecisions(options);
  const ledger = await store.read(options.weeks ?? weeksOf(options));
  const dataset = await openData(options);
  const cells = selectCells(ledger, options).filter((cell) => ledger.cells.codes.proposal[cell] !== -1);
  const weeks = cells.reduce(
    ({ from, to }, cell) => {
      const week = ledger.cells.codes.week[cell]!;
      return { from: Math.min(from, week), to: Math.max(to, week) };
    },
    { from: Infinity, to: -Infinity },
  );
  const seen = await observedSales(dataset, ledger, weeks, signal);
  const passed = cells.filter((cell) => !Number.isNaN(seen.units[cell]!));
  if (passed.length === 0) throw notPassed(options.data, cells.length, weeks);
  const notes = disagreement(ledger, passed, seen);
  const scores = new ScoreBuilder();
  const variances = new VolumeVariances(await groupsOf(dataset));
  const runs = new Set<string>();
  const outcomes = await judged(passed, { ledger, store, seen, notes, scores, variances, runs }, options);
  const facts: SegmentFacts = {
    ...{ schema: 1, kind: 'outcomes', at: new Date().toISOString(), source: options.data, lineage: null },
    digest: createHash('sha256').update(`${dataset.fingerprint} ${ledger.segment}`).digest('hex'),
  };
  const told = await store.append(outcomes, facts, { dryRun });
  const scored = [...new Set(Array.from(passed, (cell) => ledger.cells.codes.week[cell]!))];
  return {
    ...{ ...scores.finish(), variances: variances.finish(), runs: [...runs] },
    ...{ store: store.url, weeks: scored.map(formatWeek), open: cells.length - passed.length },
    ...{ recorded: told.applied, known: told.unchanged, segment: told.segment, notes, dryRun },
  };
}

/** Groups by article, where the dataset tells them. */
async function groupsOf(dataset: Dataset): Promise<Map<string, string>> {
  const articles = dataset.tables.find('articles');
  const groups = new Map<string, string>();
  if (articles?.schema.fields.some(({ name }) => name === 'group') !== true) return groups;
  for await (const batch of articles.batches({ columns: ['article', 'group'] })) {
    const [names, values] = [batch.strings('article'), batch.strings('group')];
    names.values.forEach((code, row) => {
      if (isValid(values, row)) groups.set(names.dictionary[code]!, values.dictionary[values.values[row]!]!);
    });
  }
  return groups;
}

/** The shop had told another price than the data have. */
function disagreement(ledger: DecisionLedger, passed: Uint32Array, seen: ObservedSales): string[] {
  const { actual, listPrice } = ledger.cells.amounts;
  const other = passed.filter(
    (cell) =>
      !Number.isNaN(actual[cell]!) && !isSamePrice(actual[cell]!, seen.discount[cell]!, listPrice[cell]!),
  ).length;
  return other === 0
    ? []
    : [`${other} prices are others in the data than the shop had told: those of the data count`];
}

interface Scoring {
  readonly ledger: DecisionLedger;
  readonly store: DecisionStore;
  readonly seen: ObservedSales;
  readonly notes: string[];
  readonly scores: ScoreBuilder;
  readonly variances: VolumeVariances;
  readonly runs: Set<string>;
}

/** Judges the prices of one pricing after the other. */
async function judged(
  passed: Uint32Array,
  { ledger, store, seen, notes, scores, variances, runs }: Scoring,
  options: ScoreDecisionsOptions,
): Promise<Batch> {
  const { amounts, codes, isManual } = ledger.cells;
  const earned = new Float64Array(passed.length).fill(NaN);
  const cost = new Float64Array(passed.length).fill(NaN);
  for (const segment of new Set(Array.from(passed, (cell) => codes.proposal[cell]!))) {
    const rows = Uint32Array.from(passed.keys()).filter((i) => codes.proposal[passed[i]!] === segment);
    const own = rows.map((i) => passed[i]!);
    const { lineage } = await store.facts(segment);
    const of = (values: Float64Array): Float64Array => Float64Array.from(own, (cell) => values[cell]!);
    try {
      const plan = await readPricedPlan(lineage!.run, options);
      if (plan.isDataChanged)
        notes.push(
          `the data of ${lineage!.run} has changed since it was priced: its stock is told as of today`,
        );
      const found = plan.finder.cells(cellTable(ledger, own, ['article', 'market', 'week']));
      const result = judgePrices(plan.valuer, {
        ...{ cells: found, units: of(seen.units), actual: of(seen.discount) },
        ...{ held: of(amounts.heldDiscount), isManual: Uint8Array.from(own, (cell) => isManual[cell]!) },
      });
      runs.add(lineage!.run);
      own.forEach((cell, k) => {
        const article = ledger.articleOf(cell);
        variances.add(article, seen.discount[cell]!, result.earned[k]!, result.asForecast[k]!);
        earned[rows[k]!] = result.earned[k]!;
        cost[rows[k]!] = result.overrideCost[k]!;
        scores.add(ledger, cell, {
          ...{ units: seen.units[cell]!, discount: seen.discount[cell]!, earned: result.earned[k]! },
          ...{
            asProposed: result.asProposed[k]!,
            asHeld: result.asHeld[k]!,
            costAfter: result.overrideCost[k]!,
          },
        });
      });
    } catch (error) {
      if (!(error instanceof HemlineError) || error.blame === 'interrupted') throw error;
      notes.push(`${own.length} prices of ${lineage!.run} cannot be judged: ${error.message}`);
      scores.unjudged += own.length;
    }
  }
  return outcomesOf(ledger, passed, seen, { earned, cost });
}

function outcomesOf(
  ledger: DecisionLedger,
  cells: Uint32Array,
  seen: ObservedSales,
  { earned, cost }: { readonly earned: Float64Array; readonly cost: Float64Array },
): Batch {
  const { length } = cells;
  const keys = cellTable(ledger, cells, ['article', 'market', 'week']);
  const day = ledger.cells.codes.week;
  const of = (values: Float64Array): Float64Array => Float64Array.from(cells, (cell) => values[cell]!);
  const none = nullable(new Float64Array(length).fill(NaN));
  const noText = stringColumn(new Int32Array(length), [''], none.validity);
  return keys.with({
    ...{ event: constantStringColumn('outcome', length), discount: float64Column(of(seen.discount)) },
    at: timestampColumn(
      BigInt64Array.from(cells, (cell) => BigInt(day[cell]!) * 86_400_000n),
      'ms',
    ),
    ...{ price: none, by: noText, reason: noText, profit: nullable(earned), sales: nullable(of(seen.units)) },
    ...{ heldDiscount: none, heldProfit: none, cost: nullable(cost), propensity: none, experiment: noText },
  });
}

function nullable(values: Float64Array): Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  return float64Column(values, validityWithout(values.length, missing));
}

function notPassed(data: string, prices: number, { from, to }: { from: number; to: number }): DataError {
  return new DataError('no week that was decided about has passed in the data', {
    expected:
      prices === 0
        ? 'prices that were proposed'
        : `sales of weeks from ${formatWeek(from)} to ${formatWeek(to)}`,
    found: prices === 0 ? 'none of those that are meant' : 'none',
    where: { file: data },
    remedy: 'Score with a dataset that has the weeks since.',
  });
}
