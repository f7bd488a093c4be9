import { ConfigurationError, DataError, type Batch, type HemlineError } from '@hemline/core';
import { articleName } from './article-rules.ts';

/** Articles that a message names. */
const MOST_NAMED = 10;

/** An article that cannot be priced. */
export interface BadArticle {
  readonly article: string;
  /** What is wrong, with market and week where it is theirs. */
  readonly reason: string;
}

/** Articles that cannot be priced, by row. */
export interface BadEntries {
  readonly rows: readonly number[];
  readonly reasons: readonly string[];
  readonly ofLimits: boolean;
}

/** What tells articles and markets by the number of their series. */
interface Series {
  readonly articles: Batch;
  readonly markets: Batch;
  /** First series of each article [A + 1]. */
  readonly offsets: Int32Array;
  /** Row of the markets [N]. */
  readonly market: Int32Array;
}

/**
 * Articles that cannot be priced, whatever is wrong with each: forecast, data, limits. They are collected while all is read, so that one
 * error names them, or the others are priced.
 */
export class BadArticles {
  readonly #series: Series;
  /** First reason by row of the article. */
  readonly #reasons = new Map<number, string>();
  #areOfLimits = true;

  /** @param series of all articles */
  constructor(series: Series) {
    this.#series = series;
  }

  /** How many there are. */
  get size(): number {
    return this.#reasons.size;
  }

  /**
   * @param article row
   * @returns whether it is one of them
   */
  has(article: number): boolean {
    return this.#reasons.has(article);
  }

  /**
   * Adds the article of a series; what is known of it first is kept.
   * @param series its number
   * @param reason for example `no list price`
   * @param detail of it, such as a week
   */
  addSeries(series: number, reason: string, detail = ''): void {
    const { markets, market } = this.#series;
    const { dictionary, values } = markets.strings('market');
    const place = `in market ${dictionary[values[market[series]!]!]}`;
    this.addArticle(this.articleOf(series), `${reason} ${place}${detail === '' ? '' : `, ${detail}`}`);
  }

  /**
   * Adds an article; what is known of it first is kept.
   * @param article row
   * @param reason what is wrong with it
   * @param isOfLimits whether its limits are wrong, and no data
   */
  addArticle(article: number, reason: string, isOfLimits = false): void {
    if (this.#reasons.has(article)) return;
    this.#reasons.set(article, reason);
    this.#areOfLimits &&= isOfLimits;
  }

  /**
   * What is known of them, to be told to others.
   * @returns row and reason of each, and whether their limits alone are wrong
   */
  get entries(): BadEntries {
    return {
      rows: [...this.#reasons.keys()],
      reasons: [...this.#reasons.values()],
      ofLimits: this.#areOfLimits,
    };
  }

  /** @param entries of other articles */
  addEntries({ rows, reasons, ofLimits }: BadEntries): void {
    rows.forEach((row, i) => this.addArticle(row, reasons[i]!, ofLimits));
  }

  /**
   * @param series number of one
   * @returns row of its article
   */
  articleOf(series: number): number {
    const { offsets } = this.#series;
    let [low, high] = [0, offsets.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! <= series) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * @param isPriced of an article, whether there is anything to decide about it: others are not missed
   * @returns them, by row
   */
  list(isPriced: (article: number) => boolean): readonly BadArticle[] {
    return [...this.#reasons]
      .filter(([article]) => isPriced(article))
      .sort(([a], [b]) => a - b)
      .map(([article, reason]) => ({ article: articleName(this.#series.articles, article), reason }));
  }

  /**
   * One error about all of them.
   * @param found of {@link list}, at least one
   * @param of how many articles there were to price
   * @param file of the limits
   * @returns the error
   */
  error(found: readonly BadArticle[], of: number, file: string): HemlineError {
    const named = found.slice(0, MOST_NAMED).map(({ article, reason }) => `${article}: ${reason}`);
    if (found.length > MOST_NAMED) named.push(`and ${found.length - MOST_NAMED} more`);
    const isAll = found.length === of;
    const options = {
      found: named.join('; '),
      ...(this.#areOfLimits ? { where: { file } } : {}),
      remedy: `Correct their ${this.#areOfLimits ? 'limits' : 'data or limits'}${isAll ? '.' : `, or leave them out (--leave-out-bad) and price the other ${of - found.length}.`}`,
    };
    const problem = isAll
      ? `none of the ${of} articles can be priced`
      : `${found.length} of ${of} articles cannot be priced`;
    return this.#areOfLimits ? new ConfigurationError(problem, options) : new DataError(problem, options);
  }
}
