import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HemlineError, StoreError } from '@hemline/core';
import { EVENTS_FILE, readEvents } from './event-log.ts';
import { RecordBuilder } from './fold-events.ts';
import { isGone } from './run-process.ts';
import type { RunRecord } from './run-record.ts';

/** A record, and what became of the process that writes it. */
export interface KnownRun {
  readonly directory: string;
  readonly record: RunRecord;
  /** The record's state; `crashed` when the run has no end and its process is gone. */
  readonly state: RunRecord['state'] | 'crashed';
}

/** The runs of a folder. */
export interface RunListing {
  /** Latest start first. */
  readonly runs: readonly KnownRun[];
  /** Runs whose record cannot be read, and why. */
  readonly unreadable: readonly { readonly run: string; readonly problem: string }[];
}

/**
 * Reads the record of a run from its events: what the events say holds, also when the process was killed before it wrote
 * them to `record.json`.
 * @param directory of the run
 * @returns the record; null when the folder has none
 * @throws DataError when it is damaged
 */
export async function readRun(directory: string): Promise<KnownRun | null> {
  const events = await readEvents(join(directory, EVENTS_FILE));
  const builder = new RecordBuilder();
  for (const event of events ?? []) builder.add(event);
  const record = builder.build();
  if (record === null) return null;
  const state = record.state === 'running' && isGone(record.process) ? 'crashed' : record.state;
  return { directory, record, state };
}

/**
 * Reads the records of all runs.
 * @param directory whose folders are runs; those without a record are passed over
 * @returns the runs, and those that cannot be read
 */
export async function listRuns(directory: string): Promise<RunListing> {
  const runs: KnownRun[] = [];
  const unreadable: { run: string; problem: string }[] = [];
  for (const run of await runFolders(directory)) {
    try {
      const known = await readRun(join(directory, run));
      if (known !== null) runs.push(known);
    } catch (error) {
      if (!(error instanceof HemlineError)) throw error;
      unreadable.push({ run, problem: error.message });
    }
  }
  const started = ({ record }: KnownRun): string => `${record.startedAt} ${record.run}`;
  runs.sort((a, b) => (started(a) < started(b) ? 1 : -1));
  return { runs, unreadable };
}

/**
 * @param directory of the runs
 * @returns names of its folders; none where it is not there
 * @throws StoreError when it cannot be read
 */
export async function runFolders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw new StoreError('the runs cannot be read', {
      found: (cause as Error).message,
      where: { file: directory },
      cause,
    });
  }
}
