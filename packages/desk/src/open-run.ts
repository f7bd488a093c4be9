import { fileURLToPath } from 'node:url';
import { ConfigurationError, type Batch } from '@hemline/core';
import { decisions } from '@hemline/hemline';
import type { PricingSummary } from '@hemline/pricing/job';
import { readRun, type Home, type KnownRun } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { openDeskData } from './article/describe-article.ts';
import type { PriceList } from './list/price-list.ts';
import { readList } from './list/read-list.ts';
import type { GivenFiles } from './priced-again.ts';

/** What is read of a run that has priced. */
export interface OpenRun {
  readonly priced: decisions.PricedRun;
  readonly forecasts: KnownRun | null;
  /** Where what it was priced with lies by now. */
  readonly files: GivenFiles;
  readonly dataset: Dataset;
  readonly list: PriceList;
  readonly summary: PricingSummary;
  readonly markets: Batch;
}

/**
 * @param home of the runs
 * @param run that has priced, or the beginning of its id
 * @param options place of the dataset, who is told
 * @returns all that is read of it
 * @throws ConfigurationError for a run without recommendations, or whose dataset is not on this machine
 */
export async function readOpenRun(
  home: Home,
  run: string,
  options: {
    readonly data?: string | undefined;
    readonly onProgress?: ((done: number, total: number) => void) | undefined;
    readonly onNotice?: ((text: string) => void) | undefined;
  },
): Promise<OpenRun> {
  const { data, onProgress, onNotice } = options;
  const priced = await decisions.findPricedRun(home, run, { onNotice });
  const forecasts = await readRun(home.runFolder(priced.origin.run));
  const directory = data ?? directoryOf(forecasts);
  if (directory === null)
    throw new ConfigurationError('the dataset of the run is not on this machine', {
      expected: 'a folder',
      found: forecasts?.record.inputs[0]?.url ?? 'no record of the run that forecast',
      remedy: 'Name a copy of it with --data.',
    });
  const dataset = await openDeskData(
    directory,
    data === undefined ? forecasts?.record.parameters['descriptor'] : undefined,
  );
  const { list, summary, markets } = await readList(priced, dataset, { onProgress });
  const files = {
    limits: await decisions.placeOfGiven(home, priced, 'limits'),
    plan: await decisions.placeOfGiven(home, priced, 'plan'),
  };
  return { ...{ priced, forecasts, files, dataset, summary, markets, list } };
}

function directoryOf(forecasts: KnownRun | null): string | null {
  const url = forecasts?.record.inputs[0]?.url ?? '';
  return url.startsWith('file:') ? fileURLToPath(url) : null;
}
