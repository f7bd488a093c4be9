import { formatWeek, parseWeek } from '@hemline/core';
import type {
  Action,
  ApprovalRules,
  AuditAnswer,
  AuditEntry,
  AuditQuery,
  Decided,
  Decision,
  LimitNow,
  Preview,
  Review,
  Undo,
  WaitingAnswer,
} from '../api/index.ts';
import { STATES } from '../api/index.ts';
import { inTurns, limitRows, type Appraiser } from '../article/appraiser.ts';
import { MOST_READ, type Appraisers } from '../article/appraisers.ts';
import type { ListView } from '../list/list-view.ts';
import { firstWeekOf, rowOf } from '../list/price-list.ts';
import type { PricingSummary } from '@hemline/pricing/job';
import type { Found, Journal } from './journal.ts';
import { BATCH_ROWS } from './outbox.ts';
import { packDiscounts, unpackDiscounts } from './packed-discounts.ts';
import { RefusedError } from './refused-error.ts';
import { resolveRows, SHOP_IS_NEWER, type RefusedRow, type ResolvedRow } from './resolve-rows.ts';

/** Rows that are named where an action can do nothing about them. */
const MOST_NAMED = 200;

/** Status of a row of a decision. */
const [APPLIED, WAITS, REJECTED, UNDONE] = [0, 1, 2, 3];

const [PROPOSED, OVERRIDDEN, IN_SHOP] = ['proposed', 'overridden', 'in-shop'].map((state) =>
  STATES.indexOf(state as (typeof STATES)[number]),
) as [number, number, number];

/** What decisions are about, and by which rules they are taken. */
export interface BookContext {
  readonly run: string;
  readonly view: ListView;
  readonly summary: PricingSummary;
  readonly rules: ApprovalRules;
  readonly reasons: readonly string[];
  /** @returns what tells costs, when it is ready; null where it tells none */
  readonly appraisers: () => Promise<Appraisers | null>;
  /** @returns the last segment of the store that is known here */
  readonly seen: () => number;
  /** Told when there is something to publish. */
  readonly onChange: () => void;
  /** @returns whether this is still the list that people see */
  readonly isOpen: () => boolean;
}

/** Takes decisions of people about the rows of a list: each is on disk before it is confirmed. */
export class DecisionBook {
  readonly #journal: Journal;
  readonly #context: BookContext;
  /** What decisions change of the limits, by article. */
  readonly #effects = new Map<string, Float64Array>();
  #sum: Float64Array | null = null;
  #stale = new Set<string>();
  #settling: Promise<void> | null = null;

  /**
   * @param journal of all decisions
   * @param context list, rules
   */
  constructor(journal: Journal, context: BookContext) {
    this.#journal = journal;
    this.#context = context;
    this.#load();
  }

  /**
   * What a decision would do, without doing it.
   * @param person who asks
   * @param decision of the person
   * @returns its cost, the limits as they would be, who has to agree, whose decisions it would take the place of
   */
  async preview(person: string, decision: Decision): Promise<Preview> {
    const { resolved, refused, weeks, unknown } = this.#resolve(decision);
    const { cost, effects } = await this.#appraised(resolved, weeks, decision.action);
    const needs = { own: 0, review: 0, secondPerson: 0 };
    for (const { need } of resolved) needs[need]++;
    return {
      ...{ rows: resolved.length, cost, limits: await this.#limitsWith(effects), needs },
      refused: [...unknown, ...this.#named(refused)]
        .slice(0, MOST_NAMED)
        .map(({ article, market, why }) => ({ article, market, why })),
      overwrites: decision.action.kind === 'priority' ? [] : this.#overwritten(person, resolved),
    };
  }

  /** Decisions of others that hold, or wait, about rows. */
  #overwritten(person: string, resolved: readonly ResolvedRow[]): Preview['overwrites'] {
    const { effective, waiting } = this.#context.view.states;
    const persons = new Map<number, string>();
    const personOf = (id: number): string => {
      const known = persons.get(id) ?? String(this.#header(id)['person']);
      persons.set(id, known);
      return known;
    };
    const counts = new Map<string, number>();
    for (const { row } of resolved)
      for (const id of new Set([effective[row]!, waiting[row]!])) {
        if (id === 0) continue;
        const other = personOf(id);
        if (other !== person) counts.set(other, (counts.get(other) ?? 0) + 1);
      }
    return [...counts]
      .map(([other, rows]) => ({ person: other, rows }))
      .sort((a, b) => b.rows - a.rows || (a.person < b.person ? -1 : 1));
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
    const first = this.#resolve(decision);
    this.#checkReason(decision, first.resolved);
    const { costs } = await this.#appraised(first.resolved, first.weeks, decision.action);
    if (!this.#context.isOpen())
      throw new RefusedError('conflict', 'the run has been priced again meanwhile', {
        remedy: 'Look at the list again, and decide anew.',
      });
    // While costs were told, others may have decided.
    const { resolved, refused, weeks, unknown } = this.#resolve(decision);
    const { view } = this.#context;
    const { answer, isRepeated } = this.#journal.once(person, decision.key, decision, (): Decided => {
      const version = this.#journal.nextVersion();
      const id = resolved.length === 0 ? 0 : this.#insert(person, decision, resolved, weeks, costs, version);
      const waiting = resolved.filter(({ need }) => need !== 'own').length;
      return {
        ...{ id, applied: resolved.length - waiting, waiting },
        conflicts: [...unknown, ...this.#named(refused)].slice(0, MOST_NAMED),
        ...{ version, cost: sumOf(resolved, costs) },
      };
    });
    if (!isRepeated && answer.id > 0) {
      this.#remember(person, decision.action, answer, { resolved, weeks, costs });
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
    const header = this.#header(undo.id);
    if (header['person'] !== person && !isAdmin)
      throw new RefusedError('forbidden', 'only who decided may take it back', {
        found: `decided by ${String(header['person'])}`,
      });
    if (header['state'] === 'undone' || header['state'] === 'rejected')
      throw new RefusedError('conflict', 'it holds no more', { found: String(header['state']) });
    const action = JSON.parse(String(header['action'])) as Action;
    const touched: Touched[] = [];
    const { answer } = this.#journal.once(person, undo.key, undo, (): Decided => {
      const version = this.#journal.nextVersion();
      const conflicts: Conflict[] = [];
      const back: { n: number; to: number }[] = [];
      for (const row of this.#journal.all(
        'SELECT * FROM decision_rows WHERE decision = ? AND status < 2',
        BigInt(undo.id),
      )) {
        const key = keyOf(row);
        const state = this.#state(key);
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
          action.kind === 'priority' ? previous : this.#standing(previous, key),
        );
        this.#put(key, next, version, person);
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
      this.#tellBack(undo.id, back, person);
      return {
        ...{ id: undo.id, applied: touched.length, waiting: 0, conflicts: conflicts.slice(0, MOST_NAMED) },
        ...{ version, cost: null },
      };
    });
    this.#refresh(touched);
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
    const header = this.#header(review.id);
    if (header['state'] !== 'waiting')
      throw new RefusedError('conflict', 'it waits for nobody', { found: String(header['state']) });
    if (header['person'] === person)
      throw new RefusedError('forbidden', 'another person has to review it', {
        found: 'the one who decided',
        remedy: 'Ask a colleague with the role approve.',
      });
    const touched: Touched[] = [];
    const { answer } = this.#journal.once(person, review.key, review, (): Decided => {
      const version = this.#journal.nextVersion();
      const conflicts: Conflict[] = [];
      const accepted: number[] = [];
      for (const row of this.#journal.all(
        'SELECT * FROM decision_rows WHERE decision = ? AND status = 1',
        BigInt(review.id),
      )) {
        const key = keyOf(row);
        const state = this.#state(key);
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
        this.#put(
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
      if (accepted.length > 0) this.#tell(review.id, 'effective', accepted, String(header['person']));
      return {
        ...{ id: review.id, applied: touched.length, waiting: 0, conflicts: conflicts.slice(0, MOST_NAMED) },
        ...{ version, cost: numberOr(header['cost']) },
      };
    });
    this.#refresh(touched);
    return answer;
  }

  /**
   * @param person who asks
   * @returns decisions that wait for another person, the oldest first
   */
  waiting(person: string): WaitingAnswer {
    const rows = this.#journal.all("SELECT * FROM decisions WHERE state = 'waiting' ORDER BY id LIMIT 500");
    return {
      waiting: rows.map((row) => ({
        ...entryOf(row),
        own: row['person'] === person,
        largestChange: Number(row['largest']),
      })),
    };
  }

  /**
   * @param query what is looked for
   * @returns decisions, the newest first
   */
  audit({ text, by, article, offset, count }: AuditQuery): AuditAnswer {
    const like = text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const where = `(?1 IS NULL OR note LIKE ?1 ESCAPE '\\' OR reason LIKE ?1 ESCAPE '\\' OR article LIKE ?1 ESCAPE '\\' OR person LIKE ?1 ESCAPE '\\' OR conflict LIKE ?1 ESCAPE '\\')
      AND (?2 IS NULL OR person = ?2)
      AND (?3 IS NULL OR id IN (SELECT decision FROM decision_rows WHERE article = ?3))`;
    const values = [like, by ?? null, article ?? null] as const;
    const total = Number(
      this.#journal.one(`SELECT count(*) AS rows FROM decisions WHERE ${where}`, ...values)!['rows'],
    );
    const rows = this.#journal.all(
      `SELECT * FROM decisions WHERE ${where} ORDER BY id DESC LIMIT ?4 OFFSET ?5`,
      ...[...values, BigInt(count), BigInt(offset)],
    );
    return { total, entries: rows.map(entryOf) };
  }

  /**
   * @returns the limits with all decisions that hold
   */
  async limits(): Promise<LimitNow[]> {
    return this.#limitsWith(new Map());
  }

  /**
   * Discounts of an article that people have fixed, in the place of the plan's.
   * @param article name
   * @param appraiser that knows its cells
   * @param except rows that are left out, by market
   * @returns cells and discounts
   */
  decidedOf(
    article: string,
    appraiser: Appraiser,
    except: ReadonlySet<string> = new Set(),
  ): { readonly cells: number[]; readonly discounts: number[]; readonly markets: string[] } {
    const found = { cells: [] as number[], discounts: [] as number[], markets: [] as string[] };
    const rows = this.#journal.all(
      `SELECT r.market, r.discount, r.discounts, d.weeks FROM row_states s
       JOIN decision_rows r ON r.decision = s.effective AND r.article = s.article AND r.market = s.market
       JOIN decisions d ON d.id = s.effective WHERE s.article = ? AND s.effective > 0 AND r.is_manual = 1`,
      article,
    );
    for (const row of rows) {
      const market = String(row['market']);
      if (except.has(market)) continue;
      const weeks = JSON.parse(String(row['weeks'])) as string[];
      const discounts = unpackDiscounts(row, weeks.length);
      weeks.forEach((week, i) => {
        const cell = appraiser.cell(article, market, parseWeek(week));
        if (cell === -1 || Number.isNaN(discounts[i]!)) return;
        found.cells.push(cell);
        found.discounts.push(discounts[i]!);
        found.markets.push(market);
      });
    }
    return found;
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
        const state = this.#state({ article, market });
        if (Number(state['effective']) !== decision) continue;
        this.#journal.run(
          'UPDATE decision_rows SET status = ? WHERE decision = ? AND article = ? AND market = ?',
          ...[BigInt(REJECTED), BigInt(decision), article, market],
        );
        const next = {
          effective: this.#standing(decision, { article, market }),
          waiting: Number(state['waiting']),
          priority: Number(state['priority']),
        };
        this.#put({ article, market }, next, version, String(state['person']));
      }
    });
    this.#refresh(conflicts);
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
    const { view } = this.#context;
    const { inShop, state, elsewhere, chosen, by, effective } = view.states;
    inShop.fill(0);
    for (let row = 0; row < state.length; row++) {
      if (state[row] === IN_SHOP) state[row] = PROPOSED;
      if (Number.isNaN(elsewhere[row]!)) continue;
      if (effective[row] === 0) [state[row], chosen[row], by[row]] = [PROPOSED, NaN, -1];
      elsewhere[row] = NaN;
    }
    for (const { row, discount, by: person } of fixed) {
      [elsewhere[row], chosen[row], state[row]] = [discount, discount, OVERRIDDEN];
      by[row] = person === '' ? -1 : this.#person(person);
    }
    // Of most of them nobody has ever decided: the journal has no row for them.
    for (const row of rows) [inShop[row], state[row]] = [1, IN_SHOP];
    this.#load();
  }

  // --- targets

  #resolve(decision: Decision): {
    readonly resolved: readonly ResolvedRow[];
    readonly refused: readonly RefusedRow[];
    readonly weeks: readonly number[];
    readonly unknown: readonly Conflict[];
  } {
    const { view, rules } = this.#context;
    const { list, states } = view;
    const { action, targets } = decision;
    const weeks = this.#weeksOf(decision.weeks);
    if (action.kind === 'bounds' && action.from > action.to)
      throw new RefusedError('bad-request', 'the bounds are the wrong way round', {
        expected: 'from at most to',
        found: `${action.from} to ${action.to}`,
      });
    const unknown: Conflict[] = [];
    let rows: { row: Uint32Array; seen: Int32Array };
    if ('filter' in targets) {
      const row = view.matching(targets.filter);
      if (row.length !== targets.expected)
        throw new RefusedError('conflict', 'other rows match by now than were seen', {
          ...{ expected: String(targets.expected), found: String(row.length) },
          remedy: 'Look at the list again, and decide anew.',
        });
      rows = { row, seen: new Int32Array(row.length).fill(-1) };
    } else {
      const found = new Map<number, number>();
      for (const { article, market, version } of targets.rows) {
        const row = rowOf(list, article, market);
        if (row === -1) unknown.push({ article, market, why: 'it is not priced in this run', by: null });
        else found.set(row, version ?? -1);
      }
      rows = { row: Uint32Array.from(found.keys()), seen: Int32Array.from(found.values()) };
    }
    const before = (row: number): number => this.#changeBefore(row);
    return { ...resolveRows({ list, states, rules, before }, rows, action, weeks), weeks, unknown };
  }

  /**
   * How far the plan of a row is from what would be recommended if nobody had fixed its price: many small changes, each planned around
   * when the run is priced again, ask as many people as one large change does.
   */
  #changeBefore(row: number): number {
    const { run, view } = this.#context;
    const { list } = view;
    if (list.isFixed[row] === 0) return 0;
    const { article, market } = this.#keyOfRow(row);
    const last = this.#journal.one(
      `SELECT d.largest FROM decision_rows r JOIN decisions d ON d.id = r.decision
       WHERE r.article = ? AND r.market = ? AND r.is_manual = 1 AND r.status IN (0, 3) AND d.run <> ? ORDER BY r.decision DESC LIMIT 1`,
      ...[article, market, run],
    );
    if (last !== undefined) return Number(last['largest']);
    // Fixed by another program: nothing is known but the price of today.
    const change = Math.abs(list.recommended[row]! - list.today[row]!);
    return Number.isNaN(change) ? 0 : change;
  }

  #weeksOf(weeks: Decision['weeks']): number[] {
    const own = this.#context.view.list.weeks;
    if (weeks === 'first') return [0];
    if (weeks === 'all') return [...own.keys()];
    const found = [...new Set(weeks)].sort().map((week) => own.indexOf(parseWeek(week)));
    if (found.includes(-1))
      throw new RefusedError('bad-request', 'a week is not priced', {
        expected: `first days from ${formatWeek(own[0]!)} to ${formatWeek(own.at(-1)!)}`,
        found: weeks.join(', '),
      });
    return found;
  }

  #checkReason({ action, reason, note = '' }: Decision, resolved: readonly ResolvedRow[]): void {
    const { rules, reasons } = this.#context;
    const isNeeded = action.kind === 'overrule' || action.kind === 'bounds' || action.kind === 'exclude';
    if (reason !== undefined && !reasons.includes(reason))
      throw new RefusedError('bad-request', 'there is no such reason', {
        expected: reasons.join(', '),
        found: reason,
      });
    if (isNeeded && reason === undefined)
      throw new RefusedError('bad-request', 'a reason is needed', { expected: reasons.join(', ') });
    const isFar = resolved.some(({ need }) => need === 'secondPerson');
    if (isFar && [...note.trim()].length < rules.reasonCharacters)
      throw new RefusedError('bad-request', 'so large a change needs a longer reason', {
        expected: `a note of ${rules.reasonCharacters} characters at least`,
        found: `${[...note.trim()].length} characters`,
      });
  }

  // --- costs

  async #appraised(
    resolved: readonly ResolvedRow[],
    weeks: readonly number[],
    action: Action,
  ): Promise<{
    readonly cost: number | null;
    readonly costs: ReadonlyMap<number, number>;
    readonly effects: Map<string, Float64Array>;
  }> {
    const costs = new Map<number, number>();
    const effects = new Map<string, Float64Array>();
    if (action.kind === 'priority') return { cost: 0, costs, effects };
    const appraisers = await this.#context.appraisers();
    const { list } = this.#context.view;
    const { article, articles, market, markets } = list;
    const byArticle = Map.groupBy(resolved, ({ row }) => article[row]!);
    if (appraisers === null || (appraisers.whole === null && byArticle.size > MOST_READ)) {
      // The plan itself costs nothing, whatever the forecasts are.
      const isPlan = resolved.every(({ isManual }) => !isManual);
      for (const { row } of resolved) if (isPlan) costs.set(row, 0);
      return { cost: isPlan && action.kind === 'approve' ? 0 : null, costs, effects };
    }
    const groups = [...byArticle];
    await eachAppraised(
      appraisers,
      groups,
      ([a]) => articles.texts[a]!,
      (appraiser, [a, own]) => {
        const name = articles.texts[a]!;
        const number = appraiser.articleRow(name);
        if (number === -1) return;
        const replaced = new Set(own.map(({ row }) => markets.texts[market[row]!]!));
        const standing = this.decidedOf(name, appraiser, replaced);
        const cells = [...standing.cells];
        const discounts = [...standing.discounts];
        const rowOfCell: number[] = standing.cells.map(() => -1);
        for (const each of own)
          weeks.forEach((week, w) => {
            const discount = each.discounts[w] ?? NaN;
            if (!each.isManual || Number.isNaN(discount)) return;
            const cell = appraiser.cell(name, markets.texts[market[each.row]!]!, list.weeks[week]!);
            if (cell === -1) return;
            cells.push(cell);
            discounts.push(discount);
            rowOfCell.push(each.row);
          });
        for (const { row } of own) costs.set(row, 0);
        appraiser.costs({ cells, discounts }).forEach((cost, k) => {
          const row = rowOfCell[k]!;
          if (row !== -1 && !Number.isNaN(cost)) costs.set(row, costs.get(row)! + cost);
        });
        effects.set(name, appraiser.effect(number, { cells, discounts }));
      },
    );
    return { cost: sumOf(resolved, costs), costs, effects };
  }

  async #limitsWith(instead: ReadonlyMap<string, Float64Array>): Promise<LimitNow[]> {
    const { summary } = this.#context;
    if (summary.limits.length === 0) return [];
    const appraisers = await this.#context.appraisers();
    if (appraisers === null) return limitRows(summary, null, null);
    if (!(await this.#settle(appraisers))) return appraisers.limitsNow(null);
    const sum = (this.#sum ?? new Float64Array(0)).slice();
    const size = Math.max(sum.length, ...[...instead.values()].map(({ length }) => length));
    const all = new Float64Array(size);
    all.set(sum);
    for (const [article, effect] of instead) {
      const old = this.#effects.get(article);
      effect.forEach((value, i) => (all[i]! += value - (old?.[i] ?? 0)));
    }
    return appraisers.limitsNow(all);
  }

  /**
   * Tells anew what decisions about some articles change of the limits.
   * @param appraisers that tell it
   * @returns whether it could be told of all of them
   */
  async #settle(appraisers: Appraisers): Promise<boolean> {
    while (this.#settling !== null) await this.#settling;
    if (this.#stale.size === 0) return true;
    let names = [...this.#stale];
    if (appraisers.whole === null) {
      const isFixed = new Set(this.#fixedArticles());
      // What is as planned changes nothing, and need not be read for that.
      for (const name of names) if (!isFixed.has(name)) this.#effects.delete(name);
      names = names.filter((name) => isFixed.has(name));
      if (names.length > MOST_READ) return false;
    }
    this.#stale = new Set();
    const failed = new Set(names);
    this.#settling = eachAppraised(
      appraisers,
      names,
      (name) => name,
      (appraiser, name) => {
        failed.delete(name);
        const number = appraiser.articleRow(name);
        if (number !== -1) this.#effects.set(name, appraiser.effect(number, this.decidedOf(name, appraiser)));
      },
    ).then(() => {
      const size = this.#effects.values().next().value?.length ?? 0;
      const sum = new Float64Array(size);
      for (const effect of this.#effects.values()) effect.forEach((value, k) => (sum[k]! += value));
      this.#sum = sum;
    });
    try {
      await this.#settling;
    } finally {
      this.#settling = null;
    }
    for (const name of failed) this.#stale.add(name);
    return failed.size === 0;
  }

  /** Articles that somebody has fixed a discount of. */
  #fixedArticles(): string[] {
    const rows = this.#journal.all(
      `SELECT DISTINCT s.article FROM row_states s
       JOIN decision_rows r ON r.decision = s.effective AND r.article = s.article AND r.market = s.market
       WHERE s.effective > 0 AND r.is_manual = 1`,
    );
    return rows.map((row) => String(row['article']));
  }

  // --- journal

  #insert(
    person: string,
    { action, reason, note }: Decision,
    resolved: readonly ResolvedRow[],
    weeks: readonly number[],
    costs: ReadonlyMap<number, number>,
    version: number,
  ): number {
    const { run, view } = this.#context;
    const { list, states } = view;
    const names = (row: number): Touched => ({
      article: list.articles.texts[list.article[row]!]!,
      market: list.markets.texts[list.market[row]!]!,
    });
    const first = names(resolved[0]!.row);
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
      const key = names(row);
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
      this.#put(
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
        this.#journal.run(
          'UPDATE decision_rows SET status = ? WHERE decision = ? AND article = ? AND market = ?',
          ...[BigInt(UNDONE), BigInt(states.waiting[row]!), key.article, key.market],
        );
      }
      if (action.kind === 'release') {
        if (held !== 0) withdrawn.push(n);
      } else if (action.kind !== 'priority' && !isWaiting) effective.push(n);
    });
    if (effective.length > 0) this.#tell(id, 'effective', effective, person);
    if (withdrawn.length > 0) this.#tell(id, 'withdrawn', withdrawn, person);
    for (const other of waited) this.#endWaiting(other, person);
    return id;
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

  #put(
    { article, market }: Touched,
    next: { readonly effective: number; readonly waiting: number; readonly priority: number },
    version: number,
    person: string,
  ): void {
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

  #tell(id: number, kind: 'effective' | 'withdrawn', rows: readonly number[], person: string): void {
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

  /** What is taken back gives way to what held before, where anything did. */
  #tellBack(id: number, back: readonly { readonly n: number; readonly to: number }[], person: string): void {
    // What held before may have been about fewer weeks: all are withdrawn first.
    const all = back.map(({ n }) => n);
    if (all.length > 0) this.#tell(id, 'withdrawn', all, person);
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
      this.#tell(to, 'effective', rows, person);
    }
  }

  /** The decision, or the last before it about the same row, that nobody has taken back; 0: none. */
  #standing(id: number, { article, market }: Touched): number {
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

  #isInShop({ article, market }: Touched): boolean {
    const { list, states } = this.#context.view;
    const row = rowOf(list, article, market);
    return row !== -1 && states.inShop[row] === 1;
  }

  #header(id: number): Found {
    const header = this.#journal.one('SELECT * FROM decisions WHERE id = ?', BigInt(id));
    if (header === undefined)
      throw new RefusedError('not-found', 'there is no such decision', { found: String(id) });
    return header;
  }

  #state({ article, market }: Touched): Found {
    return (
      this.#journal.one('SELECT * FROM row_states WHERE article = ? AND market = ?', article, market) ?? {
        ...{ effective: 0, waiting: 0, priority: 0, version: 0, person: null },
      }
    );
  }

  // --- what is held in memory

  #remember(
    person: string,
    action: Action,
    { id, version }: Decided,
    { resolved, weeks, costs }: { resolved: readonly ResolvedRow[]; weeks: readonly number[]; costs: Costs },
  ): void {
    const { view } = this.#context;
    const { states, list } = view;
    const by = this.#person(person);
    const others: Touched[] = [];
    for (const { row, first, isManual, need } of resolved) {
      // What does not simply take the place of all before is read as it stands.
      const isWhole = action.kind !== 'release' && action.kind !== 'priority' && need === 'own';
      if (!isWhole || !weeks.includes(firstWeekOf(list, row))) {
        others.push(this.#keyOfRow(row));
        continue;
      }
      states.version[row] = version;
      states.by[row] = by;
      [states.effective[row], states.waiting[row], states.chosen[row]] = [id, 0, first];
      [states.cost[row], states.elsewhere[row]] = [costs.get(row) ?? NaN, NaN];
      states.state[row] = STATES.indexOf(
        action.kind === 'exclude' ? 'excluded' : isManual ? 'overridden' : 'approved',
      );
      this.#stale.add(list.articles.texts[list.article[row]!]!);
    }
    this.#refresh(others);
  }

  /** Reads rows again that have changed in the journal. */
  #refresh(keys: readonly Touched[]): void {
    if (keys.length === 0) return;
    for (const key of keys) {
      const found = this.#journal.one(
        `${ROW_STATES} WHERE s.article = ? AND s.market = ?`,
        key.article,
        key.market,
      );
      if (found !== undefined) this.#take(found);
    }
    this.#context.view.changed();
    this.#context.onChange();
  }

  #load(): void {
    for (const found of this.#journal.each(ROW_STATES)) this.#take(found);
    this.#context.view.changed();
  }

  #take(found: Found): void {
    const { view } = this.#context;
    const { list, states } = view;
    const key = keyOf(found);
    const row = rowOf(list, key.article, key.market);
    if (row === -1) return;
    const first = formatWeek(list.weeks[firstWeekOf(list, row)]!);
    const at = (
      prefix: string,
    ): { readonly discount: number; readonly action: Action; readonly isManual: boolean } | null => {
      if (Number(found[prefix === 'e' ? 'effective' : 'waiting']) === 0) return null;
      const weeks = JSON.parse(String(found[`${prefix}_weeks`])) as string[];
      const week = weeks.indexOf(first);
      if (week === -1) return null;
      const discounts = unpackDiscounts(
        { discount: found[`${prefix}_discount`]!, discounts: found[`${prefix}_discounts`]! },
        weeks.length,
      );
      const discount = discounts[week]!;
      if (Number.isNaN(discount)) return null;
      return {
        discount,
        action: JSON.parse(String(found[`${prefix}_action`])) as Action,
        isManual: found[`${prefix}_manual`] === 1,
      };
    };
    states.version[row] = Number(found['version']);
    states.priority[row] = Number(found['priority']);
    states.effective[row] = Number(found['effective']);
    states.waiting[row] = Number(found['waiting']);
    // The desk has told the store otherwise since.
    if (states.effective[row] !== 0) states.elsewhere[row] = NaN;
    const elsewhere = states.elsewhere[row]!;
    // Who has fixed it elsewhere is known already.
    if (Number.isNaN(elsewhere) || states.waiting[row] !== 0)
      states.by[row] = found['person'] === null ? -1 : this.#person(String(found['person']));
    const holds = at('e');
    // An approval is of a discount: it lapses where another is recommended by now.
    const isLapsed = holds !== null && !holds.isManual && holds.discount !== list.recommended[row];
    const effective = isLapsed ? null : holds;
    const waiting = at('w');
    states.chosen[row] = waiting?.discount ?? effective?.discount ?? elsewhere;
    states.cost[row] = effective === null ? NaN : (numberOr(found['e_cost']) ?? NaN);
    states.state[row] = STATES.indexOf(
      states.inShop[row] === 1
        ? 'in-shop'
        : waiting !== null
          ? 'waiting'
          : effective === null
            ? Number.isNaN(elsewhere)
              ? 'proposed'
              : 'overridden'
            : effective.action.kind === 'exclude'
              ? 'excluded'
              : effective.isManual
                ? 'overridden'
                : 'approved',
    );
    this.#stale.add(key.article);
  }

  #person(name: string): number {
    const { people } = this.#context.view.states;
    const known = people.indexOf(name);
    return known === -1 ? people.push(name) - 1 : known;
  }

  #keyOfRow(row: number): Touched {
    const { list } = this.#context.view;
    return {
      article: list.articles.texts[list.article[row]!]!,
      market: list.markets.texts[list.market[row]!]!,
    };
  }

  #named(refused: readonly RefusedRow[]): Conflict[] {
    return refused.slice(0, MOST_NAMED).map(({ row, why, by }) => ({ ...this.#keyOfRow(row), why, by }));
  }
}

/** From memory all articles in turns; else each is read first. Those that cannot be read are passed over. */
async function eachAppraised<T>(
  appraisers: Appraisers,
  all: readonly T[],
  nameOf: (each: T) => string,
  work: (appraiser: Appraiser, each: T) => void,
): Promise<void> {
  const { whole } = appraisers;
  if (whole !== null) return inTurns(all.length, (i) => work(whole, all[i]!));
  for (const each of all) {
    const appraiser = await appraisers.of(nameOf(each));
    if (appraiser !== null) work(appraiser, each);
  }
}

interface Touched {
  readonly article: string;
  readonly market: string;
}

type Conflict = Decided['conflicts'][number];

type Costs = ReadonlyMap<number, number>;

/** Every row that anybody has decided about, with what holds and what waits. */
const ROW_STATES = `SELECT s.*,
  e.discount AS e_discount, e.discounts AS e_discounts, e.is_manual AS e_manual, e.cost AS e_cost, ed.weeks AS e_weeks, ed.action AS e_action,
  w.discount AS w_discount, w.discounts AS w_discounts, w.is_manual AS w_manual, wd.weeks AS w_weeks, wd.action AS w_action
  FROM row_states s
  LEFT JOIN decision_rows e ON s.effective > 0 AND e.decision = s.effective AND e.article = s.article AND e.market = s.market
  LEFT JOIN decisions ed ON ed.id = e.decision
  LEFT JOIN decision_rows w ON s.waiting > 0 AND w.decision = s.waiting AND w.article = s.article AND w.market = s.market
  LEFT JOIN decisions wd ON wd.id = w.decision`;

function isLatest(action: Action, id: number, row: Found, state: Found): boolean {
  if (action.kind === 'priority') return Number(state['priority']) === Number(action.on);
  if (action.kind === 'release') return Number(state['effective']) === 0 && Number(state['waiting']) === 0;
  return (
    Number(state[row['status'] === WAITS ? 'waiting' : 'effective']) === id &&
    (row['status'] === WAITS || Number(state['waiting']) === 0)
  );
}

function nextState(
  action: Action,
  row: Found,
  state: Found,
  previous: number,
): { readonly effective: number; readonly waiting: number; readonly priority: number } {
  const [effective, waiting, priority] = [
    Number(state['effective']),
    Number(state['waiting']),
    Number(state['priority']),
  ];
  if (action.kind === 'priority') return { effective, waiting, priority: previous };
  if (row['status'] === WAITS) return { effective, waiting: 0, priority };
  return { effective: previous, waiting, priority };
}

function entryOf(row: Found): AuditEntry {
  return {
    ...{ id: Number(row['id']), at: String(row['at']), by: String(row['person']) },
    ...{
      action: JSON.parse(String(row['action'])) as Action,
      rows: Number(row['row_count']),
      example: keyOf(row),
    },
    ...{
      reason: textOr(row['reason']),
      note: textOr(row['note']),
      state: String(row['state']) as AuditEntry['state'],
    },
    ...{ reviewedBy: textOr(row['reviewed_by']), run: String(row['run']), cost: numberOr(row['cost']) },
    conflict: textOr(row['conflict']),
  };
}

function keyOf(row: Found): Touched {
  return { article: String(row['article']), market: String(row['market']) };
}

function textOr(value: Found[string] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOr(value: Found[string] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Null where the cost of a row is not known. */
function sumOf(resolved: readonly ResolvedRow[], costs: ReadonlyMap<number, number>): number | null {
  let sum = 0;
  for (const { row } of resolved) {
    const cost = costs.get(row);
    if (cost === undefined) return null;
    sum += cost;
  }
  return sum;
}
