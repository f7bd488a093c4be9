import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ArticleAnswer,
  AuditAnswer,
  Decided,
  Imported,
  LimitsAnswer,
  Preview,
  Row,
  RowsAnswer,
  Session,
  SolveState,
  WaitingAnswer,
} from '../src/api/index.ts';
import { serveDesk, type ServedDesk } from '../src/server/serve-desk.ts';
import { DeskClient } from './desk-client.ts';
import { CURRENCIES, HEMLINE, hemline, LOCALES, pricedMarket, type PricedMarket } from './priced-market.ts';

const TOKENS = {
  ann: 'ann-0123456789-0123456789',
  ben: 'ben-0123456789-0123456789',
  cat: 'cat-0123456789-0123456789',
};
const NOTE = 'the competitor has gone down by half, and the press has told everybody';

let market: PricedMarket;
let served: ServedDesk;
let ann: DeskClient;
let ben: DeskClient;

const rowsOf = (client: DeskClient, query: object = {}): Promise<RowsAnswer> =>
  client.get('/api/rows', {
    filter: {},
    sort: { by: 'article', descending: false },
    offset: 0,
    count: 500,
    ...query,
  });
const open = (): Promise<ServedDesk> =>
  serveDesk({
    home: market.home,
    auth: join(market.folder, 'auth.json'),
    hemline: { program: process.execPath, args: [HEMLINE] },
  });
const target = ({ article, market: name, version }: Row) => ({ rows: [{ article, market: name, version }] });

beforeAll(async () => {
  market = await pricedMarket();
  const people = [
    { person: 'ann', role: 'decide', token: TOKENS.ann },
    { person: 'ben', role: 'approve', token: TOKENS.ben },
    { person: 'cat', role: 'read', token: TOKENS.cat },
  ];
  await writeFile(join(market.folder, 'auth.json'), JSON.stringify({ people }));
  served = await open();
  ann = await DeskClient.enter(served.port, TOKENS.ann);
  ben = await DeskClient.enter(served.port, TOKENS.ben);
}, 180_000);
afterAll(async () => {
  await served.close();
  await rm(market.folder, { recursive: true, force: true });
});

describe('the desk', { timeout: 120_000 }, () => {
  it('lists what the run recommends, and adds it up', async () => {
    const { total, totals, rows } = await rowsOf(ann);
    expect(total).toBe(rows.length);
    expect(totals).toMatchObject({ rows: total, states: { proposed: total } });
    const gain = rows.reduce((sum, row) => sum + (row.gain ?? 0), 0);
    expect(totals.gain).toBeCloseTo(gain, 6);
    const [first] = rows as [Row];
    const only = await rowsOf(ann, {
      filter: { text: first.article.toLowerCase(), markets: [first.market] },
    });
    expect(only.rows).toEqual([first]);
    const best = await rowsOf(ann, { sort: { by: 'gain', descending: true } });
    const gains = best.rows.map((row) => row.gain ?? -Infinity);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
  });

  it('tells how prices of each market are written, as the table of markets has it', async () => {
    const { run } = await ann.get<Session>('/api/session');
    expect(run.markets.map(({ currency, locale }) => [currency, locale])).toEqual([
      [CURRENCIES[0], LOCALES[0]],
      [CURRENCIES[1], LOCALES[1]],
    ]);
  });

  it('shows an article whose curve earns most nowhere else than the plan says', async () => {
    const { rows } = await rowsOf(ann, { sort: { by: 'gain', descending: true } });
    const answer = await ann.get<ArticleAnswer>(`/api/article/${encodeURIComponent(rows[0]!.article)}`);
    const own = answer.markets.find(({ market: name }) => name === rows[0]!.market)!;
    expect(own.plan.weeks).toHaveLength(own.plan.demand.length);
    expect(own.curve.profit).toHaveLength(own.curve.discounts.length);
    const planned = own.curve.discounts.findIndex((discount) => Math.abs(discount - own.recommended) < 1e-9);
    expect(own.curve.profit[planned]).toBeGreaterThanOrEqual(
      Math.max(...own.curve.profit) - 0.01 * Math.abs(own.curve.profit[planned]!),
    );
    expect(own.curve.demand[planned]).toBeCloseTo(own.plan.demand[0]!, 3);
    expect(own.truth?.demand).toHaveLength(own.curve.discounts.length);
    expect(own.history.sales.some((sales) => sales !== null && sales > 0)).toBe(true);
    expect(answer.stock.planned).toHaveLength(answer.stock.weeks.length);
  });

  it('tells what an overrule costs, and asks another person where it is large', async () => {
    const { rows } = await rowsOf(ann);
    const row = rows.find(({ recommended, today }) => recommended === 0 && today !== null)!;
    const decision = {
      targets: target(row),
      weeks: 'first',
      action: { kind: 'overrule', discount: 0.5 },
      reason: 'competitor',
    };
    const preview = await ann.post<Preview>('/api/preview', decision);
    expect(preview).toMatchObject({ rows: 1, needs: { own: 0, review: 0, secondPerson: 1 }, refused: [] });
    expect(preview.cost).toBeGreaterThan(0);
    const before = await ann.get<LimitsAnswer>('/api/limits');
    const rate = (limits: LimitsAnswer['limits']): number => limits.find(({ name }) => name === 'rate')!.now!;
    expect(before.limits[0]!.now).toBeCloseTo(before.limits[0]!.planned!, 6);
    expect(rate(preview.limits)).toBeGreaterThan(rate(before.limits));
    await expect(ann.post('/api/decisions', decision)).rejects.toThrow(/400.*a note of 50 characters/);
    const decided = await ann.post<Decided>('/api/decisions', { ...decision, note: NOTE });
    expect(decided).toMatchObject({ applied: 0, waiting: 1, conflicts: [] });
    expect(decided.cost).toBeCloseTo(preview.cost!, 6);
    expect(rate((await ann.get<LimitsAnswer>('/api/limits')).limits)).toBeCloseTo(rate(before.limits), 9);
    await expect(ann.post('/api/reviews', { id: decided.id, accept: true })).rejects.toThrow(/403/);
    const { waiting } = await ben.get<WaitingAnswer>('/api/waiting');
    expect(waiting).toMatchObject([{ id: decided.id, by: 'ann', own: false, largestChange: 0.5 }]);
    await ben.post('/api/reviews', { id: decided.id, accept: true });
    const exclude = {
      ...{ targets: { filter: {}, expected: (await rowsOf(ben)).total }, weeks: 'first' },
      ...{ action: { kind: 'exclude' }, reason: 'quality' },
    };
    // Who excludes a whole group is told whose single decisions go with it; one's own are no news.
    const byBen = await ben.post<Preview>('/api/preview', exclude);
    expect(byBen.overwrites).toEqual([{ person: 'ann', rows: 1 }]);
    expect((await ann.post<Preview>('/api/preview', exclude)).overwrites).toEqual([]);
    const after = await rowsOf(ann, { filter: { states: ['overridden'] } });
    expect(after.rows).toMatchObject([{ article: row.article, chosen: 0.5, by: 'ann' }]);
    expect(after.totals.overruleCost).toBeCloseTo(preview.cost!, 6);
    expect(rate((await ann.get<LimitsAnswer>('/api/limits')).limits)).toBeCloseTo(rate(preview.limits), 9);
  });

  it('shows the second person that somebody was first, and takes decisions back', async () => {
    const { rows } = await rowsOf(ann, { filter: { states: ['proposed'] } });
    const [row] = rows as [Row];
    const approve = { targets: target(row), weeks: 'first', action: { kind: 'approve' } };
    const first = await ann.post<Decided>('/api/decisions', approve);
    expect(first).toMatchObject({ applied: 1, cost: 0 });
    const second = await ben.post<Decided>('/api/decisions', {
      ...approve,
      action: { kind: 'exclude' },
      reason: 'quality',
    });
    expect(second).toMatchObject({ applied: 0, conflicts: [{ article: row.article, by: 'ann' }] });
    await expect(ben.post('/api/undo', { id: first.id })).rejects.toThrow(/403/);
    await ann.post('/api/undo', { id: first.id });
    const [now] = (await rowsOf(ann, { filter: { text: row.article, markets: [row.market] } })).rows;
    expect(now).toMatchObject({ state: 'proposed', chosen: null });
    expect(now!.version).toBeGreaterThan(row.version);
  });

  it('answers the same request once', async () => {
    const { rows } = await rowsOf(ann, { filter: { states: ['proposed'] } });
    const body = {
      key: '0123456789abcdef',
      targets: target(rows[0]!),
      weeks: 'first',
      action: { kind: 'priority', on: true },
    };
    const once = await ann.post<Decided>('/api/decisions', body);
    expect(await ann.post<Decided>('/api/decisions', body)).toEqual(once);
    await expect(
      ann.post('/api/decisions', { ...body, action: { kind: 'priority', on: false } }),
    ).rejects.toThrow(/409/);
  });

  it('decides in bulk about what was seen, and about nothing else', async () => {
    const filter = { states: ['proposed'] };
    const { total } = await rowsOf(ann, { filter });
    const decision = { targets: { filter, expected: total - 1 }, weeks: 'all', action: { kind: 'approve' } };
    await expect(ann.post('/api/decisions', decision)).rejects.toThrow(/409.*other rows match/);
    const decided = await ann.post<Decided>('/api/decisions', {
      ...decision,
      targets: { filter, expected: total },
    });
    expect(decided).toMatchObject({ applied: total, waiting: 0 });
    expect((await rowsOf(ann, { filter })).total).toBe(0);
  });

  it('tells the store, exports what is approved, and takes prices of the shop in', async () => {
    const exported = await ben.send('/api/export?format=csv');
    expect(exported.status).toBe(200);
    const lines = exported.text.trim().split('\n');
    const { rows } = await rowsOf(ann);
    expect(lines.length - 1).toBeGreaterThanOrEqual(rows.length);
    const listed = JSON.parse(
      await hemline(market.home, ['decisions', 'list', '--state', 'overridden', '--json']),
    ) as {
      rows: { by: string; chosen: number; reason: string }[];
    };
    expect(listed.rows).toMatchObject([{ by: 'ann', chosen: 0.5, reason: `competitor: ${NOTE}` }]);
    const row = rows.find(({ state }) => state === 'approved')!;
    const week = (await ann.get<{ run: { weeks: string[] } }>('/api/session')).run.weeks[0]!;
    const csv = (discount: number, at: string): string =>
      `article,market,week,discount,at\n${row.article},${row.market},${week},${discount},${at}\n`;
    const send = async (body: string): Promise<Imported> =>
      (
        await ben.send('/api/import', { method: 'POST', body, headers: { 'content-type': 'text/csv' } })
      ).json() as Imported;
    expect(await send(csv(0.33, '2099-01-02T00:00:00Z'))).toMatchObject({
      applied: 1,
      differing: 1,
      conflicts: [],
    });
    expect(await send(csv(0.2, '2099-01-01T00:00:00Z'))).toMatchObject({
      applied: 0,
      conflicts: [{ article: row.article }],
    });
    const [now] = (await rowsOf(ann, { filter: { text: row.article, markets: [row.market] } })).rows;
    expect(now!.state).toBe('in-shop');
    const other = rows.find((each) => each.state === 'approved' && each !== row)!;
    const old = `article,market,week,discount,at\n${other.article},${other.market},${week},0.11,2020-01-01T00:00:00Z\n`;
    expect(await send(old)).toMatchObject({ applied: 1 });
    const [open] = (await rowsOf(ann, { filter: { text: other.article, markets: [other.market] } })).rows;
    expect(open!.state).toBe('approved');
    const third = rows.find((each) => each.state === 'approved' && each !== row && each !== other)!;
    const file = join(market.folder, 'fixed.csv');
    await writeFile(
      file,
      `article,market,week,decision,discount,by,reason\n${third.article},${third.market},${week},overridden,0.07,bob,press\n`,
    );
    await ann.post('/api/decisions', {
      ...{ targets: target(third), weeks: 'all' },
      action: { kind: 'release' },
    });
    await ben.send('/api/export?format=csv');
    await hemline(market.home, ['decisions', 'import', file]);
    await send(old);
    const [fixed] = (await rowsOf(ann, { filter: { text: third.article, markets: [third.market] } })).rows;
    expect(fixed).toMatchObject({ state: 'overridden', chosen: 0.07, by: 'bob' });
    const refused = await ann.post<Decided>('/api/decisions', {
      ...{
        targets: target(now!),
        weeks: 'first',
        action: { kind: 'overrule', discount: 0.04 },
        reason: 'brand',
      },
    });
    expect(refused.conflicts).toMatchObject([
      { why: 'the shop has a price that is newer than the proposal' },
    ]);
  });

  it('prices again around what people have fixed, and goes on with that run', async () => {
    await ann.post('/api/solve', {});
    let state: SolveState;
    do {
      await new Promise((resolve) => setTimeout(resolve, 300));
      state = await ann.get<SolveState>('/api/solve');
    } while (state.state === 'running');
    expect(state).toMatchObject({ state: 'done', error: null });
    const session = await ann.get<{ run: { run: string; isStale: boolean } }>('/api/session');
    expect(session.run).toMatchObject({ run: state.run, isStale: false });
    const { rows } = await rowsOf(ann, { filter: { states: ['overridden'] } });
    expect(rows.filter(({ by }) => by === 'ann')).toMatchObject([
      { chosen: 0.5, recommended: 0.5, reason: 'person' },
    ]);
    expect(rows.filter(({ by }) => by === 'bob')).toMatchObject([
      { chosen: 0.07, recommended: 0.07, reason: 'person' },
    ]);
  });

  it('keeps it all over a start, and says who did what', async () => {
    const before = await rowsOf(ann);
    await served.close();
    served = await open();
    ann = await DeskClient.enter(served.port, TOKENS.ann);
    const after = await rowsOf(ann);
    expect(after.rows).toEqual(before.rows);
    const audit = await ann.get<AuditAnswer>('/api/audit', { text: 'press has told', offset: 0, count: 10 });
    expect(audit).toMatchObject({
      total: 1,
      entries: [
        {
          by: 'ann',
          reviewedBy: 'ben',
          state: 'applied',
          reason: 'competitor',
          action: { kind: 'overrule' },
        },
      ],
    });
    expect((await ann.send('/api/audit.csv')).text.split('\n').length).toBeGreaterThan(4);
  });
});
