import type {
  Action,
  AuditAnswer,
  AuditQuery,
  Decided,
  Decision,
  LimitNow,
  Preview,
  Review,
  Undo,
  WaitingAnswer,
} from '../api/index.ts';
import { rowOf } from '../list/price-list.ts';
import { auditAnswer, waitingAnswer } from './audit-entries.ts';
import type { BookContext } from './book-context.ts';
import { DecisionEffects, sumOf } from './decision-effects.ts';
import { APPLIED, DecisionRecords, REJECTED, UNDONE } from './decision-records.ts';
import { checkReason, resolveTargets } from './decision-targets.ts';
import { numberOr, textOr } from './found-values.ts';
import type { Journal } from './journal.ts';
import { overwrittenBy } from './overwritten.ts';
import { RefusedError } from './refused-error.ts';
import { SHOP_IS_NEWER } from './resolve-rows.ts';
import { keyOf, MOST_NAMED, namedRows, type Conflict, type RowKey } from './row-key.ts';
import { RowReplay } from './row-replay.ts';
import { isLatest, nextState } from './taken-back.ts';

/** Takes decisions of people about the rows of a list: each is on disk before it is confirmed. */
export class DecisionBook {
  readonly #journal: Journal;
  readonly #context: BookContext;
  readonly #records: DecisionRecords;
  readonly #effects: DecisionEffects;
  readonly #replay: RowReplay;

  /**
   * @param journal of all decisions
   * @param context list, rules
   */
  constructor(journal: Journal, context: BookContext) {
    this.#journal = journal;
    this.#context = context;
    this.#records = new DecisionRecords(journal, context);
    this.#effects = new DecisionEffects(journal, context);
    this.#replay = new RowReplay(journal, context, this.#effects);
    this.#replay.load();
  }

  /**
   * What a decision would do, without doing it.
   * @param person who asks
   * @param decision of the person
   * @returns its cost, the limits as they would be, who has to agree, whose decisions it would take the place of
   */
  async preview(person: string, decision: Decision): Promise<Preview> {
    const { resolved, refused, weeks, unknown } = resolveTargets(this.#journal, this.#context, decision);
    const { cost, effects } = await this.#effects.appraised(resolved, weeks, decision.action);
    const needs = { own: 0, review: 0, secondPerson: 0 };
    for (const { need } of resolved) needs[need]++;
    return {
      ...{ rows: resolved.length, cost, limits: await this.#effects.limitsWith(effects), needs },
      refused: [...unknown, ...namedRows(this.#context.view.list, refused)]
        .slice(0, MOST_NAMED)
        .map(({ article, market, why }) => ({ article, market, why })),
      overwrites:
        decision.action.kind === 'priority'
          ? []
          : overwrittenBy(this.#context.view.states, person, resolved, (id) =>
              String(this.#records.header(id)['person']),
            ),
    };
  }

  /**
   * Takes a decision. When this returns, it is on disk.
   * @param person who decides
   * @param decision of the person
   * @returns what became of it
   * @throws RefusedError where a reason is missing, or other rows match than were seen
   */
  async decide(person: string, decision: Decision): Promise<Decided> {
    const known = this.#journal.answered<Decided>(person, decision.key, decision);
    if (known !== null) return known;
    const first = resolveTargets(this.#journal, this.#context, decision);
    checkReason(this.#context, decision, first.resolved);
    const { costs } = await this.#effects.appraised(first.resolved, first.weeks, decision.action);
    if (!this.#context.isOpen())
      throw new RefusedError('conflict', 'the run has been priced again meanwhile', {
        remedy: 'Look at the list again, and decide anew.',
      });
    // While costs were told, others may have decided.
    const { resolved, refused, weeks, unknown } = resolveTargets(this.#journal, this.#context, decision);
    const { view } = this.#context;
    const { answer, isRepeated } = this.#journal.once(person, decision.key, decision, (): Decided => {
      const version = this.#journal.nextVersion();
      const id =
        resolved.length === 0 ? 0 : this.#records.insert(person, decision, resolved, weeks, costs, version);
      const waiting = resolved.filter(({ need }) => need !== 'own').length;
      return {
        ...{ id, applied: resolved.length - waiting, waiting },
        conflicts: [...unknown, ...namedRows(this.#context.view.list, refused)].slice(0, MOST_NAMED),
        ...{ version, cost: sumOf(resolved, costs) },
      };
    });
    if (!isRepeated && answer.id > 0) {
      this.#replay.remember(person, decision.action, answer, { resolved, weeks, costs });
      view.changed();
      this.#context.onChange();
    }
    return answer;
  }

  /**
   * Takes a decision back: what held before holds again, where nobody has decided since.
   * @param person who asks
   * @param isAdmin whether decisions of others may be taken back
   * @param undo which
   * @returns what became of it
   */
  undo(person: string, isAdmin: boolean, undo: Undo): Decided {
    const known = this.#journal.answered<Decided>(person, undo.key, undo);
    if (known !== null) return known;
    const header = this.#records.header(undo.id);
    if (header['person'] !== person && !isAdmin)
      throw new RefusedError('forbidden', 'only who decided may take it back', {
        found: `decided by ${String(header['person'])}`,
      });
    if (header['state'] === 'undone' || header['state'] === 'rejected')
      throw new RefusedError('conflict', 'it holds no more', { found: String(header['state']) });
    const action = JSON.parse(String(header['action'])) as Action;
    const touched: RowKey[] = [];
    const { answer } = this.#journal.once(person, undo.key, undo, (): Decided => {
      const version = this.#journal.nextVersion();
      const conflicts: Conflict[] = [];
      const back: { n: number; to: number }[] = [];
      for (const row of this.#journal.all(
        'SELECT * FROM decision_rows WHERE decision = ? AND status < 2',
        BigInt(undo.id),
      )) {
        const key = keyOf(row);
        const state = this.#records.state(key);
        const isOwn = isLatest(action, undo.id, row, state);
        if (!isOwn) {
          conflicts.push({ ...key, why: 'somebody has decided since', by: textOr(state['person']) });
          continue;
        }
        const previous = Number(row['previous']);
        const next = nextState(
          action,
          row,
          state,
          action.kind === 'priority' ? previous : this.#records.standing(previous, key),
        );
        this.#records.put(key, next, version, person);
        touched.push(key);
        if (row['status'] === APPLIED && action.kind !== 'priority')
          back.push({ n: Number(row['n']), to: next.effective });
      }
      this.#journal.run(
        'UPDATE decision_rows SET status = ? WHERE decision = ? AND status < 2',
        BigInt(UNDONE),
        BigInt(undo.id),
      );
      this.#journal.run(
        "UPDATE decisions SET state = 'undone', reviewed_by = ?, reviewed_at = ? WHERE id = ?",
        ...[person, new Date().toISOString(), BigInt(undo.id)],
      );
      this.#records.tellBack(undo.id, back, person);
      return {
        ...{ id: undo.id, applied: touched.length, waiting: 0, conflicts: conflicts.slice(0, MOST_NAMED) },
        ...{ version, cost: null },
      };
    });
    this.#replay.refresh(touched);
    return answer;
  }

  /**
   * Accepts or rejects what waits for another person.
   * @param person who reviews
   * @param review which, and how
   * @returns what became of it
   */
  review(person: string, review: Review): Decided {
    const known = this.#journal.answered<Decided>(person, review.key, review);
    if (known !== null) return known;
    const header = this.#records.header(review.id);
    if (header['state'] !== 'waiting')
      throw new RefusedError('conflict', 'it waits for nobody', { found: String(header['state']) });
    if (header['person'] === person)
      throw new RefusedError('forbidden', 'another person has to review it', {
        found: 'the one who decided',
        remedy: 'Ask a colleague with the role approve.',
      });
    const touched: RowKey[] = [];
    const { answer } = this.#journal.once(person, review.key, review, (): Decided => {
      const version = this.#journal.nextVersion();
      const conflicts: Conflict[] = [];
      const accepted: number[] = [];
      for (const row of this.#journal.all(
        'SELECT * FROM decision_rows WHERE decision = ? AND status = 1',
        BigInt(review.id),
      )) {
        const key = keyOf(row);
        const state = this.#records.state(key);
        if (Number(state['waiting']) !== review.id) {
          conflicts.push({ ...key, why: 'somebody has decided since', by: textOr(state['person']) });
          continue;
        }
        if (review.accept && this.#isInShop(key)) {
          conflicts.push({ ...key, why: SHOP_IS_NEWER, by: null });
          continue;
        }
        const effective = Number(state['effective']);
        if (review.accept) accepted.push(Number(row['n']));
        this.#records.put(
          key,
          {
            effective: review.accept ? review.id : effective,
            waiting: 0,
            priority: Number(state['priority']),
          },
          version,
          review.accept ? String(header['person']) : person,
        );
        this.#journal.run(
          'UPDATE decision_rows SET status = ?, previous = ? WHERE decision = ? AND n = ?',
          ...[
            BigInt(review.accept ? APPLIED : REJECTED),
            BigInt(effective),
            BigInt(review.id),
            BigInt(Number(row['n'])),
          ],
        );
        touched.push(key);
      }
      const applied = Number(
        this.#journal.one(
          'SELECT count(*) AS rows FROM decision_rows WHERE decision = ? AND status = 0',
          BigInt(review.id),
        )!['rows'],
      );
      this.#journal.run(
        'UPDATE decisions SET state = ?, reviewed_by = ?, reviewed_at = ?, review_note = ? WHERE id = ?',
        ...[
          applied > 0 ? 'applied' : 'rejected',
          person,
          new Date().toISOString(),
          review.note ?? null,
          BigInt(review.id),
        ],
      );
      if (accepted.length > 0) this.#records.tell(review.id, 'effective', accepted, String(header['person']));
      return {
        ...{ id: review.id, applied: touched.length, waiting: 0, conflicts: conflicts.slice(0, MOST_NAMED) },
        ...{ version, cost: numberOr(header['cost']) },
      };
    });
    this.#replay.refresh(touched);
    return answer;
  }

  /**
   * @param person who asks
   * @returns decisions that wait for another person, the oldest first
   */
  waiting(person: string): WaitingAnswer {
    return waitingAnswer(this.#journal, person);
  }

  /**
   * @param query what is looked for
   * @returns decisions, the newest first
   */
  audit(query: AuditQuery): AuditAnswer {
    return auditAnswer(this.#journal, query);
  }

  /**
   * @returns the limits with all decisions that hold
   */
  async limits(): Promise<LimitNow[]> {
    return this.#effects.limitsWith(new Map());
  }

  /**
   * Takes back what the store of decisions has refused: the row is as it was before, and its version is another.
   * @param conflicts rows of decisions
   */
  refused(
    conflicts: readonly { readonly decision: number; readonly article: string; readonly market: string }[],
  ): void {
    this.#journal.write(() => {
      const version = this.#journal.nextVersion();
      for (const { decision, article, market } of conflicts) {
        const state = this.#records.state({ article, market });
        if (Number(state['effective']) !== decision) continue;
        this.#records.setStatus(decision, { article, market }, REJECTED);
        const next = {
          effective: this.#records.standing(decision, { article, market }),
          waiting: Number(state['waiting']),
          priority: Number(state['priority']),
        };
        this.#records.put({ article, market }, next, version, String(state['person']));
      }
    });
    this.#replay.refresh(conflicts);
  }

  /**
   * Says what the store of decisions knows that the journal may not: what the shop has a newer price of, and what people have fixed,
   * by other programs too.
   * @param rows of the list that the shop has a price of
   * @param fixed rows, at which discount, by whom
   */
  inStore(
    rows: Iterable<number>,
    fixed: Iterable<{ readonly row: number; readonly discount: number; readonly by: string }> = [],
  ): void {
    this.#replay.inStore(rows, fixed);
  }

  #isInShop({ article, market }: RowKey): boolean {
    const { list, states } = this.#context.view;
    const row = rowOf(list, article, market);
    return row !== -1 && states.inShop[row] === 1;
  }
}
