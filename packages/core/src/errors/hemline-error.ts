import { endSentence, openSentence } from './sentence.ts';

/** Who can mend it: the person who starts the job, the platform (try again), or the developers of hemline. */
export type Blame = 'input' | 'platform' | 'interrupted' | 'internal';

/** Where a problem was found; every part that is known is given. */
export interface ErrorPlace {
  readonly table?: string;
  readonly file?: string;
  readonly partition?: string;
  /** Of a text file, counted from 1 as editors do. */
  readonly line?: number;
  readonly rowGroup?: number;
  readonly column?: string;
  /** 0-based data page of a column chunk. */
  readonly page?: number;
  /** 0-based row in the file, or in the table where no file is known. */
  readonly row?: number;
}

/** What the person who has to act needs to know. Only `problem` is required. */
export interface ErrorOptions {
  /** What was expected. */
  readonly expected?: string;
  /** What was found instead: the first offending value, printed. */
  readonly found?: string;
  readonly where?: ErrorPlace;
  /** What to do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * Base of every error that hemline throws on purpose. One subclass per cause; `code` is stable and may be matched by
 * programs, `retryable` says whether the same job may succeed when started again unchanged.
 */
export class HemlineError extends Error {
  readonly code: string = 'HEMLINE';
  readonly blame: Blame = 'internal';
  readonly retryable: boolean = false;
  readonly where: ErrorPlace;
  /** What is wrong, without the rest of the message. */
  readonly problem: string;
  readonly expected: string | undefined;
  readonly found: string | undefined;
  readonly remedy: string | undefined;

  /**
   * @param problem one sentence without a full stop: what is wrong
   * @param options what was expected and found, where, and what to do
   */
  constructor(problem: string, options: ErrorOptions = {}) {
    super(
      formatMessage(problem, options),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.where = options.where ?? {};
    this.problem = problem;
    this.expected = options.expected;
    this.found = options.found;
    this.remedy = options.remedy;
    this.name = new.target.name;
  }
}

/**
 * Prints a place as "table weekly, file a.parquet, column discount, row 12".
 * @param where the place
 * @returns the text, empty where nothing is known
 */
export function formatPlace(where: ErrorPlace): string {
  const parts: string[] = [];
  if (where.table !== undefined) parts.push(`table ${where.table}`);
  if (where.partition !== undefined) parts.push(`partition ${where.partition}`);
  if (where.file !== undefined) parts.push(`file ${where.file}`);
  if (where.line !== undefined) parts.push(`line ${where.line}`);
  if (where.rowGroup !== undefined) parts.push(`row group ${where.rowGroup}`);
  if (where.column !== undefined) parts.push(`column ${where.column}`);
  if (where.page !== undefined) parts.push(`page ${where.page}`);
  if (where.row !== undefined) parts.push(`row ${where.row}`);
  return parts.join(', ');
}

function formatMessage(problem: string, options: ErrorOptions): string {
  const place = formatPlace(options.where ?? {});
  const goesOn = place !== '' || options.expected !== undefined || options.found !== undefined;
  let message = goesOn ? openSentence(problem) : problem;
  if (place !== '') message += ` (${place})`;
  if (options.expected !== undefined) message += `; expected ${options.expected}`;
  if (options.found !== undefined)
    message += `${options.expected === undefined ? ';' : ','} found ${options.found}`;
  message = endSentence(message);
  if (options.remedy !== undefined) message += ` ${options.remedy}`;
  return message;
}
