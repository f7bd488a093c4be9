import { formatWeek } from '@hemline/core';
import type { Action, Decided } from '../api/index.ts';
import { STATES } from '../api/index.ts';
import { firstWeekOf, rowOf } from '../list/price-list.ts';
import type { BookContext } from './book-context.ts';
import type { Costs, DecisionEffects } from './decision-effects.ts';
import { numberOr } from './found-values.ts';
import type { Found, Journal } from './journal.ts';
import { unpackDiscounts } from './packed-discounts.ts';
import type { ResolvedRow } from './resolve-rows.ts';
import { keyOf, keyOfRow, type RowKey } from './row-key.ts';

const [PROPOSED, OVERRIDDEN, IN_SHOP] = ['proposed', 'overridden', 'in-shop'].map((state) =>
  STATES.indexOf(state as (typeof STATES)[number]),
) as [number, number, number];

/** Every row that anybody has decided about, with what holds and what waits. */
const ROW_STATES = `SELECT s.*,
  e.discount AS e_discount, e.discounts AS e_discounts, e.is_manual AS e_manual, e.cost AS e_cost, ed.weeks AS e_weeks, ed.action AS e_action,
  w.discount AS w_discount, w.discounts AS w_discounts, w.is_manual AS w_manual, wd.weeks AS w_weeks, wd.action AS w_action
  FROM row_states s
  LEFT JOIN decision_rows e ON s.effective > 0 AND e.decision = s.effective AND e.article = s.article AND e.market = s.market
  LEFT JOIN decisions ed ON ed.id = e.decision
  LEFT JOIN decision_rows w ON s.waiting > 0 AND w.decision = s.waiting AND w.article = s.article AND w.market = s.market
  LEFT JOIN decisions wd ON wd.id = w.decision`;

/** Replays the journal into the states of rows that people see. */
export class RowReplay {
  readonly #journal: Journal;
  readonly #context: BookContext;
  readonly #effects: DecisionEffects;

  /**
   * @param journal of all decisions
   * @param context list, rules
   * @param effects told which articles have changed
   */
  constructor(journal: Journal, context: BookContext, effects: DecisionEffects) {
    this.#journal = journal;
    this.#context = context;
    this.#effects = effects;
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
    this.load();
  }

  /**
   * Follows a decision that was just written, without reading again what is known of it.
   * @param person who decided
   * @param action of the person
   * @param answer number and version of the decision
   * @param about its rows, weeks and costs
   */
  remember(
    person: string,
    action: Action,
    { id, version }: Decided,
    { resolved, weeks, costs }: { resolved: readonly ResolvedRow[]; weeks: readonly number[]; costs: Costs },
  ): void {
    const { view } = this.#context;
    const { states, list } = view;
    const by = this.#person(person);
    const others: RowKey[] = [];
    for (const { row, first, isManual, need } of resolved) {
      // What does not simply take the place of all before is read as it stands.
      const isWhole = action.kind !== 'release' && action.kind !== 'priority' && need === 'own';
      if (!isWhole || !weeks.includes(firstWeekOf(list, row))) {
        others.push(keyOfRow(list, row));
        continue;
      }
      states.version[row] = version;
      states.by[row] = by;
      [states.effective[row], states.waiting[row], states.chosen[row]] = [id, 0, first];
      [states.cost[row], states.elsewhere[row]] = [costs.get(row) ?? NaN, NaN];
      states.state[row] = STATES.indexOf(
        action.kind === 'exclude' ? 'excluded' : isManual ? 'overridden' : 'approved',
      );
      this.#effects.changed(list.articles.texts[list.article[row]!]!);
    }
    this.refresh(others);
  }

  /**
   * Reads rows again that have changed in the journal.
   * @param keys of them
   */
  refresh(keys: readonly RowKey[]): void {
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

  /** Reads every row that anybody has decided about. */
  load(): void {
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
    this.#effects.changed(key.article);
  }

  #person(name: string): number {
    const { people } = this.#context.view.states;
    const known = people.indexOf(name);
    return known === -1 ? people.push(name) - 1 : known;
  }
}
