import {
  type Batch,
  DataError,
  formatWeek,
  throwIfAborted,
  type Tables,
  type TrainingJob,
} from '@hemline/core';
import {
  PanelSource,
  selectSeries,
  seriesHash,
  type DemandHistory,
  type FilledPanel,
} from '@hemline/features';
import type { DatasetColumns } from './dataset-columns.ts';
import { PRICE_COLUMNS } from './store-builder.ts';

/**
 * The panels of the series that are learnt from.
 * @param job cutoff, signal, progress
 * @param tables up to the cutoff
 * @param columns of the dataset
 * @param history what demand behind sales is made of
 * @param maximumSeries those whose names have the smallest hashes
 * @returns panels of whole series
 * @throws DataError when no series has demand up to the cutoff
 */
export async function readPanels(
  { cutoff, signal, onProgress }: Pick<TrainingJob, 'cutoff' | 'signal' | 'onProgress'>,
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
  for await (const panel of source.panels({
    columns: weeklyColumns(
      weekly.schema.fields.map(({ name }) => name),
      columns,
    ),
    attributes: attributesOf(columns),
    signal,
  })) {
    throwIfAborted(signal);
    done += panel.series.length;
    const some = selectSeries(panel, (series) => share >= 1 || hashOfSeries(panel.series, series) < share);
    if (some.series.length > 0) panels.push(some);
    onProgress?.({ phase: 'reading series', done, total, unit: 'series' });
  }
  if (!panels.some((panel) => panel.observed.includes(1)))
    throw new DataError('there is no demand to learn from', {
      expected: `weeks with demand up to ${formatWeek(cutoff)}`,
      found: `${total} series without any`,
      where: { table: 'weekly', column: 'demand' },
      remedy: 'Choose a later cutoff, or data that goes back further.',
    });
  return panels;
}

/**
 * Columns of the weekly table that are read.
 * @param there names of those it has
 * @param columns of the dataset
 * @returns their names
 */
export function weeklyColumns(there: readonly string[], columns: DatasetColumns): string[] {
  const optional = [...PRICE_COLUMNS, 'imputed'].filter((name) => there.includes(name));
  return [...new Set(['demand', ...optional, ...columns.planned.inputs.future, ...columns.past])];
}

/**
 * @param columns of the dataset
 * @returns attributes of series that are joined
 */
export function attributesOf(columns: DatasetColumns): string[] {
  const all = ['group', ...columns.categories, ...columns.numbers, ...columns.planned.inputs.attributes];
  return [...new Set(all)].filter((name) => name !== 'article' && name !== 'market');
}

/**
 * @param series their `article` and `market`
 * @param one number of one of them
 * @returns a number in [0, 1), the same for the same names
 */
export function hashOfSeries(series: Batch, one: number): number {
  const [article, market] = ['article', 'market'].map((name) => {
    const { values, dictionary } = series.strings(name);
    return dictionary[values[one]!]!;
  }) as [string, string];
  return seriesHash(article, market);
}
