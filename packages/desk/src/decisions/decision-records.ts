import { formatWeek } from '@hemline/core';
import type { Decision } from '../api/index.ts';
import type { BookContext } from './book-context.ts';
import { sumOf, type Costs } from './decision-effects.ts';
import type { Found, Journal } from './journal.ts';
import { BATCH_ROWS } from './outbox.ts';
import { packDiscounts } from './packed-discounts.ts';
import { RefusedError } from './refused-error.ts';
import type { ResolvedRow } from './resolve-rows.ts';
import { keyOfRow, type RowKey } from './row-key.ts';

/** Status of a row of a decision. */
export const [APPLIED, WAITS, REJECTED, UNDONE] = [0, 1, 2, 3];

/** Decisions that hold and wait about a row, 0: none; and whether it has priority. */
export interface Standing {
  readonly effective: number;
  readonly waiting: number;
  readonly priority: number;
}

/** Writes decisions into the journal, and what holds of rows; all within a transaction of who calls. */
export class DecisionRecords {
  readonly #journal: Journal;
  readonly #context: BookContext;

  /**
   * @param journal of all decisions
   * @param context list, rules
   */
  constructor(journal: Journal, context: BookContext) {
    this.#journal = journal;
    this.#context = context;
  }

  /**
   * Writes a decision, with all that it changes.
   * @param person who decides
   * @param decision of the person
   * @param resolved what it does
   * @param weeks positions that it is about
   * @param costs of rows
   * @param version of what it changes
   * @returns its number
   */
  insert(
    person: string,
    { action, reason, note }: Decision,
    resolved: readonly ResolvedRow[],
    weeks: readonly number[],
    costs: Costs,
    version: number,
  ): number {
    const { run, view } = this.#context;
    const { list, states } = view;
    const first = keyOfRow(list, resolved[0]!.row);
    const waits = resolved.some(({ need }) => need !== 'own');
    const id = Number(this.#journal.one('SELECT coalesce(max(id), 0) + 1 AS id FROM decisions')!['id']);
    const days = weeks.map((week) => formatWeek(list.weeks[week]!));
    this.#journal.run(
      `INSERT INTO decisions (id, at, person, run, action, weeks, reason, note, state, row_count, article, market, largest, cost)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[BigInt(id), new Date().toISOString(), person, run, JSON.stringify(action), JSON.stringify(days)],
      ...[
        reason ?? null,
        note ?? null,
        waits ? 'waiting' : 'applied',
        BigInt(resolved.length),
        first.article,
      ],
      ...[
        first.market,
        resolved.reduce((most, { change }) => Math.max(most, change), 0),
        sumOf(resolved, costs),
      ],
    );
    const effective: number[] = [];
    const withdrawn: number[] = [];
    const waited = new Set<number>();
    resolved.forEach(({ row, discounts, isManual, need }, n) => {
      const key = keyOfRow(list, row);
      const isWaiting = need !== 'own';
      const held = states.effective[row]!;
      const previous = action.kind === 'priority' ? states.priority[row]! : held;
      const packed = packDiscounts(discounts);
      this.#journal.run(
        'INSERT INTO decision_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...[BigInt(id), BigInt(n), key.article, key.market, packed.discount, packed.discounts],
        ...[
          BigInt(Number(isManual)),
          BigInt(previous),
          BigInt(isWaiting ? WAITS : APPLIED),
          costs.get(row) ?? null,
        ],
      );
      this.put(
        key,
        {
          effective: action.kind === 'release' ? 0 : action.kind === 'priority' || isWaiting ? held : id,
          waiting: action.kind === 'priority' ? states.waiting[row]! : isWaiting ? id : 0,
          priority: action.kind === 'priority' ? Number(action.on) : states.priority[row]!,
        },
        version,
        person,
      );
      if (action.kind !== 'priority' && states.waiting[row] !== 0) {
        waited.add(states.waiting[row]!);
        this.setStatus(states.waiting[row]!, key, UNDONE);
      }
      if (action.kind === 'release') {
        if (held !== 0) withdrawn.push(n);
      } else if (action.kind !== 'priority' && !isWaiting) effective.push(n);
    });
    if (effective.length > 0) this.tell(id, 'effective', effective, person);
    if (withdrawn.length > 0) this.tell(id, 'withdrawn', withdrawn, person);
    for (const other of waited) this.#endWaiting(other, person);
    return id;
  }

  /**
   * @param id of a decision
   * @param key of a row of it
   * @param status of that row from now on
   */
  setStatus(id: number, { article, market }: RowKey, status: number): void {
    this.#journal.run(
      'UPDATE decision_rows SET status = ? WHERE decision = ? AND article = ? AND market = ?',
      ...[BigInt(status), BigInt(id), article, market],
    );
  }

  /** A decision that has no row left that waits for another person waits no more. */
  #endWaiting(id: number, person: string): void {
    const { waiting, applied } = this.#journal.one(
      'SELECT total(status = 1) AS waiting, total(status = 0) AS applied FROM decision_rows WHERE decision = ?',
      BigInt(id),
    )!;
    if (Number(waiting) > 0) return;
    this.#journal.run(
      'UPDATE decisions SET state = ?, reviewed_by = ?, reviewed_at = ? WHERE id = ?',
      ...[Number(applied) > 0 ? 'applied' : 'undone', person, new Date().toISOString(), BigInt(id)],
    );
  }

  /**
   * Writes what holds of a row.
   * @param key of the row
   * @param next what holds from now on
   * @param version of the change
   * @param person who changes it
   */
  put({ article, market }: RowKey, next: Standing, version: number, person: string): void {
    this.#journal.run(
      'INSERT OR REPLACE INTO row_states VALUES (?, ?, ?, ?, ?, ?, ?)',
      ...[
        article,
        market,
        BigInt(next.effective),
        BigInt(next.waiting),
        BigInt(next.priority),
        BigInt(version),
        person,
      ],
    );
  }

  /**
   * Leaves rows of a decision to be told to the store.
   * @param id of the decision
   * @param kind whether they hold, or hold no more
   * @param rows their numbers in the decision
   * @param person who has changed them
   */
  tell(id: number, kind: 'effective' | 'withdrawn', rows: readonly number[], person: string): void {
    const seen = BigInt(this.#context.seen());
    const at = new Date().toISOString();
    // Of very many rows each entry is told by itself.
    for (let from = 0; from < rows.length; from += BATCH_ROWS)
      this.#journal.run(
        'INSERT INTO outbox (decision, kind, rows, at, person, seen) VALUES (?, ?, ?, ?, ?, ?)',
        ...[BigInt(id), kind, new Uint8Array(Int32Array.from(rows.slice(from, from + BATCH_ROWS)).buffer)],
        ...[at, person, seen],
      );
  }

  /**
   * What is taken back gives way to what held before, where anything did.
   * @param id of what is taken back
   * @param back numbers of its rows, and the decision that holds again; 0: none
   * @param person who takes it back
   */
  tellBack(id: number, back: readonly { readonly n: number; readonly to: number }[], person: string): void {
    // What held before may have been about fewer weeks: all are withdrawn first.
    const all = back.map(({ n }) => n);
    if (all.length > 0) this.tell(id, 'withdrawn', all, person);
    for (const [to, own] of Map.groupBy(
      back.filter(({ to }) => to !== 0),
      ({ to }) => to,
    )) {
      const rows = own.map(({ n }) =>
        Number(
          this.#journal.one(
            `SELECT p.n FROM decision_rows r JOIN decision_rows p ON p.decision = ? AND p.article = r.article AND p.market = r.market
             WHERE r.decision = ? AND r.n = ?`,
            ...[BigInt(to), BigInt(id), BigInt(n)],
          )!['n'],
        ),
      );
      this.tell(to, 'effective', rows, person);
    }
  }

  /**
   * @param id of a decision
   * @param key of a row of it
   * @returns the decision, or the last before it about the same row, that nobody has taken back; 0: none
   */
  standing(id: number, { article, market }: RowKey): number {
    let standing = id;
    while (standing > 0) {
      const row = this.#journal.one(
        'SELECT status, previous FROM decision_rows WHERE decision = ? AND article = ? AND market = ?',
        ...[BigInt(standing), article, market],
      )!;
      if (Number(row['status']) === APPLIED) return standing;
      standing = Number(row['previous']);
    }
    return 0;
  }

  /**
   * @param id of a decision
   * @returns what is known of it as a whole
   * @throws RefusedError where there is none
   */
  header(id: number): Found {
    const header = this.#journal.one('SELECT * FROM decisions WHERE id = ?', BigInt(id));
    if (header === undefined)
      throw new RefusedError('not-found', 'there is no such decision', { found: String(id) });
    return header;
  }

  /**
   * @param key of a row
   * @returns what holds of it
   */
  state({ article, market }: RowKey): Found {
    return (
      this.#journal.one('SELECT * FROM row_states WHERE article = ? AND market = ?', article, market) ?? {
        ...{ effective: 0, waiting: 0, priority: 0, version: 0, person: null },
      }
    );
  }
}
