import { setTimeout as pause } from 'node:timers/promises';
import { ConflictError, StoreError, listing, throwIfAborted } from '@hemline/core';
import { inParallel, type Store } from '@hemline/stores';

/** Folder of what hosts tell each other, in the output; no reader of folders takes it for data. */
export const EXCHANGE = '_exchange';

/** Milliseconds between two looks, at first and at most. */
const [FIRST_PAUSE, LONGEST_PAUSE] = [20, 1000];
const READS_AT_A_TIME = 16;
/** Times that a write is tried again which another's got in the way of. */
const MOST_TRIES = 5;

/** How one host takes part. */
export interface ExchangeOptions {
  /** Name of this host. */
  readonly host: string;
  /** Milliseconds to wait for the others. */
  readonly patience: number;
  readonly signal: AbortSignal;
  /** Whether all is done: then nobody will tell anything any more. */
  readonly isFinished: () => Promise<boolean>;
  /** Told while others are waited for. */
  readonly onWait: (whom: string, done: number, total: number) => void;
}

/** What is waited for. */
export interface Awaited {
  readonly key: string;
  /** Name of the host that owes it. */
  readonly host: string;
}

/** All was done elsewhere while this host waited. */
export class FinishedElsewhere extends Error {}

/**
 * What hosts tell each other through a store: objects that are written once and never change, so that a host that dies reads, when it is
 * started again, all that was told before. Needs no more than put (where there is none), get and list.
 */
export class Exchange {
  readonly host: string;
  readonly patience: number;
  readonly signal: AbortSignal;
  readonly #store: Store;
  readonly #folder: string;
  readonly #options: ExchangeOptions;

  /**
   * @param store of the output
   * @param digest of all that what is told follows from: what was told of anything else is not read
   * @param options this host, and its patience
   */
  constructor(store: Store, digest: string, options: ExchangeOptions) {
    this.#store = store;
    this.#folder = `${EXCHANGE}/${digest.slice(0, 16)}`;
    this.#options = options;
    ({ host: this.host, patience: this.patience, signal: this.signal } = options);
  }

  /**
   * Tells something. An earlier start may have told it.
   * @param key within the exchange
   * @param content of it
   * @throws ConflictError when something else was told under this key
   */
  async put(key: string, content: Uint8Array): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        await this.#store.write(this.#key(key), content, { ifAbsent: true });
        return;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        const other = await this.read(key);
        if (other !== null && Buffer.compare(other, content) === 0) return;
        // Everything is taken away at the end.
        if (other === null && (await this.#options.isFinished())) throw new FinishedElsewhere();
        // Another is about to write it.
        if (other === null && tries < MOST_TRIES) continue;
        throw new ConflictError('another start has told something else', {
          expected: 'what this host comes to from the same inputs',
          found: other === null ? 'an object that is being written' : `${other.length} other bytes`,
          where: { file: this.#store.urlOf(this.#key(key)) },
          remedy: `Remove ${this.#store.urlOf(this.#folder)} and start all hosts again, all of the same version.`,
          cause: error,
        });
      }
  }

  /**
   * Tells something that changes, such as a sign of life.
   * @param key within the exchange
   * @param content in the place of what was there
   */
  async replace(key: string, content: string): Promise<void> {
    await this.#store.write(this.#key(key), content);
  }

  /**
   * @param key within the exchange
   * @returns what was told; null as long as nothing was
   */
  read(key: string): Promise<Uint8Array | null> {
    return this.#store.read(this.#key(key));
  }

  /**
   * @param folder within the exchange
   * @returns keys of all that was told there
   */
  async told(folder: string): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for await (const { key } of this.#store.list(this.#key(folder)))
      keys.add(key.slice(this.#folder.length + 1));
    return keys;
  }

  /**
   * Waits for what others owe.
   * @param folder that holds all of it
   * @param owed keys, and who owes each
   * @returns content of each, in their order
   * @throws StoreError that names who has not answered in time
   */
  async gather(folder: string, owed: readonly Awaited[]): Promise<readonly Uint8Array[]> {
    const found = new Map<string, Uint8Array>();
    const missing = (): readonly Awaited[] => owed.filter(({ key }) => !found.has(key));
    await this.until(
      async () => {
        const told = await this.told(folder);
        await inParallel(
          missing().filter(({ key }) => told.has(key)),
          READS_AT_A_TIME,
          async ({ key }) => {
            const content = await this.read(key);
            if (content !== null) found.set(key, content);
          },
        );
        return missing().length === 0 ? true : null;
      },
      () => {
        const hosts = [...new Set(missing().map(({ host }) => host))];
        return { whom: `${listing(hosts)} (${folder})`, done: found.size, total: owed.length };
      },
    );
    return owed.map(({ key }) => found.get(key)!);
  }

  /**
   * Looks again and again, each time after a longer pause.
   * @param look what is waited for; null as long as it is not there
   * @param wanted who owes it
   * @param sign changes as long as whoever is waited for is at work: then the time begins anew
   * @returns what was found
   * @throws StoreError when patience is at its end
   * @throws FinishedElsewhere when all is done and nothing will come
   */
  async until<T>(
    look: () => Promise<T | null>,
    wanted: () => { readonly whom: string; readonly done: number; readonly total: number },
    sign: () => string = () => '',
  ): Promise<T> {
    let began = performance.now();
    let seen = sign();
    for (let wait = FIRST_PAUSE; ; wait = Math.min(LONGEST_PAUSE, wait * 1.5)) {
      throwIfAborted(this.signal);
      const found = await look();
      if (found !== null) return found;
      if (await this.#options.isFinished()) throw new FinishedElsewhere();
      if (sign() !== seen) [began, seen] = [performance.now(), sign()];
      const { whom, done, total } = wanted();
      if (performance.now() - began > this.patience) throw this.#unanswered(whom);
      if (wait >= LONGEST_PAUSE) this.#options.onWait(whom, done, total);
      await pause(wait, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  #unanswered(whom: string): StoreError {
    return new StoreError('a host of the job does not answer', {
      expected: `an answer within ${this.patience / 1000} s`,
      found: `none from ${whom}`,
      where: { file: this.#store.urlOf(this.#folder) },
      remedy:
        'Look at what became of it. Start the job again, on all its hosts: it goes on from what was told. If it only takes long, give more time (--patience).',
    });
  }

  #key(key: string): string {
    return `${this.#folder}/${key}`;
  }
}

/**
 * Takes away whatever hosts have told each other in an output.
 * @param store of the output
 */
export async function clearExchange(store: Store): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(EXCHANGE)) keys.push(key);
  await inParallel(keys, READS_AT_A_TIME, (key) => store.remove(key));
}
