import { DataError, formatWeek, throwIfAborted, type Tables, type TrainingJob } from '@hemline/core';
import {
  PanelSource,
  selectSeries,
  seriesHash,
  type DemandHistory,
  type FilledPanel,
} from '@hemline/features';
import { attributesOf, weeklyColumns, type DatasetColumns } from './dataset-columns.ts';

/**
 * Reads the series that are learnt from.
 * @param job cutoff, signal, progress
 * @param tables up to the cutoff
 * @param columns of the dataset
 * @param history demand behind sales
 * @param maximumSeries those whose names have the smallest hashes
 * @returns their panels
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised
 */
export async function readPanels(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  columns: DatasetColumns,
  history: DemandHistory,
  maximumSeries: number,
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
  const names = weekly.schema.fields.map(({ name }) => name);
  const read = { columns: weeklyColumns(names, columns), attributes: attributesOf(columns), signal };
  for await (const panel of source.panels(read)) {
    throwIfAborted(signal);
    done += panel.series.length;
    const some = selectSeries(panel, (series) => share >= 1 || hashOf(panel, series) < share);
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

function hashOf({ series }: FilledPanel, one: number): number {
  const [article, market] = ['article', 'market'].map((name) => {
    const { values, dictionary } = series.strings(name);
    return dictionary[values[one]!]!;
  }) as [string, string];
  return seriesHash(article, market);
}
