import { DataError, StoreError } from '@hemline/core';
import { RefusedError } from './refused-error.ts';

/** An error of SQLite. */
export interface SqliteError extends Error {
  /** Result code, extended: the lowest byte says what went wrong. */
  readonly errcode: number;
}

/** Result codes of a file that is no whole database. */
const [CORRUPT, NOT_A_DATABASE] = [11, 26];

/** Of a statement that contradicts the tables: a fault of the program, not of the disk. */
const OWN_FAULTS = [1, 19, 20, 21, 25];

/**
 * @param error that was thrown
 * @returns whether the file or its disk is to blame
 */
export function isSqliteError(error: unknown): error is SqliteError {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return !OWN_FAULTS.includes(error.errcode & 0xff);
}

/**
 * @param file of the journal
 * @param found what is wrong with it
 * @returns the error for whoever starts the desk
 */
export function damagedJournal(file: string, found: string): DataError {
  return new DataError('the journal of the desk is damaged', {
    ...{ expected: 'a whole SQLite file', found, where: { file } },
    remedy:
      'Put a copy of it back; or move it away with its -wal and -shm, and begin a new one: what the store of decisions was told is kept there.',
  });
}

/**
 * @param error of SQLite
 * @param file of the journal
 * @returns the error for whoever starts the desk
 */
export function openingError(error: SqliteError, file: string): DataError | StoreError {
  const code = error.errcode & 0xff;
  if (code === CORRUPT || code === NOT_A_DATABASE) return damagedJournal(file, error.message);
  return new StoreError('the journal of the desk cannot be opened', {
    ...{ expected: 'a file that can be read and written', found: error.message, where: { file } },
    remedy: 'Look whether the disk is full, and who may write there.',
    cause: error,
  });
}

/**
 * @param error of SQLite
 * @returns what whoever decides is told: nothing was changed
 */
export function writingError(error: SqliteError): RefusedError {
  return new RefusedError('not-ready', 'nothing was kept: the journal of the desk cannot be written', {
    ...{ found: error.message, remedy: 'Look whether its disk is full, and try again.' },
  });
}
