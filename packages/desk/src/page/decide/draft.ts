import type { Action, ApprovalRules, Decision, Targets } from '../../api/index.ts';
import { readPercent } from '../data/format.ts';

/** What somebody has filled in so far. */
export interface Draft {
  readonly kind: Action['kind'];
  readonly discount: string;
  readonly from: string;
  readonly to: string;
  readonly weeks: 'first' | 'all' | 'some';
  readonly chosenWeeks: readonly string[];
  readonly reason: string;
  readonly note: string;
  readonly isPriority: boolean;
}

/** Why a draft is no decision yet. */
export type Missing = 'discount' | 'bounds' | 'weeks' | 'reason' | 'note';

/** Kinds of decision that go against the plan: a reason is wanted. */
const AGAINST_PLAN: readonly Action['kind'][] = ['overrule', 'bounds', 'exclude'];

/**
 * @param draft as it is filled in
 * @returns what is to be done, or null where it cannot be said yet
 */
export function actionOf(draft: Draft): Action | null {
  switch (draft.kind) {
    case 'overrule': {
      const discount = readPercent(draft.discount);
      return discount === null ? null : { kind: 'overrule', discount };
    }
    case 'bounds': {
      const [from, to] = [readPercent(draft.from), readPercent(draft.to)];
      return from === null || to === null || from > to ? null : { kind: 'bounds', from, to };
    }
    case 'priority':
      return { kind: 'priority', on: draft.isPriority };
    default:
      return { kind: draft.kind };
  }
}

/**
 * @param draft as it is filled in
 * @param needsSecond whether a row needs another person by the preview
 * @param rules of approval
 * @returns what is missing, in the order of the form
 */
export function missingOf(
  draft: Draft,
  needsSecond: boolean,
  rules: Pick<ApprovalRules, 'reasonCharacters'>,
): readonly Missing[] {
  const missing: Missing[] = [];
  if (actionOf(draft) === null) missing.push(draft.kind === 'bounds' ? 'bounds' : 'discount');
  if (draft.weeks === 'some' && draft.chosenWeeks.length === 0) missing.push('weeks');
  if (wantsReason(draft.kind) && draft.reason === '') missing.push('reason');
  // An approval of a large change wants one as well.
  if (needsSecond && draft.note.trim().length < rules.reasonCharacters) missing.push('note');
  return missing;
}

/**
 * @param kind of decision
 * @returns whether a reason of the list is required
 */
export function wantsReason(kind: Action['kind']): boolean {
  return AGAINST_PLAN.includes(kind);
}

/**
 * @param draft as it is filled in
 * @param targets what it is about
 * @param key tells it from all other decisions
 * @returns the decision, or null where the draft says none
 */
export function decisionOf(draft: Draft, targets: Targets, key: string): Decision | null {
  const action = actionOf(draft);
  if (action === null || (draft.weeks === 'some' && draft.chosenWeeks.length === 0)) return null;
  const note = draft.note.trim();
  return {
    targets,
    weeks: draft.weeks === 'some' ? [...draft.chosenWeeks] : draft.weeks,
    action,
    key,
    ...(wantsReason(draft.kind) && draft.reason !== '' ? { reason: draft.reason } : {}),
    ...(note === '' ? {} : { note }),
  };
}
