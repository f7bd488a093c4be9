import { expect, it } from 'vitest';
import { APPROVAL_DEFAULTS } from '../src/decisions/approval.ts';
import { resolveRows } from '../src/decisions/resolve-rows.ts';
import type { PriceList } from '../src/list/price-list.ts';
import { newRowStates } from '../src/list/row-states.ts';

/** Two rows, one week: 0.2 is recommended of both; the first has 0.05 today, of the second nobody knows. */
const list = {
  ...{ rows: 2, weeks: Int32Array.of(0), today: Float64Array.of(0.05, NaN) },
  ...{ levels: Uint8Array.of(0, 0), discounts: [0.2] },
} as unknown as PriceList;

function needs(
  action: Parameters<typeof resolveRows>[2],
  given: Partial<typeof APPROVAL_DEFAULTS> = {},
  moved = 0,
): readonly string[] {
  const rows = { row: Uint32Array.of(0, 1), seen: Int32Array.of(-1, -1) };
  const rules = { ...APPROVAL_DEFAULTS, ...given };
  const context = { list, states: newRowStates(2), rules, before: () => moved };
  return resolveRows(context, rows, action, [0]).resolved.map(({ need }) => need);
}

it("measures an approval from today's discount where the rules say so, and what nobody knows from the recommended one", () => {
  const approvalsFrom = 'today';
  expect(needs({ kind: 'approve' }, { approvalsFrom })).toEqual(['review', 'own']);
  expect(needs({ kind: 'approve' }, { approvalsFrom, review: 0.1 })).toEqual(['secondPerson', 'own']);
});

it('measures an overrule from the recommended discount', () => {
  expect(needs({ kind: 'overrule', discount: 0.05 })).toEqual(['review', 'review']);
  expect(needs({ kind: 'overrule', discount: 0.16 })).toEqual(['own', 'own']);
});

it('measures both as the rules say', () => {
  expect(needs({ kind: 'approve' })).toEqual(['own', 'own']);
  expect(needs({ kind: 'overrule', discount: 0.05 }, { overrulesFrom: 'today' })).toEqual(['own', 'review']);
});

it('counts what people have moved the plan by before, where it is measured from the plan', () => {
  expect(needs({ kind: 'overrule', discount: 0.16 }, {}, 0.05)).toEqual(['review', 'review']);
  expect(needs({ kind: 'overrule', discount: 0.06 }, { overrulesFrom: 'today' }, 0.05)).toEqual([
    ...['own', 'secondPerson'],
  ]);
  expect(needs({ kind: 'approve' }, { approvalsFrom: 'recommended' }, 0.05)).toEqual(['own', 'own']);
});

it('asks nobody where the price stays', () => {
  expect(needs({ kind: 'exclude' })).toEqual(['own']);
});
