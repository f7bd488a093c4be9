import { open, readFile, type FileHandle } from 'node:fs/promises';
import { parseDocument } from '../documents/read-document.ts';
import { logFailure } from './log-failure.ts';
import { measurementSchema, type Measurement } from './measurement.ts';
import { RUN_SCHEMA } from './run-event.ts';

/**
 * A file of measurements, one JSON object a line, only ever appended to. Unlike events they are not forced to disk: what comes
 * between two writes is written together, so that a loss a millisecond costs a training nothing. It is opened with the first of them.
 */
export class MeasurementLog {
  readonly #path: string;
  #handle: FileHandle | null = null;
  #lines: string[] = [];
  #written: Promise<void> = Promise.resolve();
  #isWaiting = false;

  /** @param path of the file; made with the first measurement */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * @param measurement to append
   * @returns when it is written
   * @throws StoreError when it cannot be written
   */
  append(measurement: Measurement): Promise<void> {
    this.#lines.push(`${JSON.stringify(measurementSchema.parse(measurement))}\n`);
    if (this.#isWaiting) return this.#written;
    this.#isWaiting = true;
    this.#written = this.#written.catch(() => undefined).then(() => this.#write());
    return this.#written;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    await this.#written.finally(() => this.#handle?.close());
  }

  async #write(): Promise<void> {
    this.#isWaiting = false;
    const text = this.#lines.join('');
    this.#lines = [];
    try {
      this.#handle ??= await openWhole(this.#path);
      await this.#handle.appendFile(text);
    } catch (cause) {
      throw logFailure('the measurements of a run cannot be written', this.#path, cause as Error);
    }
  }
}

/** A process that was killed may have left half a line. */
async function openWhole(path: string): Promise<FileHandle> {
  const handle = await open(path, 'a+');
  const text = await handle.readFile();
  const end = text.lastIndexOf(0x0a) + 1;
  if (end < text.length) await handle.truncate(end);
  return handle;
}

/**
 * Reads the measurements of a run, also while they are written.
 * @param path of the log
 * @returns them in the order in which they were told; none when there is no log
 * @throws DataError when it is damaged
 */
export async function readMeasurements(path: string): Promise<Measurement[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return [];
    throw logFailure('the measurements of a run cannot be read', path, cause as Error);
  }
  return parseMeasurements(text.slice(0, text.lastIndexOf('\n') + 1), path);
}

/**
 * @param text whole lines
 * @param path for messages
 * @returns the measurements
 * @throws DataError when a line is none
 */
export function parseMeasurements(text: string, path: string): Measurement[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line, i) => parseDocument(line, `${path}:${i + 1}`, measurementSchema, RUN_SCHEMA));
}
