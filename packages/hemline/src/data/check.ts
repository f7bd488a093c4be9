import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ConfigurationError, systemError } from '@hemline/core';
import { checkDataset, writeWhole, type DatasetCheck, type FoundProblem } from '@hemline/runtime';
import { isS3 } from '@hemline/stores';
import type { WorkListener } from '../work-options.ts';

/** How a dataset is checked. */
export interface CheckOptions extends Pick<WorkListener, 'onProgress'> {
  /** A `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  /** What weeks without a row are taken for in the proposed descriptor: that is never guessed. */
  readonly missingWeeks?: 'zero' | 'unobserved';
  /** Write the proposed descriptor. */
  readonly writeDescriptor?: boolean;
  readonly signal?: AbortSignal;
}

/** What was found, and the descriptor that settles what can be settled. */
export interface CheckResult extends DatasetCheck {
  readonly descriptor: ProposedDescriptor | null;
}

/** A descriptor, and what of it is new. */
export interface ProposedDescriptor {
  /** Where it stands, or would be written. */
  readonly file: string;
  /** Settings that are new, by table: `netSales: "missing"`. */
  readonly settings: readonly { readonly table: string; readonly setting: string; readonly value: string }[];
  readonly isWritten: boolean;
}

/**
 * Checks a dataset as jobs do, and tells all problems at once.
 * @param directory of the dataset, a path or `s3://bucket/prefix`
 * @param options descriptor, what to write
 * @returns problems by kind, and the lines of a descriptor that settle them
 * @throws DescriptorError when dataset.json is not valid, DataError when there is no dataset
 */
export async function check(directory: string, options: CheckOptions = {}): Promise<CheckResult> {
  const { descriptor: given, missingWeeks, writeDescriptor = false, onProgress, signal } = options;
  const found = await checkDataset(directory, {
    ...(given === undefined ? {} : { descriptor: given }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: (event) => onProgress?.('check', event),
  });
  const settings = settingsFor(found.problems, missingWeeks);
  if (settings.length === 0) return { ...found, descriptor: null };
  const file = given ?? `${directory.replace(/\/+$/, '')}/dataset.json`;
  if (writeDescriptor) await writeSettings(file, directory, settings);
  return { ...found, descriptor: { file, settings, isWritten: writeDescriptor } };
}

function settingsFor(
  problems: readonly FoundProblem[],
  missingWeeks: 'zero' | 'unobserved' | undefined,
): ProposedDescriptor['settings'] {
  const settings = problems.flatMap(({ table, settlement }) => {
    if (settlement === null) return [];
    // What weeks without a row mean nobody knows but those who wrote the table.
    const value = settlement.setting === 'missingWeeks' ? missingWeeks : settlement.values[0];
    return value === undefined
      ? []
      : [{ table: table as string, setting: settlement.setting as string, value }];
  });
  const known = new Set<string>();
  return settings.filter(({ table, setting }) => {
    const key = `${table}.${setting}`;
    return known.has(key) ? false : known.add(key) !== undefined;
  });
}

async function writeSettings(
  file: string,
  directory: string,
  settings: ProposedDescriptor['settings'],
): Promise<void> {
  if (isS3(file))
    throw new ConfigurationError('a descriptor is not written into a bucket', {
      expected: 'a folder, or --descriptor FILE',
      found: file,
      remedy: 'Name a local file with --descriptor, and copy it there.',
    });
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return JSON.stringify({ name: basename(resolve(directory)) });
    throw systemError(cause, file, 'read');
  });
  const descriptor = JSON.parse(text) as { tables?: Record<string, Record<string, unknown>> };
  descriptor.tables ??= {};
  for (const { table, setting, value } of settings) (descriptor.tables[table] ??= {})[setting] = value;
  await writeWhole(file, `${JSON.stringify(descriptor, null, 2)}\n`);
}
