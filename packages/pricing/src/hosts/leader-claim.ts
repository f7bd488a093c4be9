import { ConflictError } from '@hemline/core';
import type { Exchange } from './exchange.ts';

/** Milliseconds between two signs of life. */
const BEAT = 5000;

/** Where the sign of life is. */
const SIGN = 'leader/sign.json';

/**
 * Who leads the search: the host that wrote the claim of the highest number, which only one can. It gives signs of life; whoever sees none
 * for long takes over. Two that lead at once do no harm: both come to the same, and what is told first stands.
 */
export class LeaderClaim {
  readonly #exchange: Exchange;
  readonly #workers: readonly string[];
  #number = 0;
  #leader: string | null = null;
  #sign = '';
  #seenAt = performance.now();
  #beat: NodeJS.Timeout | null = null;
  #telling: Promise<void> = Promise.resolve();

  /**
   * @param exchange of the hosts
   * @param workers names of the hosts that may lead, the first of which does at first
   */
  constructor(exchange: Exchange, workers: readonly string[]) {
    this.#exchange = exchange;
    this.#workers = workers;
  }

  /** The host that led when it was last looked for; null: nobody. */
  get leader(): string | null {
    return this.#leader;
  }

  /** Changes as long as the leader is at work. */
  get sign(): string {
    return `${this.#number} ${this.#sign}`;
  }

  /**
   * Looks who leads, and leads from now on where nobody else does: the first worker at the beginning; a host whose earlier start led;
   * anyone where the leader is none of the hosts, or gives no sign of life.
   * @returns whether this host leads
   */
  async look(): Promise<boolean> {
    if (this.#beat !== null) return true;
    const isNew = await this.#find();
    const { host } = this.#exchange;
    // A host without articles has nothing to search with.
    if (!this.#workers.includes(host)) return false;
    const isSilent = !isNew && performance.now() - this.#seenAt > this.#exchange.patience / 2;
    const mayLead =
      this.#leader === null
        ? host === this.#workers[0] || isSilent
        : this.#leader === host || !this.#workers.includes(this.#leader) || isSilent;
    return mayLead && this.#take(host);
  }

  /** Gives no more signs of life: when it is done, none is under way. */
  async release(): Promise<void> {
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#beat = null;
    await this.#telling;
  }

  /** @returns whether there is anything that was not there when it was last looked for */
  async #find(): Promise<boolean> {
    const before = this.sign;
    for (;;) {
      const bytes = await this.#exchange.read(claimKey(this.#number + 1));
      if (bytes === null) break;
      this.#number++;
      this.#leader = (JSON.parse(new TextDecoder().decode(bytes)) as { host: string }).host;
    }
    const bytes = await this.#exchange.read(SIGN);
    const sign = bytes === null ? '' : new TextDecoder().decode(bytes);
    this.#sign = sign;
    if (this.sign === before) return false;
    this.#seenAt = performance.now();
    return true;
  }

  async #take(host: string): Promise<boolean> {
    try {
      // A start of its own: the same bytes would not tell it from another.
      const claim = { host, process: process.pid, at: new Date().toISOString() };
      await this.#exchange.put(claimKey(this.#number + 1), Buffer.from(JSON.stringify(claim)));
    } catch (error) {
      // Another was first: it is looked at as every other leader.
      if (error instanceof ConflictError) return false;
      throw error;
    }
    this.#number++;
    this.#leader = host;
    let beats = 0;
    const tell = (): void => {
      const sign = JSON.stringify({ number: this.#number, host, beats: beats++ });
      // One that is not told is followed by another; after long silence somebody takes over, which does no harm.
      this.#telling = this.#exchange.replace(SIGN, sign).catch(() => undefined);
    };
    tell();
    this.#beat = setInterval(tell, BEAT).unref();
    return true;
  }
}

function claimKey(number: number): string {
  return `leader/${String(number).padStart(6, '0')}.json`;
}
