import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import type { Confirmed } from './decision-model.ts';
import type { Answer, DeskVisitor } from './desk-visitor.ts';
import type { Person } from './people.ts';

/** A row as the list shows it, as far as it is looked at here. */
export interface LoadRow {
  readonly article: string;
  readonly market: string;
  readonly recommended: number;
}

/** Somebody at work. */
export interface LoadUser {
  readonly person: Person;
  readonly visitor: DeskVisitor;
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  /** Seconds from the moment that a request was due until it was answered, of those that no kill fell on. */
  readonly seconds: readonly number[];
  /** Of requests that were asked again. */
  readonly secondsAgain: readonly number[];
  readonly errors: readonly string[];
  readonly confirmed: readonly Confirmed[];
}

/** How it is done. */
export interface LoadOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether the server is up: nobody begins anything while it is not. */
  readonly isUp: () => boolean;
}

interface Decided {
  readonly id: number;
  readonly applied: number;
  readonly waiting: number;
  readonly version: number;
  readonly conflicts: readonly { readonly article: string; readonly market: string }[];
}

/** Milliseconds until somebody asks again whose server is gone. */
const AGAIN = 200;
const SORTS = ['gain', 'recommended', 'stock', 'cover', 'change', 'article', 'state'];

/**
 * Has people read and decide, so many requests a second in all, each when it is due whatever the others wait for.
 * @param users at work, in turn
 * @param rows of the list
 * @param options how many
 * @returns times, errors and what was confirmed
 */
export async function loadDesk(
  users: readonly LoadUser[],
  rows: readonly LoadRow[],
  { perSecond, seconds: length, isUp }: LoadOptions,
): Promise<LoadResult> {
  const random = xoroshiro128plus(7);
  const drawn = (): number => uniformFloat64(random);
  const one = <T>(values: readonly T[]): T => values[Math.floor(drawn() * values.length)]!;
  const seconds: number[] = [];
  const secondsAgain: number[] = [];
  const errors: string[] = [];
  const confirmed: Confirmed[] = [];
  /** People question the same few, such as the largest gains. */
  const questioned = rows.slice(0, 50);
  /** Decisions that wait for another person, and that were taken, with who did. */
  const open: { readonly id: number; readonly person: string }[] = [];
  const own: { readonly id: number; readonly person: string }[] = [];

  const ask = async (due: number, send: () => Promise<Answer>): Promise<Answer | null> => {
    let isAgain = false;
    for (;;) {
      try {
        const answer = await send();
        (isAgain ? secondsAgain : seconds).push((performance.now() - due) / 1000);
        if (answer.status < 400 || answer.status === 409) return answer;
        errors.push(`${answer.status}: ${answer.text.slice(0, 200)}`);
        return null;
      } catch (error) {
        if (!/ECONNRESET|ECONNREFUSED|socket hang up|EPIPE/.test(String(error))) throw error;
        if (isUp() && !isAgain) await sleep(20);
        if (isUp() && isAgain) errors.push(String(error));
        isAgain = true;
        while (!isUp()) await sleep(AGAIN);
      }
    }
  };
  const post = (due: number, { visitor }: LoadUser, path: string, body: object): Promise<Answer | null> => {
    const keyed = { key: randomUUID(), ...body };
    return ask(due, () => visitor.post(path, keyed));
  };
  const read = async (due: number, { visitor }: LoadUser): Promise<void> => {
    const what = drawn();
    const filter = {
      ...(drawn() < 0.5 ? { markets: [one(rows).market] } : {}),
      ...(drawn() < 0.3 ? { text: String(Math.floor(100 * drawn())) } : {}),
      ...(drawn() < 0.3 ? { gain: { from: 50 * drawn() } } : {}),
    };
    const sort = { by: one(SORTS), descending: drawn() < 0.5 };
    const { article } = questioned[Math.floor(drawn() * questioned.length)]!;
    await ask(due, () => {
      if (what < 0.8) return visitor.get('/api/rows', { filter, sort, offset: 0, count: 100 });
      if (what < 0.82) return visitor.get(`/api/article/${encodeURIComponent(article)}`);
      if (what < 0.88) return visitor.get('/api/limits');
      if (what < 0.94) return visitor.get('/api/audit', { offset: 0, count: 50 });
      return visitor.get(what < 0.97 ? '/api/waiting' : '/api/session');
    });
  };
  const decide = async (due: number, user: LoadUser): Promise<void> => {
    const first = Math.floor(drawn() * rows.length);
    const targets = rows.slice(first, first + (drawn() < 0.1 ? 20 : 1));
    const what = drawn();
    const base = {
      targets: { rows: targets.map(({ article, market }) => ({ article, market })) },
      weeks: 'first',
    };
    // Of a single row: how far it is from the plan says who has to agree.
    const step = what < 0.9 ? 0.03 : 0.08;
    const isManual = what >= 0.4 && targets.length === 1;
    const discount =
      Math.round(100 * (targets[0]!.recommended + (targets[0]!.recommended > 0.5 ? -step : step))) / 100;
    const action = isManual ? { kind: 'overrule', discount } : { kind: 'approve' };
    const answer = await post(due, user, '/api/decisions', {
      ...base,
      action,
      ...(isManual ? { reason: 'brand' } : {}),
    });
    if (answer === null || answer.status !== 200) return;
    const { id, version, waiting, conflicts } = JSON.parse(answer.text) as Decided;
    if (id === 0) return;
    const refused = new Set(conflicts.map(({ article, market }) => `${article} ${market}`));
    const taken = targets.filter(({ article, market }) => !refused.has(`${article} ${market}`));
    confirmed.push({
      ...{ kind: 'decide', id, version, isManual, waits: waiting > 0 },
      rows: taken.map(({ article, market }) => `${article} ${market}`),
      discounts: taken.map(({ recommended }) => (isManual ? discount : recommended)),
    });
    (waiting > 0 ? open : own).push({ id, person: user.person.person });
  };
  const judge = async (due: number, user: LoadUser): Promise<void> => {
    const at = open.findIndex(({ person }) => person !== user.person.person);
    if (at === -1) return read(due, user);
    const { id } = open.splice(at, 1)[0]!;
    const accept = drawn() < 0.7;
    const answer = await post(due, user, '/api/reviews', { id, accept });
    if (answer?.status !== 200) return;
    confirmed.push({ kind: 'review', id, accept, version: (JSON.parse(answer.text) as Decided).version });
  };
  const takeBack = async (due: number, user: LoadUser): Promise<void> => {
    const at = own.findLastIndex(({ person }) => person === user.person.person);
    if (at === -1) return read(due, user);
    const { id } = own.splice(at, 1)[0]!;
    const answer = await post(due, user, '/api/undo', { id });
    if (answer?.status !== 200) return;
    confirmed.push({ kind: 'undo', id, version: (JSON.parse(answer.text) as Decided).version });
  };
  const preview = async (due: number, user: LoadUser): Promise<void> => {
    const { article, market } = one(rows);
    const body = {
      targets: { rows: [{ article, market }] },
      weeks: 'first',
      action: { kind: 'overrule', discount: 0.3 },
    };
    await post(due, user, '/api/preview', { ...body, reason: 'brand' });
  };

  const running = new Set<Promise<void>>();
  let began = performance.now();
  const requests = perSecond * length;
  for (let i = 0; i < requests; i++) {
    const from = performance.now();
    while (!isUp()) await sleep(20);
    // Nothing falls due while the server is away.
    if (performance.now() - from > 20) began += performance.now() - from;
    const due = began + (1000 * i) / perSecond;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    const user = users[i % users.length]!;
    const { role } = user.person;
    const what = drawn();
    const work =
      role === 'read' || what < 0.68
        ? read
        : what < 0.72
          ? preview
          : what < 0.95
            ? decide
            : what < 0.98 && role !== 'decide'
              ? judge
              : takeBack;
    const job = work(due, user).finally(() => running.delete(job));
    running.add(job);
  }
  await Promise.all(running);
  return { requests, seconds, secondsAgain, errors, confirmed };
}
