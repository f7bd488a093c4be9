import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hemline } from '../accuracy/hemline-command.ts';
import { heldRows, type Holding } from '../desk/decision-model.ts';
import { startDesk, type DeskServer } from '../desk/desk-server.ts';
import { contentOf, DeskVisitor } from '../desk/desk-visitor.ts';
import { loadDesk, type LoadRow } from '../desk/load-users.ts';
import { peopleFile } from '../desk/people.ts';
import { CACHE } from '../harness/cache.ts';

/**
 * Twenty people at a desk for a while; the server is killed now and then. Arguments: home with a priced run, requests a second, seconds,
 * kills. Decisions are counted in the audit and in the store of decisions when all is done.
 */
const [from, perSecond, length, kills] = process.argv.slice(2) as [string, string, string, string];
const USERS = 20;
const folder = await mkdtemp(join(CACHE, 'desk-load-'));
const home = join(folder, 'home');
await cp(from, home, { recursive: true });
const { file, people } = await peopleFile(join(folder, 'people.json'), USERS);
const port = await freePort();
const start = (): Promise<DeskServer> => startDesk(home, ['--auth', file, '--port', String(port)]);

let desk = await start();
let isUp = true;
let peakBytes = 0;
try {
  const users = people.map((person) => ({ person, visitor: new DeskVisitor(port) }));
  for (const { person, visitor } of users) await visitor.enter(person.token);
  const rows = await allRows(users[0]!.visitor);
  const restarts: number[] = [];
  let isOver = false;
  const killing = (async () => {
    for (let k = 0; k < Number(kills); k++) {
      // Not in step with anything that the server does.
      await sleep((1000 * Number(length)) / (Number(kills) + 1) - 37 * k);
      if (isOver) return;
      isUp = false;
      peakBytes = Math.max(peakBytes, desk.peakBytes());
      await desk.end('SIGKILL');
      desk = await start();
      restarts.push(desk.seconds);
      isUp = true;
    }
  })();
  const result = await loadDesk(users, rows, {
    ...{ perSecond: Number(perSecond), seconds: Number(length), isUp: () => isUp },
  });
  isOver = true;
  await killing;
  const audit = await auditIds(users[0]!.visitor);
  const decided = result.confirmed.filter(({ kind }) => kind === 'decide').map(({ id }) => id);
  const there = new Set(audit);
  // What is exported has been told to the store before.
  contentOfCsv(await users.at(-1)!.visitor.get('/api/export?format=csv'));
  for (const { visitor } of users) visitor.leave();
  peakBytes = Math.max(peakBytes, desk.peakBytes());
  await desk.end('SIGTERM');
  const differing = await differences(heldRows(result.confirmed));
  const sorted = result.seconds.toSorted((a, b) => a - b);
  const again = result.secondsAgain.toSorted((a, b) => a - b);
  const at = (values: readonly number[], share: number): number =>
    values.length === 0 ? 0 : values[Math.min(values.length - 1, Math.floor(share * values.length))]!;
  const figures = {
    ...{ rows: rows.length, requests: result.requests, errors: result.errors.length },
    ...{ decisions: decided.length, inAudit: audit.length },
    reviewsAndUndone: result.confirmed.length - decided.length,
    lost: decided.filter((id) => !there.has(id)).length,
    doubled: audit.length - new Set(decided).size + (decided.length - new Set(decided).size),
    differingInStore: differing.length,
    ...{ p50Seconds: at(sorted, 0.5), p99Seconds: at(sorted, 0.99), mostSeconds: at(sorted, 1) },
    ...{ kills: restarts.length, askedAgain: again.length, longestAgainSeconds: at(again, 1) },
    restartSeconds: at(
      restarts.toSorted((a, b) => a - b),
      0.5,
    ),
  };
  for (const line of [...new Set(result.errors)].slice(0, 10)) process.stderr.write(`${line}\n`);
  for (const line of differing.slice(0, 10)) process.stderr.write(`${line}\n`);
  process.stdout.write(
    `${JSON.stringify({ seconds: figures.p99Seconds, peakBytes, check: `${result.requests} requests`, figures })}\n`,
  );
} finally {
  await desk.end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}

async function allRows(visitor: DeskVisitor): Promise<readonly LoadRow[]> {
  const rows: LoadRow[] = [];
  for (;;) {
    const query = { filter: {}, sort: { by: 'article', descending: false }, offset: rows.length, count: 500 };
    const page = contentOf<{ readonly total: number; readonly rows: readonly LoadRow[] }>(
      await visitor.get('/api/rows', query),
    );
    rows.push(...page.rows);
    if (rows.length >= page.total) return rows;
  }
}

async function auditIds(visitor: DeskVisitor): Promise<readonly number[]> {
  const ids: number[] = [];
  for (;;) {
    const page = contentOf<{ readonly total: number; readonly entries: readonly { readonly id: number }[] }>(
      await visitor.get('/api/audit', { offset: ids.length, count: 500 }),
    );
    ids.push(...page.entries.map(({ id }) => id));
    if (ids.length >= page.total) return ids;
  }
}

/** The store of decisions beside what was confirmed. */
async function differences(held: ReadonlyMap<string, Holding>): Promise<readonly string[]> {
  const { result } = await hemline<{ readonly rows: readonly StoredRow[] }>(
    ['decisions', 'list', '--state', 'approved', 'overridden', '--limit', '1000000'],
    home,
  );
  const stored = new Map(result.rows.map((row) => [`${row.article} ${row.market}`, row]));
  const found: string[] = [];
  for (const [key, { id, discount, isManual }] of held) {
    const row = stored.get(key);
    const state = isManual ? 'overridden' : 'approved';
    if (row === undefined) found.push(`${key}: decision ${id} is not in the store`);
    else if (row.state !== state || Math.abs(row.chosen - discount) > 1e-9)
      found.push(`${key}: ${row.state} ${row.chosen} in the store, ${state} ${discount} by decision ${id}`);
  }
  for (const [key, row] of stored)
    if (!held.has(key))
      found.push(`${key}: ${row.state} ${row.chosen} in the store, and nobody has decided it`);
  return found;
}

interface StoredRow {
  readonly article: string;
  readonly market: string;
  readonly state: string;
  readonly chosen: number;
}

function contentOfCsv({ status, text }: { readonly status: number; readonly text: string }): void {
  if (status >= 400) throw new Error(`the desk refuses: ${status} ${text}`);
}

/** A port that the server can be started at again: who has its address comes back to it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .on('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as AddressInfo;
        server.close(() => resolve(free));
      });
  });
}
