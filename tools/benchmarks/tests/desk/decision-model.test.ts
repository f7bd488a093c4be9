import { expect, it } from 'vitest';
import { heldRows, type Confirmed } from '../../src/desk/decision-model.ts';

const decide = (id: number, version: number, discount: number, waits = false): Confirmed => ({
  ...{ kind: 'decide', id, version, waits, isManual: true },
  ...{ rows: ['A DE'], discounts: [discount] },
});

it('goes through what was confirmed in the order of the versions, whatever the order of the answers', () => {
  expect(heldRows([decide(2, 20, 0.3), decide(1, 10, 0.1)])).toEqual(
    new Map([['A DE', { id: 2, discount: 0.3, isManual: true }]]),
  );
});

it('gives back what held before a decision that was taken back, where it is the last', () => {
  const two = [decide(1, 10, 0.1), decide(2, 20, 0.3)];
  expect(heldRows([...two, { kind: 'undo', id: 2, version: 30 }]).get('A DE')?.id).toBe(1);
  expect(heldRows([...two, { kind: 'undo', id: 1, version: 30 }]).get('A DE')?.id).toBe(2);
  expect(heldRows([decide(1, 10, 0.1), { kind: 'undo', id: 1, version: 30 }]).size).toBe(0);
});

it('never brings back what was taken back before', () => {
  const three = [decide(1, 10, 0.1), decide(2, 20, 0.2), decide(3, 30, 0.3)];
  const undo = (id: number, version: number): Confirmed => ({ kind: 'undo', id, version });
  expect(heldRows([...three, undo(2, 40), undo(3, 50)]).get('A DE')?.id).toBe(1);
  expect(heldRows([...three, undo(1, 40), undo(2, 50), undo(3, 60)]).size).toBe(0);
});

it('lets what waits hold when another person has agreed, and not where somebody has decided since', () => {
  const [held, waits] = [decide(1, 10, 0.1), decide(2, 20, 0.4, true)];
  expect(heldRows([held, waits]).get('A DE')?.id).toBe(1);
  const review = (accept: boolean): Confirmed => ({ kind: 'review', id: 2, version: 40, accept });
  expect(heldRows([held, waits, review(true)]).get('A DE')?.id).toBe(2);
  expect(heldRows([held, waits, review(false)]).get('A DE')?.id).toBe(1);
  expect(heldRows([held, waits, decide(3, 30, 0.2), review(true)]).get('A DE')?.id).toBe(3);
});
