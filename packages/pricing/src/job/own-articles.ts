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
    // Files order texts by their bytes; the articles are sorted as JavaScript does, which differs beyond the basic plane.
    let [least, greatest] = [own[0]!, own[0]!];
    for (const name of own) {
      if (Buffer.compare(Buffer.from(name), Buffer.from(least)) < 0) least = name;
      if (Buffer.compare(Buffer.from(name), Buffer.from(greatest)) > 0) greatest = name;
    }
    this.range = { from: least, to: greatest };
    this.where = [{ column: 'article', ...this.range }];
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
