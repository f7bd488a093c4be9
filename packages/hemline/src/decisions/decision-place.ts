import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, isSystemError, listing, systemError } from '@hemline/core';
import { Home } from '@hemline/runs';
import { DecisionStore } from '@hemline/runs/decisions';
import type { HomeOption } from '../work-options.ts';

/** Where decisions are kept. */
export interface DecisionPlaceOptions extends HomeOption {
  /** Name of the dataset that they are about; by default the only one that there are decisions about. */
  readonly dataset?: string;
  /** Folder or `s3://bucket/prefix`, in the place of `decisions/<dataset>` of the home. */
  readonly store?: string;
}

/**
 * @param dataset its name
 * @param options home, or another place
 * @returns the store of decisions about it, which may be empty
 */
export function decisionsAbout(
  dataset: string,
  options: Pick<DecisionPlaceOptions, 'home' | 'store'>,
): Promise<DecisionStore> {
  return DecisionStore.open(decisionPlace(dataset, options));
}

/**
 * @param dataset its name
 * @param options home, or another place
 * @param options.home folder of the runs
 * @param options.store in the place of that of the home
 * @returns where decisions about it are kept: a folder or `s3://bucket/prefix`
 */
export function decisionPlace(
  dataset: string,
  { home, store }: Pick<DecisionPlaceOptions, 'home' | 'store'>,
): string {
  return store ?? join(folderOf(home), encodeURIComponent(dataset));
}

/**
 * @param options dataset or place
 * @returns the store of decisions that are there
 * @throws ConfigurationError where there are none, or it is not said which are meant
 */
export async function openDecisions(options: DecisionPlaceOptions): Promise<DecisionStore> {
  const { dataset, store: place } = options;
  const known = place === undefined ? await datasetsOf(folderOf(options.home)) : [];
  const meant = dataset ?? known[0];
  if (place === undefined && dataset === undefined && known.length > 1)
    throw new ConfigurationError('there are decisions about several datasets', {
      expected: `one of ${listing(known, 20)}`,
      found: 'none named',
      remedy: 'Name it with --dataset.',
    });
  const store =
    place === undefined && meant === undefined ? null : await decisionsAbout(meant ?? '', options);
  if (store !== null && (await store.segments()) > 0) return store;
  throw new ConfigurationError('nothing has been proposed or decided here', {
    expected: dataset === undefined ? 'decisions' : `decisions about ${dataset}`,
    found: known.length === 0 ? 'none' : `decisions about ${listing(known, 20)}`,
    where: { file: store?.url ?? folderOf(options.home) },
    remedy: 'Take in the recommendations of a run first: "hemline decisions propose".',
  });
}

function folderOf(home: string | undefined): string {
  return join(new Home(home).directory, 'decisions');
}

async function datasetsOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort().map(decodeURIComponent);
  } catch (cause) {
    if (isSystemError(cause) && cause.code === 'ENOENT') return [];
    throw isSystemError(cause) ? systemError(cause, folder, 'read') : cause;
  }
}
