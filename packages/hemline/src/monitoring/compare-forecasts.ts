import { join } from 'node:path';
import { addWeeks, UnsupportedError, weeksBetween, type Week } from '@hemline/core';
import { DemandAtDiscount, type DemandMonitor } from '@hemline/evaluation';
import { openParquetFile } from '@hemline/stores';
import type { ForecastFolder } from './find-forecasts.ts';
import { knownBefore } from './known-before.ts';
import type { PartitionRows } from './partition-rows.ts';

/** What the forecasts of a model are compared with. */
export interface Comparison {
  readonly monitor: DemandMonitor;
  /** Forecasts of the model, earliest cutoff first. */
  readonly folders: readonly ForecastFolder[];
  /** Position of each folder's version among those of the monitor. */
  readonly versions: readonly number[];
  /** Names of all partitions of the dataset. */
  readonly partitions: ReadonlySet<string>;
  /** First of the weeks before, first of the weeks that are judged, and the last known one. */
  readonly beforeFrom: Week;
  readonly recentFrom: Week;
  readonly until: Week;
  /** Weeks that are judged together, at most. */
  readonly longest: number;
}

/**
 * Compares all forecasts of a model with what was observed of a partition. Forecasts stream; memory is that of the observed rows.
 * @param comparison of the model
 * @param partition its name
 * @param rows observed
 * @param signal stops the reading
 * @throws UnsupportedError for forecasts of curves
 */
export async function compareForecasts(
  { monitor, folders, versions, partitions, beforeFrom, recentFrom, until, longest }: Comparison,
  partition: string,
  rows: PartitionRows,
  signal?: AbortSignal,
): Promise<void> {
  monitor.begin(rows.items);
  for (const [i, folder] of folders.entries()) {
    const next = folders[i + 1]?.cutoff ?? Infinity;
    // In use until the next forecast; later ones have learnt of a shift, so that drift is looked for in those before it as well, and
    // in the weeks that are judged, older ones tell how error grows with the weeks ahead.
    const isInUse = (week: Week): boolean => week > folder.cutoff && week <= next;
    const noticesOf = (week: Week): [number, number] => [
      week <= next ? 1 : weeksBetween(next, week) + 1,
      weeksBetween(folder.cutoff, week),
    ];
    const isWanted = (week: Week): boolean =>
      week > folder.cutoff && (noticesOf(week)[0] <= longest || week >= recentFrom);
    const found = await forecastsOf(folder, partitions, partition, rows, isWanted, until, signal);
    const known = knownBefore(rows, folder.cutoff);
    for (let row = 0; row < rows.item.length; row++) {
      const week = rows.week[row]!;
      const item = rows.item[row]!;
      const forecast = found.at(row);
      const actual = rows.demand[row]!;
      const blackPrice = rows.blackPrice[row]!;
      if (!isWanted(week) || Number.isNaN(forecast + actual + blackPrice)) continue;
      monitor.add({
        ...{ item, week, discount: rows.discount[row]!, forecast, actual, blackPrice },
        ...{ knownDiscount: known.discount[item]!, knownDemand: known.demand[item]! },
        age: weeksBetween(rows.firstWeek[item]!, week),
        weekAhead: weeksBetween(folder.cutoff, week),
        modelAge: folder.modelCutoff === null ? null : weeksBetween(folder.modelCutoff, week),
        version: versions[i]!,
        notices: noticesOf(week),
        inUse: isInUse(week),
        recent: week >= recentFrom,
        before: week >= beforeFrom && week < recentFrom,
      });
    }
  }
}

async function forecastsOf(
  { directory, manifest, cutoff, model }: ForecastFolder,
  partitions: ReadonlySet<string>,
  partition: string,
  rows: PartitionRows,
  isWanted: (week: Week) => boolean,
  until: Week,
  signal?: AbortSignal,
): Promise<DemandAtDiscount> {
  const found = new DemandAtDiscount(rows.discount);
  const rowOf = new Map<number, number>();
  const key = (item: number, week: Week): number => item * 2 ** 20 + (week - cutoff);
  rows.item.forEach((item, row) => {
    if (isWanted(rows.week[row]!)) rowOf.set(key(item, rows.week[row]!), row);
  });
  if (rowOf.size === 0) return found;
  // Where the data has been partitioned anew, any file may hold the forecast.
  const isAlike = manifest.files.some((file) => partitions.has(file.partition));
  for (const { file } of manifest.files.filter((each) => !isAlike || each.partition === partition)) {
    const parquet = await openParquetFile(join(directory, file));
    const names = new Set(parquet.schema.fields.map(({ name }) => name));
    if (!names.has('discount'))
      throw new UnsupportedError(`${model} has forecast curves, which cannot be monitored`, {
        expected: 'forecasts on a grid of discounts',
        found: [...names].join(', '),
        where: { file: join(directory, file) },
        remedy: 'Forecast without --curves.',
      });
    const columns = [
      'article',
      'market',
      'week',
      'discount',
      'demand',
      ...(names.has('support') ? ['support'] : []),
    ];
    const where = [{ column: 'week', from: addWeeks(cutoff, 1), to: until }];
    for await (const batch of parquet.batches({ columns, where, signal })) {
      const weeks = batch.weeks('week');
      const [discount, demand] = [batch.floats('discount'), batch.floats('demand')];
      const support = batch.has('support') ? batch.floats('support') : null;
      rows.index.find(batch).forEach((item, at) => {
        // Of what nobody has seen before, forecasts are scored in no other score either.
        if (item === -1 || support?.[at] === 0) return;
        const row = rowOf.get(key(item, weeks[at]!));
        if (row !== undefined) found.add(row, discount[at]!, demand[at]!);
      });
    }
  }
  return found;
}
