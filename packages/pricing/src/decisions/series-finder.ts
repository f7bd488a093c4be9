import type { Batch, StringColumn } from '@hemline/core';
import type { ArticleTable } from '../inputs/article-table.ts';

/** Finds the rows of anybody's table among the series and weeks of an article table. */
export class SeriesFinder {
  readonly #table: ArticleTable;
  readonly #articleOf: ReadonlyMap<string, number>;
  readonly #marketOf: ReadonlyMap<string, number>;
  readonly #weekAt: ReadonlyMap<number, number>;

  /** @param table all articles */
  constructor(table: ArticleTable) {
    this.#table = table;
    this.#articleOf = rowsOf(table.articles.strings('article'));
    this.#marketOf = rowsOf(table.markets.strings('market'));
    this.#weekAt = new Map([...table.weeks].map((week, t) => [week, t]));
  }

  /**
   * @param keys rows of `article`, `market`, `week`
   * @returns the cell of each, series · T + week; −1 where it is not among them
   */
  cells(keys: Batch): Int32Array {
    const [articles, markets] = [keys.strings('article'), keys.strings('market')];
    const article = articles.dictionary.map((name) => this.#articleOf.get(name) ?? -1);
    const market = markets.dictionary.map((name) => this.#marketOf.get(name) ?? -1);
    const weeks = keys.weeks('week');
    return Int32Array.from({ length: keys.length }, (_, row) => {
      const a = article[articles.values[row]!]!;
      const t = this.#weekAt.get(weeks[row]!);
      if (a === -1 || t === undefined) return -1;
      const n = this.#seriesOf(a, market[markets.values[row]!]!);
      return n === -1 ? -1 : n * this.#weekAt.size + t;
    });
  }

  /** Markets of an article are sorted, and few. */
  #seriesOf(article: number, market: number): number {
    const { offsets, market: marketOf } = this.#table;
    for (let n = offsets[article]!; n < offsets[article + 1]!; n++) if (marketOf[n] === market) return n;
    return -1;
  }
}

function rowsOf({ values, dictionary }: StringColumn): Map<string, number> {
  return new Map(Array.from(values, (code, row) => [dictionary[code]!, row]));
}
