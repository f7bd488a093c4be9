import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RowsAnswer } from '../src/api/index.ts';
import { serveDesk, type ServedDesk } from '../src/server/serve-desk.ts';
import { DeskClient, type Answer, type Sent } from './desk-client.ts';
import { HEMLINE, pricedMarket, type PricedMarket } from './priced-market.ts';

const TOKENS = {
  ann: 'ann-0123456789-0123456789',
  ben: 'ben-0123456789-0123456789',
  cat: 'cat-0123456789-0123456789',
};

let market: PricedMarket;
let served: ServedDesk;
let people: Readonly<Record<'ann' | 'ben' | 'cat' | 'nobody', DeskClient>>;

beforeAll(async () => {
  market = await pricedMarket({ articles: 20 });
  const auth = {
    people: [
      { person: 'ann', role: 'decide', token: TOKENS.ann },
      { person: 'ben', role: 'admin', token: TOKENS.ben },
      { person: 'cat', role: 'read', token: TOKENS.cat },
    ],
    proxy: { header: 'x-user', from: ['10.1.2.3'], role: 'admin' },
  };
  await writeFile(join(market.folder, 'auth.json'), JSON.stringify(auth));
  served = await serveDesk({
    ...{ home: market.home, auth: join(market.folder, 'auth.json') },
    hemline: { program: process.execPath, args: [HEMLINE] },
  });
  people = {
    ann: await DeskClient.enter(served.port, TOKENS.ann),
    ben: await DeskClient.enter(served.port, TOKENS.ben),
    cat: await DeskClient.enter(served.port, TOKENS.cat),
    nobody: new DeskClient(served.port),
  };
}, 180_000);
afterAll(async () => {
  await served.close();
  await rm(market.folder, { recursive: true, force: true });
});

const key = (): string => randomUUID();
const post = (body: unknown, more: Sent = {}): Sent => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...more,
});
const rows = (query: unknown): string => `/api/rows?query=${encodeURIComponent(JSON.stringify(query))}`;
const window = { sort: { by: 'gain', descending: true }, offset: 0, count: 10 };
const decision = (change: object = {}): object => ({
  ...{
    targets: { rows: [{ article: 'A00000001', market: 'DE' }] },
    weeks: 'first',
    action: { kind: 'approve' },
    key: key(),
  },
  ...change,
});
type Who = keyof typeof people;

/** Who asks what, and how it is refused. */
const HOSTILE: readonly (readonly [string, Who, string, () => Sent, number])[] = [
  // nobody, or somebody else
  ['no session', 'nobody', '/api/session', () => ({}), 401],
  ['no session, the page itself', 'nobody', '/', () => ({}), 401],
  ['a wrong token', 'nobody', '/?token=wrong-0123456789-0123456789', () => ({}), 401],
  ['an empty token', 'nobody', '/?token=', () => ({}), 401],
  ['a token elsewhere than at the door', 'nobody', `/api/session?token=${TOKENS.ben}`, () => ({}), 401],
  [
    'a made-up session',
    'nobody',
    '/api/session',
    () => ({ headers: { cookie: `${cookieName()}=YWJj.YWJj` } }),
    401,
  ],
  [
    'a session without signature',
    'nobody',
    '/api/session',
    () => ({ headers: { cookie: `${cookieName()}=YWJj` } }),
    401,
  ],
  [
    'a session with the name of another',
    'nobody',
    '/api/session',
    () => ({ headers: { cookie: otherName() } }),
    401,
  ],
  ['a proxy that nobody trusts', 'nobody', '/api/session', () => ({ headers: { 'x-user': 'ben' } }), 401],
  // another's role
  ['a reader who decides', 'cat', '/api/decisions', () => post(decision()), 403],
  ['a reader who asks for costs', 'cat', '/api/preview', () => post(decision()), 403],
  ['a reader who prices again', 'cat', '/api/solve', () => post({ key: key() }), 403],
  ['a reader who takes back', 'cat', '/api/undo', () => post({ id: 1, key: key() }), 403],
  ['who decides and reviews', 'ann', '/api/reviews', () => post({ id: 1, accept: true, key: key() }), 403],
  [
    'who decides and imports',
    'ann',
    '/api/import',
    () => post('a', { headers: { 'content-type': 'text/csv' } }),
    403,
  ],
  // other origins
  [
    'another name of this machine',
    'ben',
    '/api/session',
    () => ({ headers: { host: 'desk.evil.example' } }),
    403,
  ],
  [
    'the right name at another port',
    'ben',
    '/api/session',
    () => ({ headers: { host: '127.0.0.1:1' } }),
    403,
  ],
  [
    'a page of another origin',
    'ben',
    '/api/decisions',
    () => post(decision(), { headers: { origin: 'https://evil.example' } }),
    403,
  ],
  [
    'a page without origin',
    'ben',
    '/api/decisions',
    () => post(decision(), { headers: { origin: 'null' } }),
    403,
  ],
  [
    'a picture on another page',
    'ben',
    '/api/session',
    () => ({ headers: { 'sec-fetch-site': 'cross-site' } }),
    403,
  ],
  ['no x-csrf', 'ben', '/api/decisions', () => post(decision(), { headers: { 'x-csrf': undefined } }), 403],
  [
    "somebody else's x-csrf",
    'ben',
    '/api/decisions',
    () => post(decision(), { headers: { 'x-csrf': people.ann.csrf } }),
    403,
  ],
  [
    'a form of another page',
    'ben',
    '/api/decisions',
    () => post('a=1', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    415,
  ],
  [
    'JSON that calls itself text',
    'ben',
    '/api/decisions',
    () => post(decision(), { headers: { 'content-type': 'text/plain' } }),
    415,
  ],
  // paths
  ['a way out of the page', 'ben', '/../../../etc/passwd', () => ({}), 404],
  ['the same, encoded', 'ben', '/%2e%2e/%2e%2e/etc/passwd', () => ({}), 404],
  ['the same, encoded slashes', 'ben', '/assets/..%2f..%2fpackage.json', () => ({}), 404],
  ['the journal', 'ben', '/journal.sqlite', () => ({}), 404],
  ['an article that is a path', 'ben', '/api/article/..%2F..%2Fsecret', () => ({}), 404],
  ['an article that is SQL', 'ben', `/api/article/${encodeURIComponent("' OR 1=1 --")}`, () => ({}), 404],
  ['a view that is a name of JavaScript', 'ben', '/api/views/__proto__', () => ({}), 404],
  ['a method that there is not', 'ben', '/api/session', () => ({ method: 'PATCH' }), 404],
  // what cannot be read
  ['no query', 'ben', '/api/rows', () => ({}), 400],
  ['a query that is no JSON', 'ben', '/api/rows?query=%7B', () => ({}), 400],
  ['more rows than there may be', 'ben', rows({ filter: {}, ...window, count: 100_000 }), () => ({}), 400],
  [
    'a column that there is not',
    'ben',
    rows({ filter: {}, ...window, sort: { by: '__proto__', descending: true } }),
    () => ({}),
    400,
  ],
  ['a filter with more in it', 'ben', rows({ filter: { sql: '1=1' }, ...window }), () => ({}), 400],
  ['a body that is no JSON', 'ben', '/api/decisions', () => post('{'), 400],
  [
    'a discount beyond all',
    'ben',
    '/api/decisions',
    () => post(decision({ action: { kind: 'overrule', discount: 7 } })),
    400,
  ],
  [
    'an action that there is not',
    'ben',
    '/api/decisions',
    () => post(decision({ action: { kind: 'delete' } })),
    400,
  ],
  ['no key', 'ben', '/api/decisions', () => post(decision({ key: undefined })), 400],
  ['a reason of nobody', 'ben', '/api/decisions', () => post(decision({ reason: '<script>' })), 400],
  ['a format that is a path', 'ben', '/api/export?format=../../x', () => ({}), 400],
  [
    'a file that is no table',
    'ben',
    '/api/import',
    () => post('PAR1', { headers: { 'content-type': 'application/vnd.apache.parquet' } }),
    400,
  ],
  [
    'a kind of file that is none',
    'ben',
    '/api/import',
    () => post('x', { headers: { 'content-type': 'constructor' } }),
    415,
  ],
  ['a limit that there is not', 'ben', '/api/frontier?limit=--output', () => ({}), 404],
  ['too large a body', 'ben', '/api/decisions', () => post(`"${'x'.repeat(2 << 20)}"`), 413],
  ['too long an address', 'ben', `/api/rows?query=${'x'.repeat(12_000)}`, () => ({}), 400],
];

function cookieName(): string {
  return people.ann.cookie!.split('=')[0]!;
}

function otherName(): string {
  const [text, signature] = people.ann.cookie!.split('=')[1]!.split('.') as [string, string];
  const [, until, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, number, string];
  return `${cookieName()}=${Buffer.from(JSON.stringify(['ben', until, id])).toString('base64url')}.${signature}`;
}

describe('hostile requests', { timeout: 60_000 }, () => {
  it('are forty at least', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(40));

  it.each(HOSTILE)('%s', async (_, who, path, sent, status) => {
    const answer = await people[who].send(path, sent());
    expect(answer.status, answer.text).toBe(status);
    expect((answer.json() as { error: { code: string } }).error.code).toMatch(/^[a-z-]+$/);
    expect(answer.text).not.toContain(market.folder);
    expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('replayed, a decision is taken once', async () => {
    const seen = await people.ben.get<RowsAnswer>('/api/rows', { filter: {}, ...window });
    const { article, market: name } = seen.rows[0]!;
    const sent = post(decision({ targets: { rows: [{ article, market: name }] } }));
    const answers = await Promise.all([1, 2, 3].map(() => people.ben.send('/api/decisions', sent)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { total } = await people.ben.get<{ total: number }>('/api/audit', {
      article,
      offset: 0,
      count: 10,
    });
    expect(total).toBe(1);
  });

  it('keeps the cookie from scripts and other pages', async () => {
    const { status, headers } = await people.nobody.send(`/?token=${TOKENS.cat}`);
    expect([status, headers['location']]).toEqual([303, '/']);
    expect(String(headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Strict$/);
  });

  it('ends a body that says it is short and is not, and chunks without end', async () => {
    const answer = await chunked(people.ben, 3 << 20);
    expect(answer).toBe(413);
  });

  it('slows down whoever asks too often', async () => {
    const answers: Answer[] = await Promise.all(
      Array.from({ length: 600 }, () => people.cat.send('/api/views')),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(200);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    for (const { status, headers } of answers)
      expect(headers['retry-after']).toBe(status === 429 ? '1' : undefined);
  });
});

function chunked(client: DeskClient, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { cookie: client.cookie!, 'x-csrf': client.csrf!, 'content-type': 'application/json' };
    const sending = request(
      { host: '127.0.0.1', port: client.port, path: '/api/decisions', method: 'POST', headers },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      },
    );
    sending.on('error', reject);
    for (let sent = 0; sent < bytes; sent += 65_536) sending.write('x'.repeat(65_536));
    sending.end();
  });
}
