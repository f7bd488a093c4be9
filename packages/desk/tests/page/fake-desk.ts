import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type {
  ArticleAnswer,
  AuditEntry,
  Decided,
  Decision,
  Filter,
  LimitNow,
  Preview,
  Row,
  RowsAnswer,
  RowsQuery,
  Session,
  State,
} from '../../src/api/index.ts';

const PAGE = new URL('../../dist/page/', import.meta.url).pathname;
const MARKETS = [
  { market: 'DE', currency: 'EUR', locale: 'de-DE' },
  { market: 'FR', currency: 'EUR', locale: 'fr-FR' },
  { market: 'NL', currency: 'EUR', locale: 'nl-NL' },
  { market: 'IT', currency: 'EUR', locale: 'it-IT' },
];
const GROUPS = ['Dresses', 'Shirts', 'Trousers', 'Shoes'];
const SEASONS = ['SS26', 'AW26'];
const REASONS = ['demand', 'stock', 'season-end', 'limit', 'hold'];
const GRID = Array.from({ length: 15 }, (_, i) => i * 0.05);
const WEEKS = Array.from({ length: 12 }, (_, i) => weekAfter('2026-03-02', i));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What the desk's server refuses to run, and to be framed by. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/** A server for tests of the page alone: rows are computed from their place, decisions are kept in memory. */
export interface FakeDesk {
  readonly address: string;
  /** Requests for rows: where they began, and whether the page gave them up. */
  readonly asked: { readonly offset: number; isGivenUp: boolean }[];
  readonly close: () => Promise<void>;
  /** As if somebody else had decided about the row. */
  readonly decideElsewhere: (article: string, market: string, by: string) => void;
}

/**
 * @param rows of the list
 * @param options of the server
 * @returns the server, listening on the loopback
 */
export async function startFakeDesk(
  rows: number,
  options: { readonly role?: Session['role']; readonly delayMilliseconds?: number } = {},
): Promise<FakeDesk> {
  const decided = new Map<
    string,
    { state: State; chosen: number | null; by: string; version: number; priority: boolean }
  >();
  const audit: AuditEntry[] = [];
  const asked: { offset: number; isGivenUp: boolean }[] = [];
  const views = new Map<string, unknown>();
  let version = 1;
  const read = (index: number): Row => {
    const row = rowAt(index, rows);
    const known = decided.get(`${row.article} ${row.market}`);
    return known === undefined ? row : { ...row, ...known };
  };
  const answerRows = ({ filter, offset, count }: RowsQuery): RowsAnswer => {
    // A filter by text or market is applied to a prefix, which is all that these tests look at.
    const isFiltered = Object.keys(filter).length > 0;
    const matching = isFiltered
      ? Array.from({ length: Math.min(rows, 2000) }, (_, i) => i).filter((i) => matches(read(i), filter))
      : null;
    const total = matching?.length ?? rows;
    const shown: Row[] = [];
    for (let i = offset; i < Math.min(total, offset + count); i++) shown.push(read(matching?.[i] ?? i));
    return {
      total,
      rows: shown,
      version,
      totals: {
        ...{
          rows: total,
          articles: Math.ceil(total / MARKETS.length),
          gain: total * 41.7,
          profit: total * 913,
        },
        ...{ heldProfit: total * 871.3, discountRate: 0.2136, overruleCost: decided.size * 12 },
        states: {
          ...{ proposed: total - decided.size, waiting: 0, approved: decided.size },
          ...{ overridden: 0, excluded: 0, 'in-shop': 0 },
        },
      },
    };
  };
  const limits = (): LimitNow[] => [
    {
      ...{ name: 'Discount rate', measure: 'discount-rate', lower: null, upper: 0.22, planned: 0.2136 },
      ...{
        now: 0.2136 + decided.size * 0.001,
        isMet: decided.size < 7,
        missedBy: decided.size < 7 ? 0 : 0.001,
      },
      inWords: 'The discount rate of all articles is at most 22 %.',
    },
    {
      ...{
        name: 'Stock of SS26',
        measure: 'stock-left',
        lower: null,
        upper: 20000,
        planned: 21840,
        now: 21840,
      },
      ...{ isMet: false, missedBy: 1840, inWords: 'At most 20,000 units of SS26 are left on 29 June.' },
    },
  ];
  const decide = ({ targets, action, reason, note }: Decision): Decided => {
    const id = audit.length + 1;
    const named = 'rows' in targets ? targets.rows : [];
    const conflicts: Decided['conflicts'] = [];
    let applied = 0;
    for (const { article, market, version: seen } of named) {
      const key = `${article} ${market}`;
      const before = decided.get(key);
      if (before !== undefined && seen !== undefined && before.version !== seen) {
        conflicts.push({ article, market, by: before.by, why: `approved by ${before.by} just now` });
        continue;
      }
      version++;
      applied++;
      const isPriority = action.kind === 'priority' ? action.on : (before?.priority ?? false);
      decided.set(key, {
        ...{ by: 'Ada', version, priority: isPriority },
        state:
          action.kind === 'overrule' ? 'overridden' : action.kind === 'exclude' ? 'excluded' : 'approved',
        chosen: action.kind === 'overrule' ? action.discount : rowNamed(article, market, rows).recommended,
      });
    }
    if ('filter' in targets) applied = targets.expected;
    audit.unshift({
      ...{ id, at: '2026-03-02T09:12:00Z', by: 'Ada', action, rows: applied, run: 'pricing-0007', cost: 12 },
      example: { article: named[0]?.article ?? 'A-0000000', market: named[0]?.market ?? 'DE' },
      ...{ reason: reason ?? null, note: note ?? null, state: 'applied', reviewedBy: null, conflict: null },
    });
    return { id, applied, waiting: 0, conflicts, version, cost: 12 };
  };
  const preview = ({ targets, action }: Decision): Preview => {
    const count = 'rows' in targets ? targets.rows.length : targets.expected;
    const isFar = action.kind === 'overrule' && action.discount > 0.5;
    return {
      ...{ rows: count, cost: action.kind === 'approve' ? 0 : 31.4 * count, limits: limits() },
      ...{ refused: [], overwrites: [] },
      needs: { own: isFar ? 0 : count, review: 0, secondPerson: isFar ? count : 0 },
    };
  };
  const session: Session = {
    ...{ person: 'Ada', role: options.role ?? 'approve', csrf: 'a-word', isSimulated: true },
    run: {
      ...{ run: 'pricing-0007', forecasts: 'forecast-0042', pricedAt: '2026-03-01T22:10:00Z', weeks: WEEKS },
      ...{
        markets: MARKETS,
        groups: GROUPS,
        seasons: SEASONS,
        grid: GRID,
        dataset: 'market',
        isStale: false,
      },
      models: [{ model: 'demand-blend', version: 3 }],
    },
    reasons: ['Competitor', 'Campaign', 'Quality', 'Stock is wrong', 'Other'],
    rules: {
      own: 0.05,
      review: 0.15,
      reasonCharacters: 50,
      overrulesFrom: 'recommended',
      approvalsFrom: 'recommended',
    },
  };

  const answer = async (request: IncomingMessage, url: URL, isGivenUp: () => boolean): Promise<unknown> => {
    const body = request.method === 'GET' ? null : await bodyOf(request);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /api/session':
        return session;
      case 'GET /api/rows': {
        const query = JSON.parse(url.searchParams.get('query')!) as RowsQuery;
        const entry = { offset: query.offset, isGivenUp: false };
        if (query.count > 0) asked.push(entry);
        if (options.delayMilliseconds !== undefined) await wait(options.delayMilliseconds);
        entry.isGivenUp = isGivenUp();
        return answerRows(query);
      }
      case 'GET /api/limits':
        return { limits: limits() };
      case 'GET /api/waiting':
        return { waiting: [] };
      case 'GET /api/views':
        return { views: [...views].map(([name, view]) => ({ name, ...(view as object) })) };
      case 'GET /api/solve':
        return { state: 'idle', progress: null, error: null, run: null };
      case 'GET /api/audit':
        return { total: audit.length, entries: audit };
      case 'GET /api/frontier':
        return {
          ...{ state: 'done', error: null },
          points: Array.from({ length: 9 }, (_, i) => ({
            ...{
              value: 0.14 + i * 0.02,
              profit: 900_000 + 60_000 * Math.sqrt(i),
              discountRate: 0.14 + i * 0.019,
            },
            unitsLeft: 30_000 - i * 2400,
          })),
        };
      case 'POST /api/preview':
        return preview(body as Decision);
      case 'POST /api/decisions':
        return decide(body as Decision);
      case 'POST /api/undo':
        decided.clear();
        version++;
        return {};
    }
    if (url.pathname.startsWith('/api/article/'))
      return articleNamed(decodeURIComponent(url.pathname.slice('/api/article/'.length)), rows);
    if (url.pathname.startsWith('/api/views/')) {
      const name = decodeURIComponent(url.pathname.slice('/api/views/'.length));
      if (request.method === 'PUT') views.set(name, body);
      else views.delete(name);
      return {};
    }
    return undefined;
  };

  const server = createServer((request, response) => {
    let isGivenUp = false;
    response.on('close', () => (isGivenUp = !response.writableFinished));
    const url = new URL(request.url!, 'http://desk');
    const work = url.pathname.startsWith('/api/')
      ? answer(request, url, () => isGivenUp).then((found) => send(response, found))
      : sendFile(response, url.pathname);
    work.catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    decideElsewhere: (article, market, by) => {
      version++;
      decided.set(`${article} ${market}`, { state: 'approved', chosen: 0.3, by, version, priority: false });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, body: unknown): void {
  if (body === undefined)
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":{"code":"not-found","message":"nothing there"}}');
  else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function sendFile(response: ServerResponse, path: string): Promise<void> {
  const file = path === '/' ? 'index.html' : path.slice(1);
  const bytes = await readFile(join(PAGE, file));
  response
    .writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    })
    .end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? null : JSON.parse(text);
}

function matches(row: Row, filter: Filter): boolean {
  return (
    (filter.text === undefined || row.article.toLowerCase().includes(filter.text.toLowerCase())) &&
    (filter.markets === undefined || filter.markets.includes(row.market)) &&
    (filter.groups === undefined || filter.groups.includes(row.group!)) &&
    (filter.states === undefined || filter.states.includes(row.state))
  );
}

function rowNamed(article: string, market: string, rows: number): Row {
  const index = Number(article.slice(2)) * MARKETS.length + MARKETS.findIndex((one) => one.market === market);
  return rowAt(index, rows);
}

/** Rows as if sorted by gain: the largest first. */
function rowAt(index: number, rows: number): Row {
  const article = Math.floor(index / MARKETS.length);
  const noise = (n: number): number => ((index * 2654435761 + n * 40503) >>> 8) % 1000;
  const today = Math.floor(noise(1) / 125) * 0.05;
  const recommended = Math.min(0.7, Math.max(0, today + (Math.floor(noise(2) / 167) - 2) * 0.05));
  return {
    ...{ article: `A-${String(article).padStart(7, '0')}`, market: MARKETS[index % MARKETS.length]!.market },
    ...{
      group: GROUPS[article % GROUPS.length]!,
      season: SEASONS[article % 2]!,
      listPrice: 29.95 + noise(3) / 10,
    },
    ...{
      today: noise(4) < 20 ? null : today,
      recommended,
      chosen: null,
      gain: 4200 * (1 - index / rows) - 30,
    },
    ...{ gainError: noise(5) < 100 ? null : 40 + noise(5) / 6, stock: noise(6) * 3, cover: noise(7) / 25 },
    ...{ reason: REASONS[noise(8) % REASONS.length]!, support: noise(9) % 104, state: 'proposed', by: null },
    ...{ priority: noise(10) < 15, version: 0, image: null },
  } as Row;
}

function articleNamed(article: string, rows: number): ArticleAnswer | undefined {
  if (!/^A-\d+$/.test(article)) return undefined;
  const season = (i: number): number => 1 + 0.4 * Math.sin(i / 4);
  const past = Array.from({ length: 52 }, (_, i) => weekAfter('2026-03-02', i - 52));
  return {
    article,
    attributes: { brand: 'Northline', colour: 'navy', group: 'Dresses', listPrice: 59.95 },
    group: 'Dresses',
    comparable: [
      { article: 'A-0000004', why: 'same group, brand and price' },
      { article: 'A-0000008', why: 'same group, sells alike' },
    ],
    lineage: {
      ...{
        run: 'pricing-0007',
        forecasts: 'forecast-0042',
        limits: { file: 'limits.yaml', digest: 'f00dfacecafe1234' },
      },
      models: [{ quantity: 'demand', model: 'demand-blend', version: 3 }],
      dataset: { name: 'market', fingerprint: '0123456789abcdef', isChanged: false },
    },
    markets: MARKETS.map(({ market }, m) => {
      const row = rowNamed(article, market, rows);
      const demand = WEEKS.map((_, i) => (30 - m * 4) * season(i) * (1 + row.recommended));
      return {
        ...{ market, listPrice: row.listPrice, today: row.today, recommended: row.recommended },
        ...{ chosen: row.chosen, state: row.state, version: row.version },
        history: {
          weeks: past,
          sales: past.map((_, i) => (i < 4 ? null : Math.round(20 * season(i)))),
          discount: past.map((_, i) => (i < 26 ? 0 : i < 40 ? 0.1 : 0.2)),
          stock: past.map((_, i) => 1400 - i * 22),
        },
        plan: {
          ...{
            weeks: WEEKS,
            discount: WEEKS.map((_, i) => Math.min(0.5, row.recommended + i * 0.02)),
            demand,
          },
          ...{
            low: demand.map((units) => units * 0.6),
            high: demand.map((units) => units * 1.5),
            sales: demand,
          },
          ...{ profit: demand.map((units) => units * 22), heldDiscount: WEEKS.map(() => row.today) },
          heldSales: demand.map((units) => units * 0.85),
          heldProfit: demand.map((units) => units * 20),
        },
        curve: {
          ...{ discounts: GRID, demand: GRID.map((d) => 20 * Math.exp(2.2 * d)) },
          ...{ low: GRID.map((d) => 13 * Math.exp(2.2 * d)), high: GRID.map((d) => 31 * Math.exp(2.2 * d)) },
          profit: GRID.map((d) => 9000 - 21000 * (d - 0.25) ** 2),
          refusals: GRID.map((d) => (d > 0.6 ? 'deeper than 60 %' : null)),
        },
        truth: { demand: GRID.map((d) => 22 * Math.exp(2 * d)) },
      };
    }),
    stock: {
      ...{ pool: true, weeks: WEEKS, planned: WEEKS.map((_, i) => 1200 - i * 92) },
      held: WEEKS.map((_, i) => 1200 - i * 76),
    },
  };
}

function weekAfter(week: string, weeks: number): string {
  return new Date(Date.parse(`${week}T00:00:00Z`) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
