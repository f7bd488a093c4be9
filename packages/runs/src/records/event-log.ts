import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HemlineError } from '@hemline/core';
import { parseDocument } from '../documents/read-document.ts';
import { logFailure } from './log-failure.ts';
import { RUN_SCHEMA, runEventSchema, type RunEvent, type RunEventBody } from './run-event.ts';

/** Name of the log in the folder of a run. */
export const EVENTS_FILE = 'events.jsonl';

/**
 * A file of events, one JSON object a line, only ever appended to. When {@link append} has resolved the event is on disk: no
 * crash takes it back.
 */
export class EventLog {
  readonly #path: string;
  readonly #handle: FileHandle;
  #length: number;

  private constructor(path: string, handle: FileHandle, length: number) {
    this.#path = path;
    this.#handle = handle;
    this.#length = length;
  }

  /**
   * Opens a log for writing. The caller is its only writer. Half a line, which a crash of the machine may leave of an event
   * that nobody was told is there, is cut off.
   * @param path of the file; made when there is none
   * @returns the log, and the events in it
   * @throws StoreError when it cannot be opened
   * @throws DataError when it is damaged
   */
  static async open(path: string): Promise<{ readonly log: EventLog; readonly events: readonly RunEvent[] }> {
    let handle: FileHandle | undefined;
    try {
      await mkdir(dirname(path), { recursive: true });
      handle = await open(path, 'a+');
      const text = await handle.readFile('utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      const length = Buffer.byteLength(whole);
      if (whole.length < text.length) await handle.truncate(length);
      return { log: new EventLog(path, handle, length), events: parseEvents(whole, path) };
    } catch (cause) {
      await handle?.close();
      if (cause instanceof HemlineError) throw cause;
      throw logFailure('the events of a run cannot be opened', path, cause as Error);
    }
  }

  /**
   * Appends an event. Events must be appended one after the other.
   * @param body of the event
   * @returns it with its time
   * @throws StoreError when it cannot be written; then it is not in the log
   */
  async append(body: RunEventBody): Promise<RunEvent> {
    const event = { schema: RUN_SCHEMA, at: new Date().toISOString(), ...body } as RunEvent;
    // A number that JSON lacks would come back as null: the schema says so now, not to a later reader.
    const line = JSON.stringify(event);
    parseDocument(line, this.#path, runEventSchema, RUN_SCHEMA);
    const bytes = Buffer.from(`${line}\n`);
    try {
      const { bytesWritten } = await this.#handle.write(bytes);
      if (bytesWritten < bytes.length)
        throw new Error(`${bytesWritten} of ${bytes.length} bytes were written`);
      await this.#handle.datasync();
      this.#length += bytes.length;
      return event;
    } catch (cause) {
      // Half a line in the middle of a log would be damage.
      await this.#handle.truncate(this.#length).catch(() => undefined);
      throw logFailure('an event of a run cannot be written', this.#path, cause as Error);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/**
 * Reads the events of a run, also while they are written.
 * @param path of the log
 * @returns the events; null when there is no log
 * @throws DataError when it is damaged
 */
export async function readEvents(path: string): Promise<RunEvent[] | null> {
  try {
    const text = await readFile(path, 'utf8');
    // A line without an end is being written, or was never finished.
    return parseEvents(text.slice(0, text.lastIndexOf('\n') + 1), path);
  } catch (cause) {
    if (cause instanceof HemlineError) throw cause;
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw logFailure('the events of a run cannot be read', path, cause as Error);
  }
}

/**
 * @param text whole lines
 * @param path for messages
 * @returns the events
 * @throws DataError when a line is none
 */
export function parseEvents(text: string, path: string): RunEvent[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => parseDocument(line, `${path}:${i + 1}`, runEventSchema, RUN_SCHEMA));
}
