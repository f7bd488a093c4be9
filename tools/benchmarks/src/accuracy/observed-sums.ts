import { parseWeek } from '@hemline/core';
import { demandActuals } from '@hemline/evaluation';
import { openDataset } from '@hemline/runtime';

/** What was observed of an article in a window: Σ b q², with black price b and demand q. */
export type ObservedSums = ReadonlyMap<string, number>;

/**
 * Reads what the rows of a window are scored against: weeks that were observed, of series with a history.
 * @param data folder and descriptor
 * @param data.folder of the tables
 * @param data.descriptor a `dataset.json`
 * @param cutoff last known week, as a date
 * @param horizon weeks after it
 * @returns sums by article
 */
export async function observedSums(
  { folder, descriptor }: { readonly folder: string; readonly descriptor: string },
  cutoff: string,
  horizon: number,
): Promise<ObservedSums> {
  const { tables } = await openDataset(folder, { descriptor });
  const sums = new Map<string, number>();
  for await (const piece of demandActuals(tables, { cutoff: parseWeek(cutoff), horizon })) {
    const { values, dictionary } = piece.rows.strings('article');
    for (let row = 0; row < piece.rows.length; row++) {
      const article = dictionary[values[row]!]!;
      const square = piece.blackPrice[row]! * piece.demand[row]! ** 2;
      if (piece.historyWeeks[row]! > 0) sums.set(article, (sums.get(article) ?? 0) + square);
    }
  }
  return sums;
}
