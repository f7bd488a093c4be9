import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArticleBlocks } from '../../src/hosts/article-blocks.ts';

describe('blocks of articles', () => {
  it('cover all articles once, on each host those that stand together, whatever the hosts', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 9 }),
        (articles, size, count) => {
          const hosts = Array.from({ length: count }, (_, i) => `algo-${i + 1}`);
          const blocks = new ArticleBlocks(articles, size, hosts);
          expect(blocks.all.flatMap((block) => rowsOf(blocks.share(block)))).toEqual(
            rowsOf({ from: 0, to: articles }),
          );
          expect(blocks.workers).toHaveLength(Math.min(count, Math.ceil(articles / size)));
          expect(blocks.workers.flatMap((host) => rowsOf(blocks.shareOf(host)))).toEqual(
            rowsOf({ from: 0, to: articles }),
          );
          const sizes = blocks.workers.map((host) => blocks.blocksOf(host).length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

function rowsOf({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
