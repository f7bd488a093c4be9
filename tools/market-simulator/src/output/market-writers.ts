import { join } from 'node:path';
import type { Schema } from '@hemline/core';
import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import type { CheckedOptions } from '../options.ts';
import type { SimulatedSeries } from '../series/series-state.ts';
import {
  writeArticle,
  writeClearance,
  writeFulfillment,
  writeMarket,
  writeReturns,
  writeSizes,
  writeWeekly,
  type SeriesTags,
} from './observed-rows.ts';
import {
  ARTICLES_SCHEMA,
  CLEARANCE_SCHEMA,
  FULFILLMENT_SCHEMA,
  RETURNS_SCHEMA,
  marketsSchema,
  SIZES_SCHEMA,
  TAGGED_WEEKLY_SCHEMA,
  TRUE_COSTS_SCHEMA,
  TRUE_RESIDUAL_SCHEMA,
  trueDemandSchema,
  trueReturnsSchema,
  WEEKLY_SCHEMA,
} from './schemas.ts';
import { TableWriter, type TableSummary } from './table-writer.ts';
import { writeTrueCosts, writeTrueDemand, writeTrueResidual, writeTrueReturns } from './truth-rows.ts';

/** Rows, files and bytes of each table, by its path below the output folder. */
export type TableSummaries = Record<string, TableSummary>;

/** Writers of all tables: those with a part per market, and those that all markets share. */
export class MarketWriters {
  readonly #folder: string;
  readonly #options: CheckedOptions;
  readonly #shared: ReadonlyMap<string, TableWriter>;
  #partitioned: ReadonlyMap<string, TableWriter> = new Map();
  readonly #tagged: boolean;
  readonly #summaries: TableSummaries = {};

  /**
   * @param folder with `observed` below it, and `truth`
   * @param options of the simulation
   * @param tables whether the truth is written, and whether discounts carry tags
   */
  constructor(folder: string, options: CheckedOptions, tables = { truth: true, tagged: false }) {
    this.#folder = folder;
    this.#tagged = tables.tagged;
    this.#options = options;
    const flat = (table: string, schema: Schema): [string, TableWriter] => [
      table,
      this.#writer(schema, Infinity, () => join(folder, `${table}.parquet`)),
    ];
    this.#shared = new Map([
      flat('observed/articles', ARTICLES_SCHEMA),
      flat('observed/markets', marketsSchema(options)),
      ...(tables.truth
        ? [
            flat('truth/returns', trueReturnsSchema(options.levels)),
            flat('truth/costs', TRUE_COSTS_SCHEMA),
            flat('truth/residual', TRUE_RESIDUAL_SCHEMA),
          ]
        : []),
    ]);
  }

  /**
   * Begins the files of a market.
   * @param market to be written until {@link endMarket}
   */
  beginMarket(market: Market): void {
    const partitioned = (table: string, schema: Schema): [string, TableWriter] => [
      table,
      this.#writer(schema, this.#options.fileRows, (part) =>
        join(this.#folder, table, `market=${market.code}`, `part-${String(part).padStart(5, '0')}.parquet`),
      ),
    ];
    this.#partitioned = new Map([
      partitioned('observed/weekly', this.#tagged ? TAGGED_WEEKLY_SCHEMA : WEEKLY_SCHEMA),
      partitioned('observed/sizes', SIZES_SCHEMA),
      partitioned('observed/returns', RETURNS_SCHEMA),
      partitioned('observed/fulfillment', FULFILLMENT_SCHEMA),
      partitioned('observed/clearance', CLEARANCE_SCHEMA),
      ...(this.#shared.has('truth/costs')
        ? [partitioned('truth/demand', trueDemandSchema(this.#options.levels))]
        : []),
    ]);
    writeMarket(this.#shared.get('observed/markets')!, market, this.#options);
  }

  /**
   * Writes an article's attributes.
   * @param article to write, once
   */
  writeArticle(article: Article): void {
    writeArticle(this.#shared.get('observed/articles')!, article);
  }

  /**
   * Writes all that there is about a series.
   * @param article of the series
   * @param market of the series
   * @param series just simulated
   * @param tags of its discounts, where they carry any
   */
  writeSeries(
    article: Article,
    market: Market,
    series: SimulatedSeries,
    tags: SeriesTags | null = null,
  ): void {
    const { levels } = this.#options;
    writeWeekly(this.#partitioned.get('observed/weekly')!, article, series, levels, tags);
    writeSizes(this.#partitioned.get('observed/sizes')!, article, series);
    writeReturns(this.#partitioned.get('observed/returns')!, article, series);
    writeFulfillment(this.#partitioned.get('observed/fulfillment')!, article, series);
    writeClearance(this.#partitioned.get('observed/clearance')!, article, series);
    if (!this.#partitioned.has('truth/demand')) return;
    writeTrueDemand(this.#partitioned.get('truth/demand')!, article, series, levels);
    writeTrueReturns(this.#shared.get('truth/returns')!, article, market, series, levels);
    writeTrueCosts(this.#shared.get('truth/costs')!, article, market, series);
    writeTrueResidual(this.#shared.get('truth/residual')!, article, market, series);
  }

  /** Waits until the files have taken what is queued. */
  async drain(): Promise<void> {
    await Promise.all([...this.#shared.values(), ...this.#partitioned.values()].map((w) => w.drain()));
  }

  /** Ends the files of the market. */
  async endMarket(): Promise<void> {
    await this.#close(this.#partitioned);
    this.#partitioned = new Map();
  }

  /**
   * Ends the files that all markets share.
   * @returns what was written in all
   */
  async close(): Promise<TableSummaries> {
    await this.#close(this.#shared);
    return this.#summaries;
  }

  /**
   * Stops all writing.
   * @param reason why
   */
  async abort(reason: unknown): Promise<void> {
    await Promise.all([...this.#shared.values(), ...this.#partitioned.values()].map((w) => w.abort(reason)));
  }

  async #close(writers: ReadonlyMap<string, TableWriter>): Promise<void> {
    for (const [table, writer] of writers) {
      const { rows, files, bytes } = await writer.close();
      const before = this.#summaries[table] ?? { rows: 0, files: 0, bytes: 0 };
      this.#summaries[table] = {
        rows: before.rows + rows,
        files: before.files + files,
        bytes: before.bytes + bytes,
      };
    }
  }

  #writer(schema: Schema, fileRows: number, path: (part: number) => string): TableWriter {
    const { levels, seed, rowGroupRows } = this.#options;
    const metadata = {
      'hemline.generator': 'market-simulator',
      'hemline.seed': String(seed),
      'hemline.discounts': [...levels].join(','),
    };
    return new TableWriter({ schema, path, rowGroupRows, fileRows, metadata });
  }
}
