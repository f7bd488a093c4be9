import type { DecisionBook } from './decision-book.ts';
import type { Journal } from './journal.ts';
import type { Keeper } from './keeper.ts';
import { nextBatch, type OutboxBatch } from './outbox.ts';
import type { StoreConflict } from './store-keeper.ts';

/** Milliseconds after a decision until it is told: others that come meanwhile are told with it. */
const PATIENCE = 400;

/** Milliseconds until what has failed is tried again. */
const RETRY = 5000;

/** What is published, and where to. */
export interface PublisherOptions {
  readonly journal: Journal;
  readonly keeper: Keeper;
  /** Takes weeks of a run in as proposals, from the first, where that has not been done. */
  readonly propose: (run: string, weeks: number) => Promise<void>;
  readonly book: () => DecisionBook;
  readonly run: () => string;
  /** First days of the weeks of the list. */
  readonly weeks: () => Int32Array;
  /** Told of what has failed, and will be tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Tells the store of decisions what has changed, batch by batch, one after the other. */
export class Publisher {
  readonly #options: PublisherOptions;
  /** Last segment of the store that is known. */
  segment = 0;
  /** Weeks of the plan that are proposed, of which run. */
  #proposed = { run: '', weeks: 0 };
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  #isEnded = false;

  /** @param options what, and where to */
  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Something has changed: it is told soon. */
  soon(): void {
    if (this.#isEnded || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#after(() => this.#publishAll()).catch((error: unknown) => {
        this.#options.onFailure(error);
        setTimeout(() => this.soon(), RETRY).unref();
      });
    }, PATIENCE).unref();
  }

  /**
   * Tells all that there is to tell, and what the run proposes.
   * @returns when the store knows it
   */
  flush(): Promise<void> {
    return this.#after(async () => {
      await this.#propose(1);
      await this.#publishAll();
    });
  }

  /** Stops after the batch that is being told. */
  async end(): Promise<void> {
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#work;
  }

  /** One after the other. */
  #after(tell: () => Promise<void>): Promise<void> {
    const work = this.#work.then(tell);
    this.#work = work.catch(() => undefined);
    return work;
  }

  async #publishAll(): Promise<void> {
    const { journal, keeper } = this.#options;
    for (let batch = nextBatch(journal); batch !== null && !this.#isEnded; batch = nextBatch(journal)) {
      // There has to be a proposal before anybody can approve it.
      await this.#propose(this.#weeksApproved(batch));
      const { segment, conflicts } = await keeper.publish(batch);
      this.segment = Math.max(this.segment, segment);
      journal.write(() => {
        journal.run(
          'UPDATE batches SET is_done = 1, segment = ? WHERE id = ?',
          BigInt(segment),
          BigInt(batch.id),
        );
        this.#note(conflicts);
      });
      if (conflicts.length > 0) this.#options.book().refused(conflicts);
    }
  }

  async #propose(weeks: number): Promise<void> {
    const run = this.#options.run();
    if (this.#proposed.run === run && this.#proposed.weeks >= weeks) return;
    await this.#options.propose(run, weeks);
    this.segment = await this.#options.keeper.look();
    this.#proposed = { run, weeks };
  }

  #weeksApproved({ events }: OutboxBatch): number {
    const weeks = this.#options.weeks();
    let most = 1;
    events.event.forEach((event, i) => {
      if (event === 'approved') most = Math.max(most, weeks.indexOf(events.week[i]!) + 1);
    });
    return most;
  }

  #note(conflicts: readonly StoreConflict[]): void {
    const { journal } = this.#options;
    for (const [decision, own] of Map.groupBy(conflicts, (conflict) => conflict.decision)) {
      const rows = new Set(own.map(({ n }) => n)).size;
      const why = [...new Set(own.map((each) => each.why))].join('; ');
      journal.run(
        'UPDATE decisions SET conflict = ? WHERE id = ?',
        ...[`${rows} ${rows === 1 ? 'row' : 'rows'} not taken: ${why}`, BigInt(decision)],
      );
    }
  }
}
