import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { S3Server } from '@hemline/stores/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DecisionStore } from '../../src/decisions/decision-store.ts';
import { eventBatch, factsOf, WEEK, type WrittenEvent } from './event-batch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-decisions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (number: number): string => join(folder, 'segments', `00000000${number}.parquet`);
const append = async (digest: string, ...events: WrittenEvent[]) =>
  (await DecisionStore.open(folder)).append(eventBatch(events), factsOf(digest));
const proposed = (article: string, discount: number, at = 1): WrittenEvent => ({
  ...{ event: 'proposed', article, discount, at },
});

describe('a store of decisions', () => {
  it('folds what was appended, week by week', async () => {
    await append('1', proposed('A', 0.2), { ...proposed('B', 0.3), week: WEEK + 7 });
    await append('2', { event: 'overridden', article: 'A', discount: 0.4, by: 'ann', reason: 'press' });
    const store = await DecisionStore.open(folder);
    const all = await store.read();
    expect([all.cells.length, all.segment]).toEqual([2, 2]);
    expect(all.stateOf(0)).toBe('overridden');
    expect(all.textOf(0, 'reason')).toBe('press');
    const later = await store.read({ from: WEEK + 7, to: WEEK + 7 });
    expect([later.cells.length, later.articleOf(0)]).toEqual([1, 'B']);
  });

  it('writes what changes something, tells the rest, and writes nothing a second time', async () => {
    await append('1', proposed('A', 0.2, 5), proposed('B', 0.2, 5));
    const second = await append('2', proposed('A', 0.2, 5), proposed('B', 0.3, 4), proposed('C', 0.1, 6));
    expect(second).toMatchObject({ segment: 2, applied: 1, unchanged: 1, conflicting: 1 });
    expect(second.conflicts).toMatchObject([{ row: 1, article: 'B', verdict: 'proposal-is-newer' }]);
    const again = await append('2', proposed('A', 0.2, 5), proposed('B', 0.3, 4), proposed('C', 0.1, 6));
    expect(again).toMatchObject({ segment: null, applied: 0, unchanged: 3, toldBefore: { segment: 2 } });
    const same = await append('3', proposed('C', 0.1, 6));
    expect(same).toMatchObject({ segment: null, unchanged: 1, toldBefore: null });
    expect(await readdir(join(folder, 'segments'))).toHaveLength(2);
  });

  it('goes on from a ledger as it would from the beginning, whoever comes in between', async () => {
    const own = await DecisionStore.open(folder);
    const weeks = { from: WEEK, to: WEEK + 7 };
    let ledger = await own.read(weeks);
    const tell = async (digest: string, ...events: WrittenEvent[]) => {
      const told = await own.append(eventBatch(events), factsOf(digest), { ledger });
      ledger = told.ledger;
      return told;
    };
    expect((await tell('1', proposed('A', 0.2))).segment).toBe(1);
    expect((await tell('2', proposed('A', 0.2))).segment).toBeNull();
    await append('other', { event: 'in-shop', article: 'A', discount: 0.3, at: 9 });
    const override: WrittenEvent = {
      event: 'overridden',
      article: 'A',
      discount: 0.4,
      by: 'ann',
      reason: 'press',
      at: 5,
    };
    const late = await tell('3', override);
    expect(late).toMatchObject({ segment: null, conflicts: [{ verdict: 'shop-is-newer' }] });
    expect((await tell('4', { ...override, at: 10 })).segment).toBe(3);
    expect((await tell('4', { ...override, at: 10 })).toldBefore).toMatchObject({ segment: 3 });
    expect((await tell('5', { event: 'withdrawn', article: 'A', discount: 0, by: 'ann' })).segment).toBe(4);
    const anew = await (await DecisionStore.open(folder)).read(weeks);
    for (const read of [ledger, anew]) {
      expect([read.segment, read.cells.length, read.stateOf(0), read.cells.isManual[0]]).toEqual([
        4,
        1,
        'in-shop',
        0,
      ]);
      expect(read.cells.amounts.chosen[0]).toBeNaN();
    }
    await expect(tell('6', { ...proposed('B', 0.3), week: WEEK + 14 })).rejects.toThrow(
      /does not cover the weeks/,
    );
  });

  it('does not see what a killed writer left', async () => {
    await append('1', proposed('A', 0.2));
    const whole = await readFile(file(1));
    await writeFile(join(folder, 'segments', '.000000002.parquet.0123456789ab.tmp'), whole.subarray(0, 200));
    expect((await append('2', proposed('A', 0.3, 2))).segment).toBe(2);
    expect((await (await DecisionStore.open(folder)).read()).cells.amounts.recommended[0]).toBe(0.3);
  });

  it('tells a torn, a missing and an exchanged segment', async () => {
    for (const [digest, discount] of [
      ['1', 0.2],
      ['2', 0.3],
      ['3', 0.4],
    ] as const)
      await append(digest, proposed('A', discount, 10 * discount));
    const store = await DecisionStore.open(folder);
    const [first, third] = [await readFile(file(1)), await readFile(file(3))];
    await writeFile(file(3), first);
    await expect(store.read()).rejects.toThrow(/segment of the decisions contradicts.*000000003/s);
    await writeFile(file(3), third);
    await truncate(file(3), third.length - 20);
    await expect(store.read()).rejects.toThrow(/000000003\.parquet/);
    await rm(file(2));
    await expect(store.read()).rejects.toThrow(/missing.*expected segments\/000000002/s);
  });

  it('is the same in S3: of two writers one gets the number, and nothing is lost', async () => {
    const server = new S3Server();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', await server.listen());
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    try {
      const store = await DecisionStore.open('s3://bucket/decisions');
      const articles = ['A', 'B', 'C', 'D'];
      const told = await Promise.all(
        articles.map((article) => store.append(eventBatch([proposed(article, 0.2)]), factsOf(article))),
      );
      expect(told.map(({ segment }) => segment).sort()).toEqual([1, 2, 3, 4]);
      const { cells } = await store.read();
      expect(cells.length).toBe(4);
    } finally {
      vi.unstubAllEnvs();
      await server.close();
    }
  });

  it('lets writers neither interleave nor lose a decision', async () => {
    const script = fileURLToPath(new URL('./append-many.ts', import.meta.url));
    const run = promisify(execFile);
    const names = ['a', 'b', 'c'];
    const outputs = await Promise.all(
      names.map((name) => run(process.execPath, [script, folder, name, '6'])),
    );
    const numbers = outputs.flatMap(({ stdout }) => stdout.trim().split('\n').map(Number));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
    const ledger = await (await DecisionStore.open(folder)).read();
    const found = Array.from({ length: ledger.cells.length }, (_, cell) => ledger.articleOf(cell)).sort();
    expect(found).toEqual(names.flatMap((name) => Array.from({ length: 6 }, (_, i) => `${name}${i}`)));
  });
});
