import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatWeek } from '@hemline/core';
import type { PricingSummary } from '@hemline/pricing/job';
import type { Action, Decided, Row } from '../src/api/index.ts';
import { APPROVAL_DEFAULTS, REASON_DEFAULTS } from '../src/decisions/approval.ts';
import { DecisionBook } from '../src/decisions/decision-book.ts';
import { Journal } from '../src/decisions/journal.ts';
import { hasUntold, nextBatch } from '../src/decisions/outbox.ts';
import { ListView } from '../src/list/list-view.ts';
import type { PriceList } from '../src/list/price-list.ts';
import { newRowStates } from '../src/list/row-states.ts';
import { smallList, WEEKS } from './small-list.ts';

let folder: string;
let journal: Journal;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-book-'));
  journal = new Journal(join(folder, 'journal.sqlite'));
});
afterEach(async () => {
  journal.close();
  await rm(folder, { recursive: true, force: true });
});

/** A book about a list, with the shorthand of these tests: articles by name, all in DE. */
function bookOf(list: PriceList, run = 'price-1', isOpen = (): boolean => true) {
  const view = new ListView(list, newRowStates(list.rows));
  const book = new DecisionBook(journal, {
    ...{ run, view, rules: APPROVAL_DEFAULTS, reasons: REASON_DEFAULTS },
    summary: { limits: [] } as unknown as PricingSummary,
    ...{ appraisers: () => Promise.resolve(null), seen: () => 0, onChange: () => undefined, isOpen },
  });
  const decide = (
    person: string,
    article: string,
    action: Action,
    weeks: 'first' | 'all' | string[] = 'first',
  ): Promise<Decided> =>
    book.decide(person, {
      ...{ targets: { rows: [{ article, market: 'DE' }] }, weeks, action, key: randomUUID() },
      ...(action.kind === 'approve' || action.kind === 'release' ? {} : { reason: 'brand' }),
      note: 'so much is to be said of it that nobody will ask for fifty characters more',
    });
  const rows = (): Row[] =>
    view.answer({
      ...{ filter: {}, sort: { by: 'article', descending: false }, offset: 0, count: 500 },
    }).rows;
  return {
    ...{ book, view, decide, rows },
    row: (article: string): Row => rows().find((each) => each.article === article)!,
    undo: (person: string, id: number): Decided => book.undo(person, false, { id, key: randomUUID() }),
    review: (person: string, id: number, accept = true): Decided =>
      book.review(person, { id, accept, key: randomUUID() }),
  };
}

/** What a store that believes everything holds after all that it is told: discounts by article and week. */
function told(): Record<string, number> {
  const held = new Map<string, number>();
  for (let batch = nextBatch(journal); batch !== null; batch = nextBatch(journal)) {
    const { article, week, event, discount } = batch.events;
    event.forEach((kind, i) => {
      const cell = `${article[i]} ${formatWeek(week[i]!)}`;
      if (kind === 'withdrawn') held.delete(cell);
      else held.set(cell, discount[i]!);
    });
    journal.run('UPDATE batches SET is_done = 1 WHERE id = ?', BigInt(batch.id));
  }
  return Object.fromEntries(held);
}

const overrule = (discount: number): Action => ({ kind: 'overrule', discount });
const [FIRST, SECOND] = WEEKS;

describe('taking decisions back', () => {
  it('withdraws the weeks that the earlier decision says nothing about', async () => {
    const { decide, undo, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    await decide('ann', 'A', overrule(0.22));
    const { id } = await decide('ann', 'A', overrule(0.24), 'all');
    undo('ann', id);
    expect(row('A')).toMatchObject({ state: 'overridden', chosen: 0.22 });
    expect(hasUntold(journal)).toBe(true);
    expect(told()).toEqual({ [`A ${FIRST}`]: 0.22 });
    expect(hasUntold(journal)).toBe(false);
  });

  it('never brings back what was taken back before', async () => {
    const { decide, undo, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    const first = await decide('ann', 'A', overrule(0.22));
    const second = await decide('ben', 'A', overrule(0.24));
    expect(undo('ann', first.id)).toMatchObject({ applied: 0, conflicts: [{ by: 'ben' }] });
    undo('ben', second.id);
    expect(row('A')).toMatchObject({ state: 'proposed', chosen: null });
    expect(told()).toEqual({});
  });

  it('lets no more wait for review what somebody has decided otherwise', async () => {
    const { book, decide, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    await decide('ann', 'A', overrule(0.3));
    expect(book.waiting('ben').waiting).toHaveLength(1);
    await decide('cat', 'A', { kind: 'approve' });
    expect(row('A')).toMatchObject({ state: 'approved' });
    expect(book.waiting('ben').waiting).toEqual([]);
    expect(book.audit({ offset: 0, count: 2 }).entries[1]).toMatchObject({
      ...{ state: 'undone', reviewedBy: 'cat' },
    });
  });
});

describe('who has to agree', () => {
  it('counts from what was recommended before people fixed it, in however many steps', async () => {
    const first = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    expect(await first.decide('ann', 'A', overrule(0.25))).toMatchObject({ applied: 1, waiting: 0 });
    // Priced again, what ann has fixed is the plan.
    const second = bookOf(smallList({ A: [0.25, 0.2, 0.2] }, ['A']), 'price-2');
    expect(await second.decide('ann', 'A', overrule(0.3))).toMatchObject({ applied: 0, waiting: 1 });
    expect(await second.decide('ann', 'A', overrule(0.25))).toMatchObject({ applied: 1, waiting: 0 });
  });

  it('accepts no decision about a row that the shop has a newer price of', async () => {
    const { book, decide, review, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    const { id } = await decide('ann', 'A', overrule(0.3));
    book.inStore([0]);
    expect(review('ben', id)).toMatchObject({ applied: 0, conflicts: [{ article: 'A' }] });
    expect(row('A').state).toBe('in-shop');
    expect(told()).toEqual({});
  });
});

describe('what the list shows', () => {
  it('is the same after a start', async () => {
    const list = smallList({ A: [0.2, 0.2, 0.2], B: [0.2, 0.2, 0.2], C: [null, 0.1, 0.1], D: [0, 0, 0] });
    const { decide, rows } = bookOf(list);
    await decide('ann', 'A', overrule(0.22));
    await decide('ann', 'A', overrule(0.24), [SECOND]);
    await decide('ann', 'B', overrule(0.4), [SECOND]);
    await decide('ann', 'C', overrule(0.12), 'all');
    await decide('ann', 'D', overrule(0.02));
    await decide('ann', 'D', overrule(0.4));
    const before = rows();
    expect(before[2]).toMatchObject({ article: 'C', state: 'overridden', chosen: 0.12 });
    expect(bookOf(list).rows()).toEqual(before);
  });

  it('has rows in the shop about which nobody has decided', () => {
    const { book, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2], B: [0.2, 0.2, 0.2] }));
    book.inStore([1]);
    expect([row('A').state, row('B').state]).toEqual(['proposed', 'in-shop']);
    book.inStore([]);
    expect(row('B').state).toBe('proposed');
  });
});

it('shows what others have fixed without the desk, until the desk decides otherwise', async () => {
  const { book, decide, undo, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2], B: [0.2, 0.2, 0.2] }));
  book.inStore([], [{ row: 0, discount: 0.4, by: 'bob' }]);
  expect(row('A')).toMatchObject({ state: 'overridden', chosen: 0.4, by: 'bob' });
  await decide('ann', 'A', { kind: 'priority', on: true });
  expect(row('A')).toMatchObject({ state: 'overridden', chosen: 0.4, by: 'bob', priority: true });
  const { id } = await decide('ann', 'A', { kind: 'approve' });
  expect(row('A')).toMatchObject({ state: 'approved', chosen: 0.2 });
  undo('ann', id);
  expect(row('A')).toMatchObject({ state: 'proposed', chosen: null });
  book.inStore([], [{ row: 1, discount: 0.1, by: '' }]);
  book.inStore([], []);
  expect(row('B')).toMatchObject({ state: 'proposed', chosen: null, by: null });
});

it('adds up what holds, and not what waits for another person', async () => {
  const { view, decide, review } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
  const rate = (): number =>
    view.answer({ filter: {}, sort: { by: 'article', descending: false }, offset: 0, count: 0 }).totals
      .discountRate;
  const { id } = await decide('ann', 'A', overrule(0.32));
  expect(rate()).toBeCloseTo(0.2, 9);
  review('ben', id);
  expect(rate()).toBeCloseTo(0.24, 9);
});

it('tells the store no reason that a spreadsheet would take for a formula', async () => {
  const { book } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
  await book.decide('ann', {
    ...{ targets: { rows: [{ article: 'A', market: 'DE' }] }, weeks: 'first', action: { kind: 'approve' } },
    ...{ note: '=HYPERLINK("http://example.com")', key: randomUUID() },
  });
  expect(nextBatch(journal)!.events.reason).toEqual(['note: =HYPERLINK("http://example.com")']);
});

describe('what the store refuses', () => {
  it('gives way to what it holds instead', async () => {
    const { book, decide, row } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }));
    await decide('ann', 'A', overrule(0.22));
    const { id } = await decide('ann', 'A', overrule(0.24));
    book.refused([{ decision: id, article: 'A', market: 'DE' }]);
    expect(row('A')).toMatchObject({ state: 'overridden', chosen: 0.22 });
  });
});

it('takes no decision about a list that another has taken the place of meanwhile', async () => {
  let isOpen = true;
  const { decide } = bookOf(smallList({ A: [0.2, 0.2, 0.2] }), 'price-1', () => isOpen);
  const deciding = decide('ann', 'A', { kind: 'approve' });
  isOpen = false;
  await expect(deciding).rejects.toThrow(/priced again/);
  expect(told()).toEqual({});
});
