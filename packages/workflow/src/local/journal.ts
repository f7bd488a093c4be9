import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@hemline/runs/documents';

/** A step that has ended well, kept so that a run that goes on does not repeat it. */
export interface JournalEntry {
  /** Name of the state. */
  readonly state: string;
  readonly result: unknown;
  readonly seconds: number;
}

/** Fields that are new for every attempt and change nothing. */
const VOLATILE = new Set(['TrainingJobName', 'ProcessingJobName']);

/**
 * The finished steps of a run, each under the hash of everything that it depends on: what is called, with which parameters,
 * by which code. A step whose input has changed is another step.
 */
export class Journal {
  readonly #folder: string;
  readonly #codeVersion: string;

  /**
   * @param folder of the journal
   * @param codeVersion of everything that runs
   */
  constructor(folder: string, codeVersion: string) {
    this.#folder = folder;
    this.#codeVersion = codeVersion;
  }

  /**
   * @param machine that the state is of
   * @param state name
   * @param resource that it calls
   * @param parameters as rendered
   * @returns the step's key
   */
  keyOf(machine: string, state: string, resource: string, parameters: unknown): string {
    return createHash('sha256')
      .update(canonical([machine, state, resource, parameters, this.#codeVersion]))
      .digest('hex');
  }

  /**
   * @param key of a step
   * @returns what it ended with; null when it has not
   */
  async find(key: string): Promise<JournalEntry | null> {
    try {
      return JSON.parse(await readFile(this.#file(key), 'utf8')) as JournalEntry;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /**
   * Keeps the result of a step, whole and on disk before anything builds on it.
   * @param key of the step
   * @param entry what it ended with
   */
  async keep(key: string, entry: JournalEntry): Promise<void> {
    await replaceFile(this.#file(key), `${JSON.stringify(entry)}\n`);
  }

  #file(key: string): string {
    return join(this.#folder, `${key.slice(0, 32)}.json`);
  }
}

/**
 * JSON with sorted keys, without what changes from attempt to attempt.
 * @param value plain data
 * @returns the text
 */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    if (VOLATILE.has(key)) return undefined;
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
