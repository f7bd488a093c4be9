import type { ArticleShare } from '../coordinator/article-portfolio.ts';

/**
 * All articles in blocks of a fixed size, in the order of their names. Sums are taken within blocks and then over them, and each block
 * has files of its own: which host has which blocks changes nothing.
 */
export class ArticleBlocks {
  readonly articles: number;
  /** How many blocks there are. */
  readonly count: number;
  /** Names of the hosts that have a block, in order: no more than blocks. */
  readonly workers: readonly string[];
  readonly #size: number;

  /**
   * @param articles how many there are
   * @param size articles of a block
   * @param hosts names of all hosts, sorted
   */
  constructor(articles: number, size: number, hosts: readonly string[]) {
    this.articles = articles;
    this.#size = size;
    this.count = Math.ceil(articles / size);
    this.workers = hosts.slice(0, this.count);
  }

  /**
   * @param block its number, from 0
   * @returns rows of its articles
   */
  share(block: number): ArticleShare {
    return { from: block * this.#size, to: Math.min(this.articles, (block + 1) * this.#size) };
  }

  /**
   * @param block its number
   * @returns name of the host that has it
   */
  hostOf(block: number): string {
    return this.workers[Math.floor((block * this.workers.length) / this.count)]!;
  }

  /**
   * @param host its name
   * @returns numbers of its blocks, which stand together; none of a host beyond the blocks
   */
  blocksOf(host: string): readonly number[] {
    return this.all.filter((block) => this.hostOf(block) === host);
  }

  /** Numbers of all blocks. */
  get all(): readonly number[] {
    return Array.from({ length: this.count }, (_, block) => block);
  }

  /**
   * @param host its name, of a worker
   * @returns rows of all its articles
   */
  shareOf(host: string): ArticleShare {
    const own = this.blocksOf(host);
    return { from: this.share(own[0]!).from, to: this.share(own.at(-1)!).to };
  }
}

/**
 * @param block its number
 * @returns a name that sorts as the number
 */
export function blockName(block: number): string {
  return String(block).padStart(5, '0');
}
