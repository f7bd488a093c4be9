import { join } from 'node:path';
import {
  DataError,
  EngineError,
  StoreError,
  throwIfAborted,
  type ErrorPlace,
  type ProgressEvent,
} from '@hemline/core';

/** How often progress is told. */
const TELL_EVERY_MS = 500;

/** What is used of DuckDB's connection. */
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
  interrupt(): void;
  closeSync(): void;
  readonly progress: { readonly percentage: number };
}

/** What a database may take, and who is told. */
export interface DatabaseOptions {
  /** Memory before it goes to disk. */
  readonly memoryMib: number;
  readonly threads: number;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/** What is to be told of a file in errors. */
export interface KnownFile {
  /** As people know it. */
  readonly name: string;
  /** Of CSV: the line of the file on which something begins that DuckDB counted. */
  readonly lineOf?: (counted: number) => Promise<number>;
}

/** A database of its own in a folder: what memory does not hold lies there. */
export class Database {
  readonly #connection: Connection;
  readonly #instance: { closeSync(): void };
  readonly #options: DatabaseOptions;
  readonly #known = new Map<string, KnownFile>();

  private constructor(instance: { closeSync(): void }, connection: Connection, options: DatabaseOptions) {
    this.#instance = instance;
    this.#connection = connection;
    this.#options = options;
  }

  /**
   * @param folder for its files
   * @param options memory, threads, signal
   * @returns an open database
   * @throws EngineError when DuckDB is not installed
   */
  static async open(folder: string, options: DatabaseOptions): Promise<Database> {
    const { DuckDBInstance } = await loaded();
    const instance = await DuckDBInstance.create(join(folder, 'lines.duckdb'), {
      memory_limit: `${options.memoryMib}MiB`,
      threads: String(options.threads),
      temp_directory: join(folder, 'spilled'),
      // Nothing is fetched: what is not built in is told.
      autoinstall_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const database = new Database(instance, connection, options);
    await database.run(`SET timezone = 'UTC'`);
    await database.run('SET enable_progress_bar = true');
    await database.run('SET enable_progress_bar_print = false');
    // Lines that are gone are not worth a checkpoint.
    await database.run(`SET checkpoint_threshold = '16TB'`);
    return database;
  }

  /**
   * Says what is to be told of a file.
   * @param path that it is read from
   * @param file its name, and how its lines are counted
   */
  know(path: string, file: KnownFile): void {
    this.#known.set(path, file);
  }

  /**
   * @param path that a file is read from
   * @returns the name that people know it by
   */
  nameOf(path: string): string {
    return this.#known.get(path)?.name ?? path;
  }

  /**
   * Runs a statement.
   * @param sql of it
   * @param phase told while it runs, where it may last
   * @param place for errors
   */
  async run(sql: string, phase?: string, place: ErrorPlace = {}): Promise<void> {
    await this.#watched(() => this.#connection.run(sql), phase, place);
  }

  /**
   * Runs a query with a small answer.
   * @param sql of it
   * @param place for errors
   * @param phase told while it runs, where it may last
   * @returns rows of values
   */
  async rows(sql: string, place: ErrorPlace = {}, phase?: string): Promise<unknown[][]> {
    return (await this.#watched(() => this.#connection.runAndReadAll(sql), phase, place)).getRows();
  }

  /** Closes it; its files are left. */
  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #watched<T>(work: () => Promise<T>, phase: string | undefined, place: ErrorPlace): Promise<T> {
    const { signal, onProgress } = this.#options;
    throwIfAborted(signal);
    const stop = (): void => this.#connection.interrupt();
    signal?.addEventListener('abort', stop, { once: true });
    const tell = (done: number): void => {
      if (phase !== undefined) onProgress?.({ phase, done, total: 100, unit: '%' });
    };
    tell(0);
    const timer = setInterval(
      () => tell(Math.max(0, Math.min(99, Math.floor(this.#connection.progress.percentage)))),
      TELL_EVERY_MS,
    );
    try {
      const result = await work();
      tell(100);
      return result;
    } catch (error) {
      throwIfAborted(signal);
      throw await explainDuckdb(error, place, this.#known);
    } finally {
      clearInterval(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}

async function loaded(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new EngineError('DuckDB cannot be loaded', {
      expected: '@duckdb/node-api with the library for this platform',
      found: firstLineOf(cause),
      remedy: 'Install it: npm install @duckdb/node-api.',
      cause,
    });
  }
}

/** What DuckDB says of files and of the disk, as an error about them; what it says of our SQL is a defect and stays. */
async function explainDuckdb(
  cause: unknown,
  place: ErrorPlace,
  known: ReadonlyMap<string, KnownFile>,
): Promise<unknown> {
  const text = (cause as Error).message;
  const path = /(?:file = |in file "|file ')([^\n"']+)/.exec(text)?.[1]?.trim() ?? place.file;
  const file = path === undefined ? undefined : known.get(path);
  const where = path === undefined ? place : { ...place, file: file?.name ?? path };
  const counted = /CSV Error on Line: (\d+)/.exec(text)?.[1];
  if (counted !== undefined) {
    const line = (await file?.lineOf?.(Number(counted))) ?? Number(counted);
    // Of line ends of two characters the second stands before the line.
    const original = /Original Line: [\r\n]*(.*)/.exec(text)?.[1] ?? '';
    const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text);
    const unicode = /Invalid unicode/.test(text);
    return new DataError(`line ${line} cannot be read`, {
      expected: counts !== null ? `${counts[1]} columns` : unicode ? 'text in UTF-8' : 'a line of CSV',
      found: counts !== null ? `${counts[2]}: ${original}` : original,
      where,
      remedy: unicode
        ? 'Say the encoding in the map ("format": {"encoding": "latin-1"}), or convert the file.'
        : 'Correct it, check delimiter and quote in the map, or say "badValues": "leaveOut" there.',
      cause,
    });
  }
  if (/CSV Parser state machine/.test(text)) {
    return new DataError('the file is no CSV as the map describes it', {
      expected: 'the same line ends throughout, and quotes that are closed',
      found: 'others',
      where,
      remedy: 'Check the quote in the map, or convert the line ends, as with dos2unix.',
      cause,
    });
  }
  if (/Malformed JSON/.test(text) || (/Invalid Input Error/.test(text) && /JSON/.test(text))) {
    return new DataError('the file is no JSON lines', {
      expected: 'one object a line',
      found: firstLineOf(cause).replace(/^Invalid Input Error: /, ''),
      where,
      remedy: 'Correct the line, or take it out.',
      cause,
    });
  }
  if (/No magic bytes|too small to be a Parquet|Invalid Parquet|not a parquet/i.test(text))
    return new DataError('the file is no Parquet', { found: firstLineOf(cause), where, cause });
  if (/No space left|could not write|failed to offload|disk/i.test(text)) {
    return new StoreError('the disk does not take what memory does not hold', {
      found: firstLineOf(cause),
      remedy: 'Free some space, or write to another disk.',
      cause,
    });
  }
  if (/^Out of Memory Error/.test(text)) {
    return new StoreError('the import needs more memory', {
      found: firstLineOf(cause),
      remedy: 'Give it more with --memory, or fewer threads with --threads.',
      cause,
    });
  }
  if (/^(Invalid Input|IO|Conversion|Not implemented) Error/.test(text))
    return new DataError('the source cannot be read', {
      found: firstLineOf(cause),
      where,
      remedy: 'Check the files, and the format in the map.',
      cause,
    });
  return cause;
}

function firstLineOf(error: unknown): string {
  return (error as Error).message.split('\n')[0]!;
}

/**
 * @param zone name of a time zone
 * @returns whether the runtime knows it
 */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * A file's rows with their number, counted from 0.
 * @param from what stands behind FROM
 * @returns a query
 */
export function numberedRows(from: string): string {
  return `SELECT *, row_number() OVER () - 1 AS row_of_file FROM ${from}`;
}
