import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { migrate } from './journal-schema.ts';
import { damagedJournal, isSqliteError, openingError, writingError } from './journal-errors.ts';
import { RefusedError } from './refused-error.ts';

/** A row of an answer of SQLite. */
export type Found = Readonly<Record<string, null | number | bigint | string | Uint8Array>>;

/** Where decisions are kept until they are told to the store, and for ever after. */
export class Journal {
  readonly file: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Opens a journal, or begins one.
   * @param file of SQLite
   * @throws DataError for a file that is damaged
   * @throws StoreError for one that cannot be opened or written
   */
  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    let db: DatabaseSync | null = null;
    try {
      db = new DatabaseSync(file, { timeout: 10_000 });
      // What is confirmed has reached the disk.
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      const whole = Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0];
      if (whole !== 'ok') throw damagedJournal(file, String(whole));
      migrate(db, file);
      this.#db = db;
      this.run("INSERT OR IGNORE INTO facts VALUES ('id', ?)", randomUUID());
    } catch (error) {
      db?.close();
      throw isSqliteError(error) ? openingError(error, file) : error;
    }
  }

  /** Name of this journal among all. */
  get id(): string {
    return String(this.one("SELECT value FROM facts WHERE name = 'id'")!['value']);
  }

  /**
   * @param sql one statement; texts are bound as texts, whole numbers as bigints
   * @param values of its parameters
   * @returns rows that were changed
   */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /**
   * @param sql one statement
   * @param values of its parameters
   * @returns the first row
   */
  one(sql: string, ...values: readonly SQLInputValue[]): Found | undefined {
    return this.#prepared(sql).get(...values) as Found | undefined;
  }

  /**
   * @param sql one statement
   * @param values of its parameters
   * @returns all rows
   */
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Found[] {
    return this.#prepared(sql).all(...values) as Found[];
  }

  /**
   * @param sql one statement
   * @param values of its parameters
   * @returns the rows, one by one; nothing is written meanwhile
   */
  each(sql: string, ...values: readonly SQLInputValue[]): Iterable<Found> {
    return this.#prepared(sql).iterate(...values) as Iterable<Found>;
  }

  /**
   * Does everything or nothing, and is on disk when it returns.
   * @param work statements
   * @returns what it returns
   * @throws RefusedError where the disk takes nothing: nothing was changed then
   */
  write<T>(work: () => T): T {
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // Of a disk that is full SQLite has taken all back itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw isSqliteError(error) ? writingError(error) : error;
    }
  }

  /**
   * Does something that was asked for under a key, once: the same again is answered as the first time, and does nothing.
   * @param person who asks
   * @param key of the request
   * @param request all that was asked
   * @param work statements, in the same transaction as the key
   * @returns the answer, and whether it is of an earlier request
   * @throws RefusedError where the key was used for something else
   */
  once<T>(
    person: string,
    key: string,
    request: unknown,
    work: () => T,
  ): { readonly answer: T; readonly isRepeated: boolean } {
    const known = this.answered<T>(person, key, request);
    if (known !== null) return { answer: known, isRepeated: true };
    const digest = digestOf(request);
    return this.write(() => {
      const again = this.answered<T>(person, key, request);
      if (again !== null) return { answer: again, isRepeated: true };
      const answer = work();
      this.run('INSERT INTO requests VALUES (?, ?, ?, ?)', person, key, digest, JSON.stringify(answer));
      return { answer, isRepeated: false };
    });
  }

  /**
   * @param person who asks
   * @param key of the request
   * @param request all that is asked
   * @returns how it was answered before; null: it was not
   * @throws RefusedError where the key was used for something else
   */
  answered<T>(person: string, key: string, request: unknown): T | null {
    const found = this.one('SELECT digest, answer FROM requests WHERE person = ? AND key = ?', person, key);
    if (found === undefined) return null;
    if (found['digest'] === digestOf(request)) return JSON.parse(String(found['answer'])) as T;
    throw new RefusedError('conflict', 'this key was used for another request', {
      expected: 'a new key for every request',
    });
  }

  /**
   * Raises the number that says what was changed last.
   * @returns the new one
   */
  nextVersion(): number {
    this.run(
      "INSERT INTO facts VALUES ('version', '1') ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)",
    );
    return Number(this.one("SELECT value FROM facts WHERE name = 'version'")!['value']);
  }

  /** Closes it; what was written is on disk already. */
  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

/**
 * @param request anything of JSON
 * @returns its digest
 */
export function digestOf(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
