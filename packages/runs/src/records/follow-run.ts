import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseEvents, EVENTS_FILE } from './event-log.ts';
import { parseMeasurements } from './measurement-log.ts';
import { MEASUREMENTS_FILE, type Measurement } from './measurement.ts';
import { readRun, type KnownRun } from './read-runs.ts';
import type { RunEvent } from './run-event.ts';

/** Something that a run has just told. */
export type Tiding =
  | { readonly kind: 'event'; readonly event: RunEvent }
  | { readonly kind: 'measurement'; readonly measurement: Measurement };

/** How a run is followed. */
export interface FollowRunOptions {
  /** Milliseconds between two looks; 250 by default. */
  readonly interval?: number;
  /** Ends the following; the run goes on. */
  readonly signal?: AbortSignal;
}

/** Bytes that are read at once. */
const CHUNK = 1 << 20;

/**
 * Tells what a run has done and does, in the order of time, until it has ended or its process is gone.
 * @param directory of a run with a record
 * @param options how often to look
 * @yields each event and measurement once
 * @returns the run at its end; as it is now, when the signal ended the following
 * @throws DataError when the record is damaged
 */
export async function* followRun(
  directory: string,
  { interval = 250, signal }: FollowRunOptions = {},
): AsyncGenerator<Tiding, KnownRun> {
  const events = new LineReader(join(directory, EVENTS_FILE));
  const measurements = new LineReader(join(directory, MEASUREMENTS_FILE));
  for (;;) {
    // What the run is now is asked first: what it told before then is read below, so that nothing of its end is missed.
    const known = (await readRun(directory))!;
    const told: Tiding[] = [
      ...parseEvents(await events.read(), events.path).map((event) => ({ kind: 'event' as const, event })),
      ...parseMeasurements(await measurements.read(), measurements.path).map((measurement) => ({
        kind: 'measurement' as const,
        measurement,
      })),
    ];
    yield* told.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0));
    if (known.state !== 'running' || signal?.aborted === true) return known;
    await wait(interval, undefined, { signal }).catch(() => undefined);
  }
}

function timeOf(tiding: Tiding): string {
  return tiding.kind === 'event' ? tiding.event.at : tiding.measurement.at;
}

/** Reads the whole lines that a file has got since the last time. */
class LineReader {
  readonly path: string;
  #offset = 0;

  constructor(path: string) {
    this.path = path;
  }

  async read(): Promise<string> {
    const handle = await open(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (handle === null) return '';
    try {
      const parts: Buffer[] = [];
      for (let at = this.#offset; ;) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK), 0, CHUNK, at);
        parts.push(buffer.subarray(0, bytesRead));
        at += bytesRead;
        if (bytesRead < CHUNK) break;
      }
      const bytes = Buffer.concat(parts);
      // Half a line is being written.
      const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
      this.#offset += whole.length;
      return whole.toString('utf8');
    } finally {
      await handle.close();
    }
  }
}
