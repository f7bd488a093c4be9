import { filterRows, type ArticleRange, type Batch } from '@hemline/core';
import type { ForecastSurvey } from './survey-forecast.ts';

/** Which of all articles are read. */
export interface ReadScope extends ForecastSurvey {
  /** Rows of the sorted articles, the end excluded. */
  readonly from: number;
  readonly to: number;
}

/** Articles that stand together in the order of names, as rows of forecasts tell them. */
export class OwnArticles {
  /** What a file's statistics are asked for. */
  readonly where: readonly (ArticleRange & { readonly column: string })[];
  readonly range: ArticleRange;
  readonly #names: ReadonlySet<string>;

  /** @param scope with one article at least */
  constructor({ articles, from, to }: ReadScope) {
    const own = articles.slice(from, to);
    this.#names = new Set(own);
    const { column, ...range } = articleRange(own);
    this.range = range;
    this.where = [{ column, ...range }];
  }

  /**
   * @param batch with `article`
   * @returns its rows of these articles
   */
  rowsOf(batch: Batch): Batch {
    const { values, dictionary } = batch.strings('article');
    const isOwn = dictionary.map((name) => this.#names.has(name));
    return isOwn.includes(false) ? filterRows(batch, (row) => isOwn[values[row]!]!) : batch;
  }
}

/**
 * @param names of articles, one at least
 * @returns what a file's statistics are asked for, so that all of them are found
 */
export function articleRange(names: readonly string[]): ArticleRange & { readonly column: string } {
  // Files order texts by their bytes; the articles are sorted as JavaScript does, which differs beyond the basic plane.
  let [least, greatest] = [names[0]!, names[0]!];
  for (const name of names) {
    if (Buffer.compare(Buffer.from(name), Buffer.from(least)) < 0) least = name;
    if (Buffer.compare(Buffer.from(name), Buffer.from(greatest)) > 0) greatest = name;
  }
  return { column: 'article', from: least, to: greatest };
}
