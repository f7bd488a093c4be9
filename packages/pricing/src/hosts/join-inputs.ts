import type { DiscountGrid } from '@hemline/core';
import { pricingOnly, type ArticleTable } from '../inputs/article-table.ts';
import { BadArticles, type BadEntries } from '../inputs/bad-articles.ts';
import type { BuiltTable } from '../inputs/build-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { assumptionsOf, sumOfGaps, type InputGaps } from '../inputs/input-gaps.ts';
import { offeredLevels, type ForecastErrors } from '../inputs/offered-levels.ts';
import type { ArticleBlocks } from './article-blocks.ts';
import type { Exchange } from './exchange.ts';
import { pack, unpack, type Packed } from './packed-arrays.ts';

/** The part of the inputs that this host has read, and what holds for all parts. */
export interface JoinedInputs {
  /** All articles in their places; only those of this host are on sale. */
  readonly table: ArticleTable;
  readonly assumptions: readonly string[];
  /** Prices of articles that are priced, on whatever host, that people have fixed. */
  readonly placed: number;
}

/** All articles, as far as every host has to know of them. */
export interface CheckedArticles {
  /** Articles that cannot be priced, of all hosts. */
  readonly bad: BadArticles;
  /** Articles that there are to price, those included. */
  readonly priced: number;
  /** Markets · weeks of each article's plan, 0 of one without [A]. */
  readonly planLengths: Int32Array;
}

/**
 * Each host tells all others something of a stage, and hears it of them. Parts depend on the number of hosts: another number of them has
 * stages of its own.
 * @param exchange of the hosts
 * @param workers names of the hosts that take part
 * @param stage its name
 * @param own what this host tells
 * @returns what each told, in the order of the workers
 */
export async function tellAll<T>(
  exchange: Exchange,
  workers: readonly string[],
  stage: string,
  own: Packed<T>,
): Promise<readonly Packed<T>[]> {
  const folder = `${stage}-of-${workers.length}`;
  const key = (host: string): string => `${folder}/${host}`;
  await exchange.put(key(exchange.host), pack(own));
  const parts = await exchange.gather(
    folder,
    workers.map((host) => ({ key: key(host), host })),
  );
  return parts.map((bytes) => unpack<T>(bytes));
}

/**
 * Joins what hosts have read: levels on offer rest on the history of whole groups, and assumptions are counted over all series.
 * @param exchange of the hosts
 * @param blocks of all articles
 * @param own what this host has read, and how many prices of it people have fixed
 * @param parts grid, errors and settings, the same everywhere
 * @param parts.discounts grid
 * @param parts.errors of the forecast
 * @param parts.settings what is assumed
 * @returns the table of this host
 */
export async function joinInputs(
  exchange: Exchange,
  blocks: ArticleBlocks,
  own: BuiltTable & { readonly placed: number },
  parts: {
    readonly discounts: DiscountGrid;
    readonly errors: ForecastErrors;
    readonly settings: PricingSettings;
  },
): Promise<JoinedInputs> {
  const { discounts, errors, settings } = parts;
  const told = await tellAll<{ readonly gaps: InputGaps; readonly placed: number }>(
    ...([exchange, blocks.workers, 'inputs'] as const),
    { told: { gaps: own.gaps, placed: own.placed }, arrays: [own.groupRows] },
  );
  const rows = new Float64Array(own.groupRows.length);
  for (const { arrays } of told) arrays[0]!.forEach((count, i) => (rows[i]! += count));
  const { from, to } = blocks.shareOf(exchange.host);
  const offered = offeredLevels(own.table.articles, rows, discounts, errors, settings);
  return {
    table: pricingOnly({ ...own.table, ...offered }, (a) => a >= from && a < to),
    assumptions: assumptionsOf(sumOfGaps(told.map((part) => part.told.gaps)), own.whole, settings),
    placed: told.reduce((sum, part) => sum + part.told.placed, 0),
  };
}

/** What a host has found out about its articles. */
interface Checked {
  readonly bad: BadEntries;
  readonly priced: number;
}

/**
 * Joins what hosts have found out about their articles.
 * @param exchange of the hosts
 * @param blocks of all articles
 * @param table of this host
 * @param own what this host has found out
 * @param own.bad its articles that cannot be priced
 * @param own.isPriced of an article, whether there is anything to decide
 * @param own.planLength of an article that can be priced
 * @returns the same of all
 */
export async function joinChecks(
  exchange: Exchange,
  blocks: ArticleBlocks,
  table: ArticleTable,
  own: {
    readonly bad: BadArticles;
    readonly isPriced: (article: number) => boolean;
    readonly planLength: (article: number) => number;
  },
): Promise<CheckedArticles> {
  const { from, to } = blocks.shareOf(exchange.host);
  const lengths = Int32Array.from({ length: to - from }, (_, i) =>
    own.bad.has(from + i) ? 0 : own.planLength(from + i),
  );
  let count = 0;
  for (let a = from; a < to; a++) if (own.isPriced(a)) count++;
  const { rows, reasons, ofLimits } = own.bad.entries;
  const priced = rows.flatMap((row, i) => (own.isPriced(row) ? [i] : []));
  const entries = {
    ...{ rows: priced.map((i) => rows[i]!), reasons: priced.map((i) => reasons[i]!), ofLimits },
  };
  const told = await tellAll<Checked>(exchange, blocks.workers, 'checks', {
    told: { bad: entries, priced: count },
    arrays: [lengths],
  });
  const bad = new BadArticles(table);
  for (const part of told) bad.addEntries(part.told.bad);
  const planLengths = new Int32Array(blocks.articles);
  blocks.workers.forEach((host, i) =>
    planLengths.set(told[i]!.arrays[0] as Int32Array, blocks.shareOf(host).from),
  );
  return { bad, priced: told.reduce((sum, part) => sum + part.told.priced, 0), planLengths };
}
