import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ConflictError } from '@hemline/core';
import { createFile, replaceFile, RunLock } from '@hemline/runs/documents';

/** A folder of data that is complete: its `_SUCCESS` is there. */
export interface Arrival {
  /** Below the watched folder, `/` between parts. */
  readonly name: string;
  readonly directory: string;
  /** Changes when another delivery takes its place. */
  readonly version: string;
}

/** How far the run for an arrival has come. */
export interface ArrivalState {
  readonly name: string;
  readonly version: string;
  readonly state: 'started' | 'done';
}

/** The object that ends a delivery: nothing is read before it is there. */
const SUCCESS = '_SUCCESS';

/**
 * The arrivals of a watched folder, the oldest first.
 * @param folder that is watched
 * @returns folders below it, at any depth, that hold `_SUCCESS`
 */
export function arrivalsIn(folder: string): Arrival[] {
  const found: { arrival: Arrival; time: number }[] = [];
  const walk = (directory: string): void => {
    const entries = readdirSync(directory, { withFileTypes: true });
    if (directory !== folder && entries.some(({ name }) => name === SUCCESS)) {
      const file = join(directory, SUCCESS);
      const { mtimeMs, size, ino } = statSync(file);
      found.push({
        time: mtimeMs,
        arrival: {
          name: relative(folder, directory).split(sep).join('/'),
          directory,
          // As S3 tells objects apart by their ETag: another _SUCCESS is another delivery.
          version: createHash('sha256')
            .update(`${mtimeMs} ${size} ${ino} `)
            .update(readFileSync(file))
            .digest('hex')
            .slice(0, 16),
        },
      });
      return;
    }
    for (const entry of entries)
      if (entry.isDirectory() && !/^[._]/.test(entry.name)) walk(join(directory, entry.name));
  };
  walk(folder);
  return found
    .sort((a, b) => a.time - b.time || (a.arrival.name < b.arrival.name ? -1 : 1))
    .map(({ arrival }) => arrival);
}

/** Which arrivals have had their run: a file each, so that several watchers agree. */
export class ArrivalLedger {
  readonly #folder: string;

  /** @param folder of the ledger */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param arrival found
   * @param workflow that runs on it
   * @returns whether its run is through
   */
  isDone(arrival: Arrival, workflow: string): boolean {
    const file = this.#file(arrival, workflow);
    return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as ArrivalState).state === 'done';
  }

  /**
   * Takes an arrival for this process: of two watchers one runs it, and the other finds it done.
   * @param arrival found
   * @param workflow that runs on it
   * @returns the lock, to be released
   * @throws ConflictError when a living process has it
   */
  take(arrival: Arrival, workflow: string): Promise<RunLock> {
    return RunLock.take(
      this.#file(arrival, workflow).replace(/\.json$/, ''),
      `${workflow} on ${arrival.name}`,
    );
  }

  /**
   * Notes that a run begins; one that had begun before and was interrupted goes on.
   * @param arrival that it is for
   * @param workflow that runs on it
   */
  async start(arrival: Arrival, workflow: string): Promise<void> {
    try {
      await createFile(this.#file(arrival, workflow), this.#text(arrival, 'started'));
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  /**
   * Notes that a run is through, however it ended: the same data would end it the same way.
   * @param arrival that it was for
   * @param workflow that ran on it
   */
  async finish(arrival: Arrival, workflow: string): Promise<void> {
    await replaceFile(this.#file(arrival, workflow), this.#text(arrival, 'done'));
  }

  #text({ name, version }: Arrival, state: ArrivalState['state']): string {
    return `${JSON.stringify({ name, version, state } satisfies ArrivalState)}\n`;
  }

  #file({ name, version, directory }: Arrival, workflow: string): string {
    const digest = createHash('sha256')
      .update(`${workflow} ${directory} ${name} ${version}`)
      .digest('hex')
      .slice(0, 32);
    return join(this.#folder, `${digest}.json`);
  }
}
