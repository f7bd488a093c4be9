import type { Action, ApprovalRules } from '../api/index.ts';
import { plannedAt, type PriceList } from '../list/price-list.ts';
import type { RowStates } from '../list/row-states.ts';
import { needOf, type Need } from './approval.ts';

/** Why nothing is decided about a row that the shop has a price of. */
export const SHOP_IS_NEWER = 'the shop has a price that is newer than the proposal';

/** What decisions are resolved by. */
export interface ResolveContext {
  readonly list: PriceList;
  readonly states: RowStates;
  readonly rules: ApprovalRules;
  /** How far the plan of a row is from what would be recommended, had nobody fixed its price. */
  readonly before: (row: number) => number;
}

/** What an action would do to a row. */
export interface ResolvedRow {
  readonly row: number;
  /** Of each week that is decided; NaN where the article is not on sale. Empty where no price is. */
  readonly discounts: Float64Array;
  /** Of the first of these weeks on sale; NaN where no price is decided. */
  readonly first: number;
  /** Whether it is a price of a person, and not the one that is proposed. */
  readonly isManual: boolean;
  /** By how much it differs from what the rules of approval measure it from, most of all its weeks. */
  readonly change: number;
  readonly need: Need;
}

/** A row that the action can do nothing about. */
export interface RefusedRow {
  readonly row: number;
  readonly why: string;
  readonly by: string | null;
}

/**
 * What an action would do to rows.
 * @param context list, states, rules
 * @param rows that are meant, with the version that was seen; −1: none was told
 * @param action of a person
 * @param weeks positions that are meant
 * @returns rows that it would do something about, and those that it cannot
 */
export function resolveRows(
  context: ResolveContext,
  rows: { readonly row: Uint32Array; readonly seen: Int32Array },
  action: Action,
  weeks: readonly number[],
): { readonly resolved: readonly ResolvedRow[]; readonly refused: readonly RefusedRow[] } {
  const { list, states } = context;
  const resolved: ResolvedRow[] = [];
  const refused: RefusedRow[] = [];
  rows.row.forEach((row, i) => {
    const why = refusalOf(list, states, row, rows.seen[i]!, action, weeks);
    if (why !== null) refused.push({ row, why, by: states.people[states.by[row]!] ?? null });
    else resolved.push(resolve(context, row, action, weeks));
  });
  return { resolved, refused };
}

function refusalOf(
  list: PriceList,
  states: RowStates,
  row: number,
  seen: number,
  action: Action,
  weeks: readonly number[],
): string | null {
  if (seen !== -1 && seen !== states.version[row]) return 'somebody has decided since you saw it';
  if (action.kind === 'priority') return null;
  if (action.kind === 'release')
    return states.effective[row] === 0 && states.waiting[row] === 0 ? 'nothing was decided about it' : null;
  if (states.inShop[row] === 1) return SHOP_IS_NEWER;
  if (weeks.every((week) => Number.isNaN(plannedAt(list, row, week)))) return 'not on sale in these weeks';
  if (action.kind === 'exclude' && Number.isNaN(list.today[row]!)) return "today's discount is not known";
  return null;
}

const NOTHING = new Float64Array(0);

function resolve(
  { list, rules, before }: ResolveContext,
  row: number,
  action: Action,
  weeks: readonly number[],
): ResolvedRow {
  if (action.kind === 'priority' || action.kind === 'release')
    return { row, discounts: NOTHING, first: NaN, isManual: false, change: 0, need: 'own' };
  const planned = Float64Array.from(weeks, (week) => plannedAt(list, row, week));
  const discounts = planned.map((discount) =>
    Number.isNaN(discount) ? NaN : chosen(list, row, action, discount),
  );
  const isOther = discounts.some((discount, i) => Math.abs(discount - planned[i]!) > 0);
  const today = list.today[row]!;
  const from = action.kind === 'approve' ? rules.approvalsFrom : rules.overrulesFrom;
  // A price that nobody knows is nothing to measure from.
  const isFromToday = from === 'today' && !Number.isNaN(today);
  let change = 0;
  for (let i = 0; i < discounts.length; i++) {
    const apart = Math.abs(discounts[i]! - (isFromToday ? today : planned[i]!));
    if (apart > change) change = apart;
  }
  // What is planned may be what a person has fixed before.
  if (!isFromToday && (action.kind === 'overrule' || action.kind === 'bounds')) change += before(row);
  return {
    ...{ row, discounts, first: discounts.find((discount) => !Number.isNaN(discount)) ?? NaN },
    isManual: action.kind === 'overrule' || action.kind === 'exclude' || isOther,
    change,
    // Who leaves the price in the shop as it is asks nobody.
    need: action.kind === 'exclude' ? 'own' : needOf(change, rules),
  };
}

function chosen(
  list: PriceList,
  row: number,
  action: Exclude<Action, { kind: 'priority' | 'release' }>,
  planned: number,
): number {
  switch (action.kind) {
    case 'approve':
      return planned;
    case 'overrule':
      return action.discount;
    case 'bounds':
      return Math.min(action.to, Math.max(action.from, planned));
    case 'exclude':
      return list.today[row]!;
  }
}
