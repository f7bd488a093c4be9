import { DataError, listing } from '@hemline/core';
import { comparePast } from '../artifacts/known-past.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { OpenedModel } from './forecast-job.ts';

/** Of fewer series nothing is concluded. */
const LEAST_SERIES = 8;
/** Corrections leave what series sold alike, and no two markets are: the same past has a correlation of nearly 1, another of about 0. */
const [LEAST_COMMON, LEAST_CORRELATION] = [0.5, 0.5];

/**
 * Refuses data whose past is not the one that the model was trained on: another market may have the same name, the same articles
 * and the same columns. What is compared is the first partition, in the last weeks that the model knows; data that does not go back
 * so far, and models of before this was remembered, are taken as they are. Markets that the model has not seen, by the folders of the
 * data and in that partition, are forecast, and named in a warning.
 * @param opened the model
 * @param dataset of the job
 * @throws DataError when the past is another's, unless the job allows any
 */
export async function checkPast(
  { card, arguments: given, signal, telemetry }: OpenedModel,
  dataset: Dataset,
): Promise<void> {
  const [partition] = dataset.partitions;
  if (card.past === undefined || given.past === 'any' || partition === undefined) return;
  const { newMarkets, expected, common, correlation } = await comparePast(
    card.past,
    partition.weekly,
    signal,
  );
  const { markets } = card.past;
  const unseen = [...new Set([...newMarkets, ...dataset.marketFolders])].filter(
    (name) => !markets.includes(name),
  );
  if (unseen.length > 0)
    telemetry.warn(
      `${card.model} has seen nothing of ${marketsText(unseen)} in its training: forecasts there rest on other markets`,
    );
  if (expected < LEAST_SERIES) return;
  const weeks = `in the weeks ${card.past.from} to ${card.past.until}`;
  const found =
    common < LEAST_COMMON * expected
      ? `${common} of ${expected} series that it would know ${weeks}`
      : common >= LEAST_SERIES && correlation < LEAST_CORRELATION
        ? `other sales ${weeks}: those of ${common} series have a correlation of ${correlation.toFixed(2)}`
        : null;
  if (found === null) return;
  throw new DataError(`${card.model} was trained on other data than this`, {
    expected: 'data with the same past, longer or corrected',
    found,
    where: { file: dataset.directory },
    remedy:
      'Train on this data, or give it a name of its own in dataset.json where it is another market. To use the model on it all the same: --past any of the job, --any-past of hemline forecast and evaluate.',
  });
}

function marketsText(markets: readonly string[]): string {
  return `${markets.length === 1 ? 'the market' : 'the markets'} ${listing(markets, 20)}`;
}
