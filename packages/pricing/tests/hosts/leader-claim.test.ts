import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@hemline/stores';
import { afterAll, describe, expect, it } from 'vitest';
import { Exchange } from '../../src/hosts/exchange.ts';
import { LeaderClaim } from '../../src/hosts/leader-claim.ts';

const folder = mkdtempSync(join(tmpdir(), 'hemline-leader-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORKERS = ['algo-1', 'algo-2', 'algo-3'];

/** A host with so much patience, in seconds. */
async function claimOf(place: string, host: string, patience = 3600): Promise<LeaderClaim> {
  const exchange = new Exchange(await openStore(join(folder, place)), 'd'.repeat(64), {
    ...{ host, patience: 1000 * patience, signal: new AbortController().signal },
    ...{ isFinished: () => Promise.resolve(false), onWait: () => undefined },
  });
  return new LeaderClaim(exchange, WORKERS);
}

describe('LeaderClaim', () => {
  it('is for the first worker to begin with, and for nobody else', async () => {
    const [one, two] = [await claimOf('first', 'algo-1'), await claimOf('first', 'algo-2')];
    expect(await two.look()).toBe(false);
    expect(await one.look()).toBe(true);
    expect([await two.look(), two.leader]).toEqual([false, 'algo-1']);
    expect(await one.look()).toBe(true);
    await one.release();
  });

  it('is taken over at once by the next start of the host that led', async () => {
    const before = await claimOf('restart', 'algo-1');
    await before.look();
    await before.release();
    const again = await claimOf('restart', 'algo-1');
    expect(await again.look()).toBe(true);
    await again.release();
  });

  it('is taken over where the leader gives no sign of life, by one of those that try at once', async () => {
    const gone = await claimOf('silent', 'algo-1');
    await gone.look();
    await gone.release();
    const others = [await claimOf('silent', 'algo-2', 0), await claimOf('silent', 'algo-3', 0)];
    // Each looks first: what it sees for the first time is a sign of life.
    for (const each of others) await each.look();
    const led = await Promise.all(others.map((each) => each.look()));
    expect(led.filter(Boolean)).toHaveLength(1);
    const late = await claimOf('silent', 'algo-1');
    expect(await late.look()).toBe(false);
    expect(late.leader).toBe(others[led.indexOf(true)] === others[0] ? 'algo-2' : 'algo-3');
    for (const each of others) await each.release();
  });

  it('is not for a host without articles, and taken from one that takes part no more', async () => {
    const idle = await claimOf('idle', 'algo-9', 0);
    await idle.look();
    expect(await idle.look()).toBe(false);
    const before = await claimOf('fewer', 'algo-1');
    await before.look();
    await before.release();
    const store = await openStore(join(folder, 'fewer'));
    const exchange = new Exchange(store, 'd'.repeat(64), {
      ...{ host: 'algo-2', patience: 3_600_000, signal: new AbortController().signal },
      ...{ isFinished: () => Promise.resolve(false), onWait: () => undefined },
    });
    const fewer = new LeaderClaim(exchange, ['algo-2', 'algo-3']);
    expect(await fewer.look()).toBe(true);
    await fewer.release();
  });
});
