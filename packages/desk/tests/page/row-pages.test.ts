import { describe, expect, it } from 'vitest';
import { rowPages } from '../../src/page/list/row-pages.ts';
import type { Row, RowsAnswer } from '../../src/api/index.ts';

/** A server that answers when it is told to. */
function slowServer() {
  const asked: { offset: number; signal: AbortSignal; answer: () => void; fail: () => void }[] = [];
  const failures: unknown[] = [];
  let came = 0;
  const ask = (offset: number, count: number, signal: AbortSignal): Promise<RowsAnswer> =>
    new Promise((resolve, reject) => {
      asked.push({
        ...{ offset, signal },
        answer: () =>
          resolve({
            rows: Array.from({ length: count }, (_, i) => ({ article: `A${offset + i}` }) as Row),
          } as unknown as RowsAnswer),
        fail: () => reject(new Error('no')),
      });
    });
  return {
    asked,
    failures,
    count: () => came,
    source: { ask, came: () => void came++, failed: (error: unknown) => void failures.push(error) },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('pages of rows', () => {
  it('asks once for what is in view, and has it afterwards', async () => {
    const server = slowServer();
    const pages = rowPages(server.source, { page: 10, kept: 3 });
    pages.show(5, 15);
    pages.show(5, 15);
    expect(server.asked.map(({ offset }) => offset)).toEqual([0, 10]);
    expect(pages.row(5)).toBeUndefined();
    server.asked.forEach(({ answer }) => answer());
    await settle();
    expect([pages.row(5)?.article, pages.row(14)?.article, server.count()]).toEqual(['A5', 'A14', 2]);
  });

  it('gives up what is no longer in view, and says nothing of it', async () => {
    const server = slowServer();
    const pages = rowPages(server.source, { page: 10, kept: 3 });
    pages.show(0, 10);
    pages.show(500, 510);
    expect(server.asked[0]!.signal.aborted).toBe(true);
    server.asked[0]!.fail();
    server.asked[1]!.answer();
    await settle();
    expect([server.failures, pages.row(0), pages.row(500)?.article]).toEqual([[], undefined, 'A500']);
  });

  it('keeps no more than it may: what was longest out of view goes', async () => {
    const server = slowServer();
    const pages = rowPages(server.source, { page: 10, kept: 2 });
    for (const first of [0, 10, 20]) {
      pages.show(first, first + 10);
      server.asked.at(-1)!.answer();
      await settle();
      if (first === 10) pages.show(0, 10);
    }
    expect([pages.row(0)?.article, pages.row(10), pages.row(20)?.article]).toEqual(['A0', undefined, 'A20']);
  });

  it('shows what it has while it asks again, and asks again after a failure', async () => {
    const server = slowServer();
    const pages = rowPages(server.source, { page: 10, kept: 2 });
    pages.show(0, 10);
    server.asked[0]!.answer();
    await settle();
    pages.renew();
    expect([pages.row(0)?.article, server.asked.length]).toEqual(['A0', 2]);
    server.asked[1]!.fail();
    await settle();
    expect(server.failures).toHaveLength(1);
    pages.show(0, 10);
    expect(server.asked).toHaveLength(3);
  });
});
