import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditAnswer, Decided, Preview, RowsAnswer } from '../src/api/index.ts';
import { DeskClient } from './desk-client.ts';
import { HEMLINE, hemline, pricedMarket, type PricedMarket } from './priced-market.ts';

const TOKEN = 'ann-0123456789-0123456789';

let market: PricedMarket;
beforeAll(async () => {
  market = await pricedMarket({ articles: 30 });
  const people = [{ person: 'ann', role: 'admin', token: TOKEN }];
  await writeFile(join(market.folder, 'auth.json'), JSON.stringify({ people }));
}, 180_000);
afterAll(() => rm(market.folder, { recursive: true, force: true }));

async function start(): Promise<{ readonly child: ChildProcess; readonly client: DeskClient }> {
  const child = spawn(
    process.execPath,
    [HEMLINE, 'desk', '--auth', join(market.folder, 'auth.json'), '--json'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, HEMLINE_HOME: market.home },
    },
  );
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  return { child, client: await DeskClient.enter(port, TOKEN) };
}

it(
  'killed at any moment, it loses and doubles no decision that was confirmed',
  { timeout: 240_000 },
  async () => {
    const confirmed = new Map<
      string,
      { readonly id: number; readonly article: string; readonly discount: number }
    >();
    const asked = new Map<string, object>();
    const latest = new Map<string, { key: string; discount: number }>();
    let step = 0;
    for (let round = 0; round < 4; round++) {
      const { child, client } = await start();
      const seen = await client.get<RowsAnswer>('/api/rows', {
        ...{ filter: {}, sort: { by: 'article', descending: false }, offset: 0, count: 500 },
      });
      // Not all articles are on sale in the first week.
      const { refused } = await client.post<Preview>('/api/preview', {
        ...{ targets: { rows: seen.rows.map(({ article, market: name }) => ({ article, market: name })) } },
        ...{ weeks: 'first', action: { kind: 'approve' } },
      });
      const rows = seen.rows.filter(
        ({ article, market: name }) =>
          !refused.some((each) => each.article === article && each.market === name),
      );
      const exit = once(child, 'exit');
      // Somewhere between the first decision and the telling of the store.
      const timer = setTimeout(() => child.kill('SIGKILL'), 150 + 353 * round);
      try {
        for (;;) {
          const row = rows[step % rows.length]!;
          const discount =
            Math.round(Math.min(0.9, Math.abs(row.recommended + (step % 2 === 0 ? 0.03 : 0.04))) * 100) / 100;
          const key = `step-${String(step++).padStart(12, '0')}`;
          const body = {
            ...{ key, targets: { rows: [{ article: row.article, market: row.market }] }, weeks: 'first' },
            ...{ action: { kind: 'overrule', discount }, reason: 'brand' },
          };
          asked.set(key, body);
          const { id, applied } = await client.post<Decided>('/api/decisions', body);
          expect(applied).toBe(1);
          confirmed.set(key, { id, article: row.article, discount });
          latest.set(`${row.article} ${row.market}`, { key, discount });
        }
      } catch (error) {
        // The connection is gone: what was being asked may have been done or not.
        if (!/ECONNRESET|ECONNREFUSED|socket hang up|EPIPE/.test(String(error))) throw error;
      }
      clearTimeout(timer);
      expect((await exit)[1]).toBe('SIGKILL');
    }
    const { child, client } = await start();
    // Whoever has had no answer asks again: that is done now, and only once.
    for (const [key, body] of asked) {
      const { id } = await client.post<Decided>('/api/decisions', body);
      if (confirmed.has(key)) expect(id).toBe(confirmed.get(key)!.id);
      else confirmed.set(key, { id, article: '', discount: 0 });
    }
    const audit = await client.get<AuditAnswer>('/api/audit', { offset: 0, count: 1 });
    expect(audit.total).toBe(asked.size);
    expect(new Set([...confirmed.values()].map(({ id }) => id)).size).toBe(asked.size);
    const exported = await client.send('/api/export?format=csv');
    expect(exported.status, exported.text).toBe(200);
    child.kill('SIGTERM');
    await once(child, 'exit');
    const listed = JSON.parse(
      await hemline(market.home, ['decisions', 'list', '--by', 'ann', '--limit', '1000', '--json']),
    ) as {
      rows: { article: string; market: string; chosen: number; state: string }[];
    };
    expect(listed.rows.length).toBe(latest.size);
    for (const { article, market: name, state } of listed.rows) {
      expect(state).toBe('overridden');
      expect(latest.has(`${article} ${name}`)).toBe(true);
    }
    expect(confirmed.size).toBeGreaterThan(20);
  },
);
