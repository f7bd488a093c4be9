import type { ApprovalRules } from '../api/index.ts';

/** Rules where no file says others: shares of the list price. */
export const APPROVAL_DEFAULTS: ApprovalRules = {
  ...{ own: 0.05, review: 0.15, reasonCharacters: 50 },
  ...{ overrulesFrom: 'recommended', approvalsFrom: 'recommended' },
};

/** Reasons where no file says others. */
export const REASON_DEFAULTS: readonly string[] = [
  'campaign',
  'competitor',
  'press or TV',
  'quality',
  'stock is wrong',
  'forecast is wrong',
  'brand',
  'supplier',
  'other',
];

/** Who has to agree to a change. */
export type Need = 'own' | 'review' | 'secondPerson';

/** Differences of discounts are off by the last bits. */
const NEAR = 1e-9;

/**
 * @param change by how much the discount differs from what it is measured from, most of all its weeks
 * @param rules of approval
 * @returns who has to agree
 */
export function needOf(change: number, rules: ApprovalRules): Need {
  if (change <= rules.own + NEAR) return 'own';
  return change <= rules.review + NEAR ? 'review' : 'secondPerson';
}
