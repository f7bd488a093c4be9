import { hashed } from './hashed.ts';
import type { Evaluation, LinkingRow, Portfolio } from './linking-row.ts';

/** Sets this draw apart from others. */
const SALT = 7919;

/**
 * Whether an article is of a sample. Drawn, not counted off: articles may stand in an order that repeats itself.
 * @param article row
 * @param every about one of so many is taken; 1 takes all
 * @returns the same for the same article
 */
export function isSampled(article: number, every: number): boolean {
  return every <= 1 || hashed(article, SALT) * every < 1;
}

/**
 * About every so many-th article of a portfolio, under its share of what the rows allow: the multipliers that are best for it are nearly
 * those of all articles, and cost a fraction of the time.
 */
export class SampledPortfolio implements Portfolio {
  readonly rows: readonly LinkingRow[];
  readonly planOffsets: Float64Array;
  readonly #whole: Portfolio;
  readonly #every: number;
  /** Rows of the articles that are taken. */
  readonly #articles: Int32Array;
  /** The first evaluation, of all articles. */
  #first: Evaluation | undefined;

  /**
   * @param whole all articles
   * @param every about one of so many is taken
   */
  constructor(whole: Portfolio, every: number) {
    this.#whole = whole;
    this.#every = every;
    const { planOffsets } = whole;
    const articles = planOffsets.length - 1;
    this.#articles = Int32Array.from({ length: articles }, (_, a) => a).filter((a) => isSampled(a, every));
    const share = this.#articles.length / articles;
    this.rows = whole.rows.map((row) => ({ ...row, bound: row.bound * share }));
    this.planOffsets = new Float64Array(this.#articles.length + 1);
    this.#articles.forEach(
      (a, i) => (this.planOffsets[i + 1] = this.planOffsets[i]! + planOffsets[a + 1]! - planOffsets[a]!),
    );
  }

  async evaluate(multipliers: Float64Array): Promise<Evaluation> {
    const found = await this.#whole.evaluate(multipliers, this.#every);
    this.#first ??= found;
    return this.#pick(found);
  }

  async known(): Promise<readonly Evaluation[]> {
    if (this.#first === undefined) return [];
    return (await this.#whole.known(this.#first)).map((found) => this.#pick(found));
  }

  /** Variations fill the limits of few articles; a sample is taken of many. */
  vary(): Promise<Evaluation> {
    return Promise.reject(new RangeError('expected a whole portfolio, found a sample: it has no variations'));
  }

  #pick({ profit, use, bound, levels }: Evaluation): Evaluation {
    const { planOffsets, rows } = this;
    const S = planOffsets.length - 1;
    const R = rows.length;
    const found: Evaluation = {
      ...{ profit: new Float64Array(S), use: new Float64Array(S * R) },
      ...{ bound: new Float64Array(S), levels: new Uint8Array(planOffsets[S]!) },
    };
    const offsets = this.#whole.planOffsets;
    this.#articles.forEach((a, i) => {
      found.profit[i] = profit[a]!;
      found.bound[i] = bound[a]!;
      found.use.set(use.subarray(a * R, (a + 1) * R), i * R);
      found.levels.set(levels.subarray(offsets[a]!, offsets[a + 1]!), planOffsets[i]!);
    });
    return found;
  }
}
