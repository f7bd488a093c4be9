import { Batch, dateColumn, float64Column, int32Column, stringColumn, validityWithout } from '@hemline/core';
import type { ArticleTable } from '../inputs/article-table.ts';
import { nullable } from './nullable.ts';
import { REASONS } from './schemas.ts';

/** Rows of both tables, as plain numbers: their columns are cut out of them. */
export class TableRows {
  readonly #table: ArticleTable;
  readonly #experimentNames: readonly string[];
  readonly #rows: number[] = [];
  readonly #articles: number[] = [];

  constructor(table: ArticleTable, experimentNames: readonly string[] = []) {
    this.#table = table;
    this.#experimentNames = experimentNames;
  }

  /** Names by their number, −1 where nothing was drawn. */
  #experiments(numbers: Float64Array) {
    const none = [...numbers.keys()].filter((row) => numbers[row] === -1);
    const codes = Int32Array.from(numbers, (number) => Math.max(0, number));
    const names = this.#experimentNames;
    return stringColumn(codes, names.length === 0 ? [''] : names, validityWithout(numbers.length, none));
  }

  get length(): number {
    return this.#rows.length;
  }

  add(row: readonly number[]): void {
    this.#rows.push(...row);
  }

  addArticle(row: readonly number[]): void {
    this.#articles.push(...row);
  }

  finish(): { readonly recommendations: Batch; readonly articles: Batch } {
    const { articles, markets, market, weeks, support } = this.#table;
    const column = (from: readonly number[], width: number, at: number): Float64Array =>
      Float64Array.from({ length: from.length / width }, (_, row) => from[row * width + at]!);
    const of = (at: number): Float64Array => column(this.#rows, 15, at);
    const ofArticle = (at: number): Float64Array => column(this.#articles, 8, at);
    const series = of(1);
    const text = (names: ReturnType<Batch['strings']>, at: Float64Array) =>
      stringColumn(
        Int32Array.from(at, (row) => names.values[row]!),
        names.dictionary,
      );
    const article = articles.strings('article');
    return {
      recommendations: new Batch({
        article: text(article, of(0)),
        market: text(
          markets.strings('market'),
          series.map((n) => market[n]!),
        ),
        week: dateColumn(Int32Array.from(of(2), (t) => weeks[t]!)),
        ...{ discount: float64Column(of(4)), price: float64Column(of(5)), demand: float64Column(of(6)) },
        ...{ sales: float64Column(of(7)), returns: float64Column(of(8)), profit: float64Column(of(9)) },
        ...{ heldDiscount: nullable(of(10)), heldSales: nullable(of(11)), heldProfit: nullable(of(12)) },
        reason: stringColumn(Int32Array.from(of(3)), [...REASONS]),
        support: float64Column(series.map((n) => support[n]!)),
        propensity: nullable(of(13)),
        experiment: this.#experiments(of(14)),
      }),
      articles: new Batch({
        article: text(article, ofArticle(0)),
        ...{
          profit: float64Column(ofArticle(1)),
          heldProfit: nullable(ofArticle(2)),
          gain: nullable(ofArticle(3)),
        },
        changes: int32Column(Int32Array.from(ofArticle(4))),
        ...{ unitsLeft: float64Column(ofArticle(5)), heldUnitsLeft: nullable(ofArticle(6)) },
        gap: float64Column(ofArticle(7)),
      }),
    };
  }
}
