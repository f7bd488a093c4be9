import { DataError, formatWeek, throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import type { DemandHistory } from '../censoring/demand-history.ts';
import type { FilledPanel } from './filled-panel.ts';
import { PanelSource } from './panel-source.ts';
import { selectSeries } from './select-series.ts';
import { hashOfSeries } from './series-hash.ts';

/** What a model of demand learns from. */
export interface DemandPanelsRequest {
  /** Up to the cutoff. */
  readonly tables: Tables;
  /** What demand behind sales is made of. */
  readonly history: DemandHistory;
  /** Columns of the weekly table that are read, of those that it has. */
  readonly columns: (there: readonly string[]) => readonly string[];
  /** Attributes of series that are joined. */
  readonly attributes: readonly string[];
  /** Series at most: those whose names have the smallest hashes. */
  readonly maximumSeries: number;
}

/**
 * Reads the series that a model of demand learns from.
 * @param job cutoff, signal, progress
 * @param request what to read
 * @returns panels of whole series
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised
 */
export async function readDemandPanels(
  { cutoff, signal, onProgress }: Pick<TrainingJob, 'cutoff' | 'signal' | 'onProgress'>,
  { tables, history, columns, attributes, maximumSeries }: DemandPanelsRequest,
): Promise<FilledPanel[]> {
  const weekly = await history.weekly(tables, cutoff, signal);
  const source = await PanelSource.open(
    { weekly, articles: tables.find('articles'), markets: tables.find('markets') },
    signal,
  );
  const total = source.series.length;
  const share = maximumSeries / Math.max(1, total);
  const panels: FilledPanel[] = [];
  let done = 0;
  const there = weekly.schema.fields.map(({ name }) => name);
  for await (const panel of source.panels({ columns: columns(there), attributes, signal })) {
    throwIfAborted(signal);
    done += panel.series.length;
    const some = selectSeries(panel, (series) => share >= 1 || hashOfSeries(panel.series, series) < share);
    if (some.series.length > 0) panels.push(some);
    onProgress?.({ phase: 'reading series', done, total, unit: 'series' });
  }
  if (!panels.some(({ observed }) => observed.includes(1)))
    throw new DataError('there is no demand to learn from', {
      expected: `weeks with demand up to ${formatWeek(cutoff)}`,
      found: `${total} series without any`,
      where: { table: 'weekly', column: 'demand' },
      remedy: 'Choose a later cutoff, or data that goes back further.',
    });
  return panels;
}
