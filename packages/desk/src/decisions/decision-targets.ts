import { formatWeek, parseWeek } from '@hemline/core';
import type { Decision } from '../api/index.ts';
import { rowOf, type PriceList } from '../list/price-list.ts';
import type { BookContext } from './book-context.ts';
import type { Journal } from './journal.ts';
import { RefusedError } from './refused-error.ts';
import { resolveRows, type RefusedRow, type ResolvedRow } from './resolve-rows.ts';
import { keyOfRow, type Conflict } from './row-key.ts';

/** What a decision is about. */
export interface Targets {
  readonly resolved: readonly ResolvedRow[];
  readonly refused: readonly RefusedRow[];
  /** Positions in the weeks of the list. */
  readonly weeks: readonly number[];
  /** Rows that are not in the list. */
  readonly unknown: readonly Conflict[];
}

/**
 * Finds the rows and weeks that a decision is about, and what it would do to each.
 * @param journal of all decisions
 * @param context list, rules
 * @param decision of a person
 * @returns what it would do; rows that it can do nothing about, or that are not in the list
 * @throws RefusedError for weeks or bounds that cannot be, or where other rows match than were seen
 */
export function resolveTargets(journal: Journal, context: BookContext, decision: Decision): Targets {
  const { view, rules } = context;
  const { list, states } = view;
  const { action, targets } = decision;
  const weeks = weeksOf(view.list.weeks, decision.weeks);
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
  const before = (row: number): number => changeBefore(journal, context, row);
  return { ...resolveRows({ list, states, rules, before }, rows, action, weeks), weeks, unknown };
}

/**
 * How far the plan of a row is from what would be recommended if nobody had fixed its price: many small changes, each planned around
 * when the run is priced again, ask as many people as one large change does.
 */
function changeBefore(journal: Journal, context: BookContext, row: number): number {
  const { run, view } = context;
  const { list } = view;
  if (list.isFixed[row] === 0) return 0;
  const { article, market } = keyOfRow(list, row);
  const last = journal.one(
    `SELECT d.largest FROM decision_rows r JOIN decisions d ON d.id = r.decision
     WHERE r.article = ? AND r.market = ? AND r.is_manual = 1 AND r.status IN (0, 3) AND d.run <> ? ORDER BY r.decision DESC LIMIT 1`,
    ...[article, market, run],
  );
  if (last !== undefined) return Number(last['largest']);
  // Fixed by another program: nothing is known but the price of today.
  const change = Math.abs(list.recommended[row]! - list.today[row]!);
  return Number.isNaN(change) ? 0 : change;
}

function weeksOf(own: PriceList['weeks'], weeks: Decision['weeks']): number[] {
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

/**
 * @param context reasons that may be given, and rules
 * @param decision of a person
 * @param resolved what it would do
 * @throws RefusedError where the reason or the note is not enough
 */
export function checkReason(
  { rules, reasons }: Pick<BookContext, 'rules' | 'reasons'>,
  { action, reason, note = '' }: Decision,
  resolved: readonly ResolvedRow[],
): void {
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
