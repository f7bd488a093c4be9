import {
  DAYS_PER_WEEK,
  HemlineError,
  itemsOf,
  KeyIndex,
  memoryTable,
  SERIES_KEY,
  type Batch,
} from '@hemline/core';
import { demandActuals, type DemandActuals } from './actuals/demand-actuals.ts';
import { nothingObserved } from './actuals/item-actuals.ts';
import { demandFalls } from './demand-falls.ts';
import type { Evaluation } from './evaluation.ts';
import { ClusteredError, articleGroups } from './metrics/clustered-error.ts';
import { DemandScore } from './metrics/scores.ts';
import { ScoreSheet, type ScoreTable } from './score-table.ts';
import { DemandSegments } from './segments/demand-segments.ts';

/**
 * Forecasts the observed rows of the window, piece by piece, and scores them by their black price. `monotoneViolations` is the
 * share of demand curves, of some series of the first piece, that fall somewhere as the discount rises; `coverage10` and the like
 * are the shares of rows that the model's quantiles cover, in all, by week ahead and by segment; `demandErrorStandardError` is what the demand error would scatter by had
 * other articles been scored.
 * @param evaluation model, data and window
 * @returns the scores
 * @throws DataError when nothing was observed in the window
 */
export async function evaluateDemand(evaluation: Evaluation): Promise<ScoreTable> {
  const { tables, window, segment, allSegments, signal } = evaluation;
  const quantiles = evaluation.model.quantiles ?? [];
  const sheet = new ScoreSheet(() => new DemandScore(quantiles), segment);
  const parts = allSegments ? new DemandSegments(quantiles) : null;
  const clusters = new ClusteredError(Math.sqrt);
  let first: DemandActuals | null = null;
  for await (const piece of demandActuals(tables, window, { coldStart: allSegments, signal })) {
    await scorePiece(evaluation, piece, { sheet, clusters, parts });
    first ??= piece;
  }
  if (first === null || sheet.rows === 0) {
    throw nothingObserved(
      'demand',
      window,
      'weekly rows with demand (not censored, with a black price) of series that were observed before the window',
    );
  }
  const { falling, curves } = await demandFalls(
    evaluation,
    await itemsAsked(evaluation, first.rows),
    first.rows,
  );
  const table = sheet.table(parts?.table());
  const more = {
    demandErrorStandardError: clusters.standardError,
    monotoneViolations: falling / curves,
  };
  return { ...table, metrics: { ...table.metrics, ...more } };
}

function itemsAsked({ tables }: Evaluation, rows: Batch): Promise<Batch> {
  return itemsOf(memoryTable('weekly', [rows]), tables.find('articles'), tables.find('markets'));
}

/** Where scores are collected. */
interface Sheets {
  readonly sheet: ScoreSheet<DemandScore>;
  readonly clusters: ClusteredError;
  readonly parts: DemandSegments | null;
}

async function scorePiece(
  evaluation: Evaluation,
  piece: DemandActuals,
  { sheet, clusters, parts }: Sheets,
): Promise<void> {
  const { model, fitted, history, window, batchRows, signal } = evaluation;
  const { rows, demand, blackPrice, historyWeeks, lastDiscount } = piece;
  const items = await itemsAsked(evaluation, rows);
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  const itemOf = index.find(rows);
  const weeks = rows.weeks('week');
  const discounts = rows.floats('discount');
  const segments = sheet.segmentsOf(items);
  const groups = articleGroups(items);
  parts?.begin(items);
  const scenarios = { kind: 'planned', rows } as const;
  let next = 0;
  for await (const batch of fitted.predict({
    cutoff: window.cutoff,
    items,
    history,
    scenarios,
    batchRows,
    signal,
  })) {
    const forecasts = batch.floats('demand');
    const quantiles = (model.quantiles ?? []).map(({ column }) => batch.floats(column));
    const given = index.find(batch);
    const givenWeeks = batch.weeks('week');
    for (let row = 0; row < batch.length; row++, next++) {
      const expected = next < rows.length && given[row] === itemOf[next] && givenWeeks[row] === weeks[next];
      if (!expected || !Number.isFinite(forecasts[row]))
        throw badForecast(model.name, batch, row, next, expected);
      const weekAhead = Math.ceil((weeks[next]! - window.cutoff) / DAYS_PER_WEEK);
      const segment = segments === null ? -1 : segments[itemOf[next]!]!;
      const found = {
        forecast: forecasts[row]!,
        actual: demand[next]!,
        blackPrice: blackPrice[next]!,
        quantiles: (quantile: number) => quantiles[quantile]![row]!,
      };
      if (historyWeeks[next]! > 0) {
        const { forecast, actual, blackPrice } = found;
        sheet.add(segment, weekAhead, (score) => score.add(forecast, actual, blackPrice, found.quantiles));
        clusters.add(
          groups[itemOf[next]!]!,
          blackPrice * (forecast - actual) ** 2,
          blackPrice * actual * actual,
        );
      }
      parts?.add({
        ...found,
        item: itemOf[next]!,
        weekAhead,
        discount: discounts[next]!,
        lastDiscount: lastDiscount[next]!,
        historyWeeks: historyWeeks[next]!,
      });
    }
  }
  if (next !== rows.length) {
    throw new HemlineError(`${model.name} left planned rows without a forecast`, {
      expected: `${rows.length} forecasts`,
      found: `${next}`,
    });
  }
}

function badForecast(
  model: string,
  batch: Batch,
  row: number,
  position: number,
  ordered: boolean,
): HemlineError {
  return new HemlineError(
    ordered
      ? `${model} gave a forecast that is no number`
      : `${model} forecast other rows than those planned`,
    {
      expected: ordered ? 'a finite demand' : `the planned rows in their order (at row ${position})`,
      found: ordered
        ? `${batch.floats('demand')[row]}`
        : `another article, market or week in row ${row} of a batch`,
    },
  );
}
