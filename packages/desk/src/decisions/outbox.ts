import { createHash } from 'node:crypto';
import { parseWeek } from '@hemline/core';
import type { Action } from '../api/index.ts';
import type { Found, Journal } from './journal.ts';
import { unpackDiscounts } from './packed-discounts.ts';

/** Rows of decisions that are told to the store at a time, about: nobody is answered while they are read. */
export const BATCH_ROWS = 20_000;

/** Events for the store of decisions, as columns. */
export interface OutboxEvents {
  readonly article: string[];
  readonly market: string[];
  /** Days since 1970-01-01. */
  readonly week: number[];
  readonly event: ('approved' | 'overridden' | 'withdrawn')[];
  readonly discount: number[];
  /** Milliseconds since 1970. */
  readonly at: number[];
  readonly by: string[];
  readonly reason: (string | null)[];
  readonly cost: number[];
  /** Last segment of the store that the desk knew when it was decided. */
  readonly seen: number[];
  /** Decision and its row, which conflicts go back to. */
  readonly decision: number[];
  readonly n: number[];
}

/** Changes that are told together: always the same under the same number. */
export interface OutboxBatch {
  readonly id: number;
  readonly digest: string;
  readonly events: OutboxEvents;
}

/**
 * The next changes that the store has not been told of. Which they are is on disk before they are told: after a kill the same are
 * told again, under the same digest, and the store knows them.
 * @param journal of all decisions
 * @returns the batch; null where there is none
 */
export function nextBatch(journal: Journal): OutboxBatch | null {
  const open = journal.one('SELECT * FROM batches WHERE is_done = 0 ORDER BY id LIMIT 1') ?? claim(journal);
  if (open === undefined) return null;
  const [first, last] = [Number(open['first']), Number(open['last'])];
  return { id: Number(open['id']), digest: String(open['digest']), events: eventsOf(journal, first, last) };
}

/**
 * @param journal of all decisions
 * @returns whether there is anything that the store has not been told of
 */
export function hasUntold(journal: Journal): boolean {
  const { untold } = journal.one(
    'SELECT (SELECT coalesce(max(seq), 0) FROM outbox) > (SELECT coalesce(max(last), 0) FROM batches WHERE is_done = 1) AS untold',
  )!;
  return untold === 1;
}

function claim(journal: Journal): Found | undefined {
  return journal.write(() => {
    const after = Number(journal.one('SELECT coalesce(max(last), 0) AS last FROM batches')!['last']);
    let [last, rows] = [after, 0];
    for (const entry of journal.each(
      'SELECT seq, length(rows) / 4 AS count FROM outbox WHERE seq > ? ORDER BY seq',
      BigInt(after),
    )) {
      last = Number(entry['seq']);
      rows += Number(entry['count']);
      if (rows >= BATCH_ROWS) break;
    }
    if (last === after) return undefined;
    const digest = createHash('sha256')
      .update(JSON.stringify([journal.id, after + 1, last]))
      .digest('hex');
    journal.run(
      'INSERT INTO batches (first, last, digest, is_done) VALUES (?, ?, ?, 0)',
      ...[BigInt(after + 1), BigInt(last), digest],
    );
    return journal.one('SELECT * FROM batches WHERE is_done = 0 ORDER BY id LIMIT 1');
  });
}

function eventsOf(journal: Journal, first: number, last: number): OutboxEvents {
  const events: OutboxEvents = {
    ...{ article: [], market: [], week: [], event: [], discount: [], at: [], by: [], reason: [] },
    ...{ cost: [], seen: [], decision: [], n: [] },
  };
  const headers = new Map<number, Header>();
  const headerOf = (id: number): Header => {
    let header = headers.get(id);
    if (header === undefined) headers.set(id, (header = readHeader(journal, id)));
    return header;
  };
  for (const entry of journal.all(
    'SELECT * FROM outbox WHERE seq BETWEEN ? AND ? ORDER BY seq',
    BigInt(first),
    BigInt(last),
  )) {
    const id = Number(entry['decision']);
    const own = new Int32Array((entry['rows'] as Uint8Array).slice().buffer);
    const wanted = new Set(own);
    const [from, to] = [own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))];
    for (const row of journal.each(
      'SELECT * FROM decision_rows WHERE decision = ? AND n BETWEEN ? AND ? ORDER BY n',
      ...[BigInt(id), BigInt(from), BigInt(to)],
    )) {
      if (!wanted.has(Number(row['n']))) continue;
      if (entry['kind'] === 'effective') addEffective(events, entry, row, headerOf(id), headerOf);
      else addWithdrawn(events, entry, row, headerOf(id), headerOf);
    }
  }
  return events;
}

interface Header {
  readonly weeks: readonly number[];
  readonly reason: string | null;
  readonly action: Action;
}

function readHeader(journal: Journal, id: number): Header {
  const found = journal.one('SELECT weeks, reason, note, action FROM decisions WHERE id = ?', BigInt(id))!;
  const action = JSON.parse(String(found['action'])) as Action;
  const words = [
    ...(action.kind === 'exclude' ? ['excluded'] : []),
    ...[found['reason'], found['note']].filter((text) => text !== null && text !== '').map(String),
  ];
  // A spreadsheet that opens the exported prices takes what somebody has written for a formula, where it stands first.
  if (words[0] !== undefined && /^[=+\-@\t\r]/.test(words[0])) words.unshift('note');
  return {
    weeks: (JSON.parse(String(found['weeks'])) as string[]).map(parseWeek),
    reason: words.length === 0 ? null : words.join(': '),
    action,
  };
}

/** A decision takes the place of the one before: weeks of that which it says nothing about are withdrawn. */
function addEffective(
  events: OutboxEvents,
  entry: Found,
  row: Found,
  header: Header,
  headerOf: (id: number) => Header,
): void {
  const discounts = unpackDiscounts(row, header.weeks.length);
  const previous = Number(row['previous']);
  if (previous > 0)
    for (const week of headerOf(previous).weeks)
      if (!header.weeks.includes(week))
        push(events, entry, row, { week, event: 'withdrawn', discount: 0, reason: null, cost: NaN });
  const event = row['is_manual'] === 1 ? 'overridden' : 'approved';
  const cost = row['cost'] === null ? NaN : Number(row['cost']);
  let isFirst = true;
  header.weeks.forEach((week, i) => {
    const discount = discounts[i]!;
    if (Number.isNaN(discount)) return;
    // What it costs is of all its weeks: it is told once.
    push(events, entry, row, {
      week,
      event,
      discount,
      reason: header.reason,
      cost: event === 'overridden' && isFirst ? cost : NaN,
    });
    isFirst = false;
  });
}

/** Of a release, what it has released; else the decision itself. */
function addWithdrawn(
  events: OutboxEvents,
  entry: Found,
  row: Found,
  header: Header,
  headerOf: (id: number) => Header,
): void {
  const { weeks } = header.action.kind === 'release' ? headerOf(Number(row['previous'])) : header;
  for (const week of weeks)
    push(events, entry, row, { week, event: 'withdrawn', discount: 0, reason: header.reason, cost: NaN });
}

function push(
  events: OutboxEvents,
  entry: Found,
  row: Found,
  told: {
    readonly week: number;
    readonly event: OutboxEvents['event'][number];
    readonly discount: number;
    readonly reason: string | null;
    readonly cost: number;
  },
): void {
  events.article.push(String(row['article']));
  events.market.push(String(row['market']));
  events.week.push(told.week);
  events.event.push(told.event);
  events.discount.push(told.discount);
  events.at.push(Date.parse(String(entry['at'])));
  events.by.push(String(entry['person']));
  events.reason.push(told.reason);
  events.cost.push(told.cost);
  events.seen.push(Number(entry['seen']));
  events.decision.push(Number(row['decision']));
  events.n.push(Number(row['n']));
}
