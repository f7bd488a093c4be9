import {
  ConflictError,
  DataError,
  filterRows,
  formatWeek,
  isValid,
  sliceRows,
  StoreError,
  type Batch,
} from '@hemline/core';
import { openStore, type Store } from '@hemline/stores';
import type { SegmentFacts } from './decision-event.ts';
import { DecisionLedger } from './decision-ledger.ts';
import {
  countSegments,
  readFacts,
  readSegment,
  segmentKey,
  writeSegment,
  type WeekRange,
} from './decision-segments.ts';
import { isConflict, VERDICTS, type Verdict } from './verdict.ts';

/** Writers that come in between before this one gives up. */
const MOST_TRIES = 50;

/** Rows that are folded at a time: what exists of them besides their columns. */
const FOLDED_ROWS = 65_536;

/** Events that contradict what is known are listed up to here, and counted beyond. */
const MOST_CONFLICTS = 1000;

/** An event that was not applied. */
export interface DecisionConflict {
  /** Of the events that were given, from 0. */
  readonly row: number;
  readonly article: string;
  readonly market: string;
  /** Days since 1970-01-01. */
  readonly week: number;
  readonly event: string;
  readonly discount: number;
  readonly verdict: Exclude<Verdict, 'applied' | 'unchanged'>;
}

/** What became of events. */
export interface AppendedDecisions {
  /** Segment that they were written to; null: nothing was, since nothing has changed. */
  readonly segment: number | null;
  /** When the very same was told before, and in which segment; else null. */
  readonly toldBefore: { readonly segment: number; readonly at: string } | null;
  readonly applied: number;
  readonly unchanged: number;
  /** How many were not applied, and the first thousand of these. */
  readonly conflicting: number;
  readonly conflicts: readonly DecisionConflict[];
  /** Those that were applied, completed. */
  readonly kept: Batch;
  /** Everything known of their weeks, these events included. */
  readonly ledger: DecisionLedger;
}

/** How events are appended. */
export interface AppendOptions {
  /** Whether nothing is written. */
  readonly dryRun?: boolean;
  /**
   * What was known before, of weeks that cover those of the events: only what was told since is read. It is used up: whoever goes on
   * takes the ledger of the answer.
   */
  readonly ledger?: DecisionLedger | undefined;
  /**
   * Completes the events from what is known, such as what an override costs.
   * @returns the events, in their order; some may be left out
   */
  complete?(events: Batch, ledger: DecisionLedger): Promise<Batch>;
}

/**
 * An append-only store of decisions: a folder, or a prefix in S3, with a Parquet file for each proposal, import or scoring, numbered from 1.
 * A file appears whole under its number, or not at all; of two writers that come to the same number one gets it, and the other folds
 * what the first has told before it tries the next. No file is ever changed or removed.
 */
export class DecisionStore {
  readonly #store: Store;
  /** A segment never changes, and neither do its facts. */
  readonly #facts = new Map<number, SegmentFacts>();

  private constructor(store: Store) {
    this.#store = store;
  }

  /**
   * @param place folder or `s3://bucket/prefix`
   * @returns the store, which may be empty
   */
  static async open(place: string): Promise<DecisionStore> {
    return new DecisionStore(await openStore(place));
  }

  /** Where it is. */
  get url(): string {
    return this.#store.url;
  }

  /** @returns how many segments there are */
  segments(): Promise<number> {
    return countSegments(this.#store);
  }

  /**
   * @param number of a segment
   * @returns what it says of its rows
   */
  async facts(number: number): Promise<SegmentFacts> {
    const known = this.#facts.get(number);
    if (known !== undefined) return known;
    const facts = await readFacts(this.#store, number);
    this.#facts.set(number, facts);
    return facts;
  }

  /**
   * Folds everything that was told of some weeks.
   * @param weeks all by default
   * @returns what is known
   * @throws DataError when a segment is missing or damaged
   */
  async read(weeks?: WeekRange): Promise<DecisionLedger> {
    return this.readOn(new DecisionLedger(weeks));
  }

  /**
   * Folds what was told since.
   * @param ledger what was known
   * @returns the same ledger, with all that is known of its weeks
   * @throws DataError when a segment is missing or damaged
   */
  async readOn(ledger: DecisionLedger): Promise<DecisionLedger> {
    const last = await this.segments();
    for (let number = ledger.segment + 1; number <= last; number++)
      await this.#fold(ledger, number, ledger.weeks);
    return ledger;
  }

  /**
   * Appends events: those that change something are written as one segment, those that contradict what is known are told. The same
   * events, by the digest of what they were made of, change nothing a second time.
   * @param events of `DECISIONS_SCHEMA`, and `version` where whoever decided tells which one was seen
   * @param facts about them
   * @param options whether nothing is written, what completes them
   * @returns what became of them
   */
  async append(events: Batch, facts: SegmentFacts, options: AppendOptions = {}): Promise<AppendedDecisions> {
    const weeks = rangeOf(events);
    const before = options.ledger;
    if (before !== undefined) checkCovers(before, weeks);
    for (let attempt = 1; ; attempt++) {
      // Where another writer was first, events have been folded that were never written: all is read anew.
      const ledger =
        attempt === 1 && before !== undefined
          ? await this.readOn(before)
          : await this.read(before === undefined ? weeks : before.weeks);
      const toldBefore = await this.#toldBefore(facts, ledger.segment);
      if (toldBefore !== null) return { ...nothing(ledger, events), unchanged: events.length, toldBefore };
      const whole = (await options.complete?.(events, ledger)) ?? events;
      const number = ledger.segment + 1;
      const folded = fold(ledger, whole, number);
      const { kept } = folded;
      const result = { ...folded, toldBefore: null, ledger };
      // Where nothing has changed, the number is free for whoever comes next.
      if (kept.length === 0) ledger.segment = number - 1;
      if (kept.length === 0 || options.dryRun === true) return { ...result, segment: null };
      try {
        await writeSegment(this.#store, number, kept, facts);
        return { ...result, segment: number };
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        if (attempt === MOST_TRIES) throw crowded(this.#store, number, error);
      }
    }
  }

  async #fold(ledger: DecisionLedger, number: number, weeks: WeekRange | undefined): Promise<void> {
    for await (const batch of readSegment(this.#store, number, weeks))
      for (let start = 0; start < batch.length; start += FOLDED_ROWS) {
        const rows = sliceRows(batch, start, start + FOLDED_ROWS);
        const row = ledger.apply(rows, number).findIndex((verdict) => verdict !== 0);
        if (row !== -1) throw contradicted(this.#store, number, conflictText(rows, row));
      }
    ledger.segment = number;
  }

  async #toldBefore({ kind, digest }: SegmentFacts, last: number): Promise<AppendedDecisions['toldBefore']> {
    for (let number = last; number >= 1; number--) {
      const facts = await this.facts(number);
      if (facts.kind === kind && facts.digest === digest) return { segment: number, at: facts.at };
    }
    return null;
  }
}

function checkCovers({ weeks: known }: DecisionLedger, { from, to }: WeekRange): void {
  if (known === undefined || (known.from <= from && known.to >= to)) return;
  const text = (range: WeekRange): string => `${formatWeek(range.from)} to ${formatWeek(range.to)}`;
  throw new DataError('the ledger does not cover the weeks of the events', {
    expected: text({ from, to }),
    found: text(known),
  });
}

function nothing(ledger: DecisionLedger, events: Batch): Omit<AppendedDecisions, 'toldBefore'> {
  const kept = sliceRows(events, 0, 0);
  return { segment: null, applied: 0, unchanged: 0, conflicting: 0, conflicts: [], kept, ledger };
}

/** Applies events, and keeps those that change something. */
function fold(
  ledger: DecisionLedger,
  events: Batch,
  number: number,
): Pick<AppendedDecisions, 'applied' | 'unchanged' | 'conflicting' | 'conflicts' | 'kept'> {
  const conflicts: DecisionConflict[] = [];
  const counts = new Float64Array(VERDICTS.length);
  const verdicts = ledger.apply(events, number);
  for (let row = 0; row < verdicts.length; row++) {
    const verdict = VERDICTS[verdicts[row]!]!;
    counts[verdicts[row]!]!++;
    if (isConflict(verdict) && conflicts.length < MOST_CONFLICTS)
      conflicts.push(conflictAt(events, row, verdict));
  }
  const [applied, unchanged] = [counts[0]!, counts[1]!];
  ledger.segment = number;
  return {
    ...{ applied, unchanged, conflicting: events.length - applied - unchanged, conflicts },
    kept: filterRows(events, (row) => verdicts[row] === 0),
  };
}

function conflictAt(events: Batch, row: number, verdict: DecisionConflict['verdict']): DecisionConflict {
  const text = (name: string): string => {
    const column = events.strings(name);
    return isValid(column, row) ? column.dictionary[column.values[row]!]! : '';
  };
  return {
    ...{ row, article: text('article'), market: text('market'), week: events.weeks('week')[row]! },
    ...{ event: text('event'), discount: events.floats('discount')[row]!, verdict },
  };
}

function rangeOf(events: Batch): WeekRange {
  const weeks = events.weeks('week');
  return {
    from: weeks.reduce((a, b) => Math.min(a, b), Infinity),
    to: weeks.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

function conflictText(rows: Batch, row: number): string {
  const { article, market, week, event } = conflictAt(rows, row, 'changed-since');
  return `${event} of article ${article}, market ${market}, week ${formatWeek(week)}, which changes nothing after them`;
}

/** Only what changes something is written: such a row was not written by this store. */
function contradicted(store: Store, number: number, found: string): DataError {
  return new DataError('a segment of the decisions contradicts those before it', {
    ...{ found, where: { file: store.urlOf(segmentKey(number)) } },
    remedy: 'Restore the segments from a copy: one of them has been altered or exchanged.',
  });
}

function crowded(store: Store, number: number, cause: ConflictError): StoreError {
  return new StoreError('other writers come in between again and again', {
    expected: `to write ${segmentKey(number)}`,
    found: `${MOST_TRIES} numbers that others took`,
    where: { file: store.url },
    remedy: 'Try again when they have ended; nothing was written.',
    cause,
  });
}
