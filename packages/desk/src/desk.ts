import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DEFAULT_DISCOUNTS, formatWeek, parseDiscountGrid, valueAt, type Batch } from '@hemline/core';
import { decisions } from '@hemline/hemline';
import { Home, type KnownRun } from '@hemline/runs';
import { RunLock } from '@hemline/runs/documents';
import { SORT_COLUMNS, type ArticleAnswer, type RunFacts, type SortColumn } from './api/index.ts';
import { Appraiser, inTurns, MOST_BYTES } from './article/appraiser.ts';
import { appraisersOf, articleAppraisers, type Appraisers } from './article/appraisers.ts';
import { describeArticle } from './article/describe-article.ts';
import { DecisionBook } from './decisions/decision-book.ts';
import { defaultRules, readRules, type DeskRules } from './decisions/desk-rules.ts';
import { Journal } from './decisions/journal.ts';
import { Keeper } from './decisions/keeper.ts';
import { hasUntold } from './decisions/outbox.ts';
import { Publisher } from './decisions/publisher.ts';
import { RefusedError } from './decisions/refused-error.ts';
import { ListView } from './list/list-view.ts';
import { rowOf } from './list/price-list.ts';
import { newRowStates } from './list/row-states.ts';
import { readOpenRun, type OpenRun } from './open-run.ts';
import { pricedAgain } from './priced-again.ts';
import { runHemline, type HemlineProgram } from './server/child-command.ts';
import { Frontiers } from './server/frontiers.ts';
import { Solver } from './server/solver.ts';

/** Milliseconds for which it is believed which run is the latest. */
const LATEST_FOR = 15_000;

/** Orders that the page begins with, and those that are made once it is served. */
const FIRST_ORDERS: readonly SortColumn[] = ['article', 'gain'];
const LATER_ORDERS: readonly SortColumn[] = SORT_COLUMNS.filter(
  (by) => !FIRST_ORDERS.includes(by) && by !== 'state' && by !== 'chosen',
);

/** What a desk is opened on. */
export interface DeskOptions {
  /** A run that has priced, or the beginning of its id; `latest` by default. */
  readonly run?: string | undefined;
  readonly home?: string | undefined;
  /** Folder of the dataset, where it is not where the run found it. */
  readonly data?: string | undefined;
  /** Folder or `s3://bucket/prefix` of the decisions, where they are not in the home. */
  readonly decisions?: string | undefined;
  /** JSON file of rules of approval and reasons. */
  readonly rules?: string | undefined;
  /** Bytes of forecasts that are held, at most; {@link MOST_BYTES} by default. Of larger runs each article is read when it is asked for. */
  readonly mostBytes?: number | undefined;
  /** How `hemline` is started, for what takes a process of its own. */
  readonly hemline: Omit<HemlineProgram, 'home'>;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** A run with the view on its list, and what is decided about it. */
interface Opened extends OpenRun {
  readonly view: ListView;
  readonly book: DecisionBook;
  readonly appraisers: Promise<Appraisers | null>;
}

/** The desk without its page: a list, decisions about it, and what can be asked about either. */
export class Desk {
  readonly journal: Journal;
  readonly solver: Solver;
  readonly frontiers: Frontiers;
  readonly publisher: Publisher;
  readonly #options: DeskOptions;
  readonly #home: Home;
  readonly #rules: DeskRules;
  readonly #lock: RunLock;
  #keeper: Keeper | null = null;
  #open: Opened;
  #latest = { at: 0, isStale: false };

  private constructor(
    options: DeskOptions,
    parts: {
      readonly home: Home;
      readonly rules: DeskRules;
      readonly journal: Journal;
      readonly lock: RunLock;
    },
    priced: OpenRun,
  ) {
    this.#options = options;
    this.#home = parts.home;
    this.#rules = parts.rules;
    this.#lock = parts.lock;
    this.journal = parts.journal;
    const hemline: HemlineProgram = { ...options.hemline, home: parts.home.directory };
    this.publisher = new Publisher({
      journal: this.journal,
      keeper: this.#startKeeper(priced),
      propose: (run, weeks) => this.#propose(hemline, run, weeks),
      book: () => this.#open.book,
      run: () => this.#open.priced.known.record.run,
      weeks: () => this.#open.view.list.weeks,
      onFailure: (error) =>
        options.onNotice?.(
          `decisions could not be told to the store, which is tried again: ${textOf(error)}`,
        ),
    });
    this.#open = this.#opened(priced);
    this.frontiers = new Frontiers(hemline);
    this.solver = new Solver({
      hemline,
      before: () => this.publisher.flush(),
      args: () => this.#priceArgs(),
      after: (run) => this.reload(run),
    });
  }

  /**
   * Reads a run and the decisions about it.
   * @param options run and places
   * @returns the desk
   * @throws ConfigurationError for a run without recommendations, or a desk that is open already
   */
  static async open(options: DeskOptions): Promise<Desk> {
    const home = new Home(options.home).prepared();
    const rules = await readRules(options.rules ?? defaultRules(home));
    const priced = await readOpenRun(home, options.run ?? 'latest', options);
    const folder = join(home.directory, 'desk', encodeURIComponent(priced.priced.origin.dataset.name));
    await mkdir(folder, { recursive: true });
    const lock = await RunLock.take(
      join(folder, 'lock'),
      `a desk about ${priced.priced.origin.dataset.name}`,
    );
    let [journal, desk]: [Journal | null, Desk | null] = [null, null];
    try {
      journal = new Journal(join(folder, 'journal.sqlite'));
      desk = new Desk(options, { home, rules, journal, lock }, priced);
      // What a desk that was killed had no time to tell: the store would be believed about it. What fails is tried again, and told.
      if (hasUntold(journal)) await desk.publisher.flush().catch(() => undefined);
      desk.publisher.soon();
      await desk.#readShop();
      return desk;
    } catch (error) {
      // Neither the lock nor the thread of the store outlives a desk that did not open.
      if (desk !== null) await desk.close();
      else {
        journal?.close();
        await lock.release();
      }
      throw error;
    }
  }

  /** Where what the desk keeps is. */
  get folder(): string {
    return dirname(this.journal.file);
  }

  get view(): ListView {
    return this.#open.view;
  }

  get book(): DecisionBook {
    return this.#open.book;
  }

  get rules(): DeskRules {
    return this.#rules;
  }

  /** Whether the truth is known: the market is simulated. */
  get isSimulated(): boolean {
    return existsSync(join(dirname(this.#open.dataset.directory), 'simulation.json'));
  }

  /** @returns what is known of the run */
  async facts(): Promise<RunFacts> {
    const { priced, view, markets, forecasts } = this.#open;
    const { list } = view;
    const lineage = decisions.lineageOf(priced, forecasts);
    return {
      ...{ run: priced.known.record.run, forecasts: priced.origin.run },
      pricedAt: priced.known.record.startedAt,
      weeks: Array.from(list.weeks, formatWeek),
      markets: list.markets.texts.map((market, row) => ({
        market,
        ...{ currency: textAt(markets, 'currency', row), locale: textAt(markets, 'locale', row) },
      })),
      ...{ groups: [...list.groups.texts].sort(), seasons: [...list.seasons.texts].sort() },
      ...{ grid: [...gridOf(forecasts)], models: [...lineage.models] },
      ...{ dataset: priced.origin.dataset.name, isStale: await this.#isStale() },
    };
  }

  /**
   * @param article name
   * @returns everything about it
   * @throws RefusedError where it is not in the list
   */
  async article(article: string): Promise<ArticleAnswer> {
    const { priced, dataset, view, appraisers, forecasts } = this.#open;
    if (view.list.articles.codeOf(article) === undefined)
      throw new RefusedError('not-found', 'this article is not priced in the run', { found: article });
    const ready = (await (await appraisers)?.of(article)) ?? null;
    const { models, dataset: data, ...lineage } = decisions.lineageOf(priced, forecasts);
    const { limits } = priced.origin;
    return describeArticle(
      {
        ...{ priced, dataset, view, appraiser: ready },
        lineage: {
          ...lineage,
          models: models.map(({ model, version }) => ({
            ...{ model, version },
            quantity: priced.origin.forecasts.find((each) => each.model === model)?.quantity ?? '',
          })),
          dataset: { ...data, isChanged: ready?.plan.isDataChanged ?? false },
          limits: limits === null ? null : { file: limits.file, digest: limits.sha256 },
        },
      },
      article,
    );
  }

  /**
   * What a limit costs at other values.
   * @param limit its name
   * @returns the points, as far as they are there
   */
  frontier(limit: string): ReturnType<Frontiers['of']> {
    const { priced, summary } = this.#open;
    if (!summary.limits.some((each) => each.limit === limit))
      throw new RefusedError('not-found', 'the run has no such limit', {
        ...{
          expected:
            summary.limits.map((each) => each.limit).join(', ') || 'none: it was priced without limits',
        },
        found: limit,
      });
    return this.frontiers.of(priced.known.record.run, limit, this.#priceArgs());
  }

  /**
   * Opens another run in the place of this one; decisions stay.
   * @param run its id
   */
  async reload(run: string): Promise<void> {
    const next = await readOpenRun(this.#home, run, this.#options);
    await this.publisher.flush();
    this.#open = this.#opened(next);
    this.#latest = { at: 0, isStale: false };
    await this.publisher.flush();
    await this.#readShop();
  }

  /** @returns the thread of the store; what is decided is told first */
  async told(): Promise<Keeper> {
    await this.publisher.flush();
    return this.#keeper!;
  }

  /** Looks again what the shop has prices of. */
  shopChanged(): Promise<void> {
    return this.#readShop();
  }

  /** Ends it in order: what was confirmed is on disk at any moment. */
  async close(): Promise<void> {
    this.solver.end();
    this.frontiers.end();
    await this.publisher.end();
    await this.#keeper?.end();
    this.journal.close();
    await this.#lock.release();
  }

  #priceArgs(): readonly string[] {
    const { priced, files } = this.#open;
    return pricedAgain(priced, files, this.#options);
  }

  /** In a process of its own: of a million rows it takes more memory than the list, and once. */
  async #propose(hemline: HemlineProgram, run: string, weeks: number): Promise<void> {
    const store = this.#store();
    const place = store === undefined ? [] : ['--store', store];
    await runHemline(hemline, ['decisions', 'propose', run, '--weeks', String(weeks), ...place]).result;
  }

  #store(): string | undefined {
    const { decisions: store } = this.#options;
    return store === undefined || store.startsWith('s3://') ? store : resolve(store);
  }

  #startKeeper(parts: OpenRun): Keeper {
    const { home } = this.#options;
    const { weeks } = parts.list;
    // Runs that are priced later begin later, and look further.
    const range = { from: weeks[0]! - 7 * 53, to: weeks.at(-1)! + 7 * 104 };
    this.#keeper = new Keeper(
      {
        home: home ?? this.#home.directory,
        store: this.#store(),
        ...{ dataset: parts.priced.origin.dataset.name, journal: this.journal.id },
      },
      range,
    );
    return this.#keeper;
  }

  #opened(parts: OpenRun): Opened {
    const { list, priced, summary } = parts;
    const view = new ListView(list, newRowStates(list.rows));
    view.prepare(FIRST_ORDERS);
    void inTurns(LATER_ORDERS.length, (i) => view.prepare([LATER_ORDERS[i]!]));
    const appraisers = this.#appraise(parts);
    const book: DecisionBook = new DecisionBook(this.journal, {
      ...{ run: priced.known.record.run, view, summary, ...this.#rules },
      appraisers: () => appraisers,
      seen: () => this.publisher.segment,
      onChange: () => this.publisher.soon(),
      isOpen: () => this.#open.book === book,
    });
    return { ...parts, view, book, appraisers };
  }

  /** In the background: the list is there before costs can be told. */
  async #appraise({ list, priced, summary }: OpenRun): Promise<Appraisers | null> {
    const { home, data, onNotice, mostBytes = MOST_BYTES } = this.#options;
    const bytes = 4 * list.rows * list.weeks.length * (list.discounts.length + 2);
    try {
      if (bytes <= mostBytes) return appraisersOf(await Appraiser.open(priced, summary, { home, data }));
      onNotice?.(
        `the forecasts of the run take ${Math.round(bytes / 1e6)} MB: those of an article are read when it is asked for`,
      );
      return await articleAppraisers(priced, summary, list, {
        ...{ home, data },
        onFailure: (article, error) => onNotice?.(`what ${article} costs is not told: ${textOf(error)}`),
      });
    } catch (error) {
      onNotice?.(`what decisions cost is not told: ${textOf(error)}`);
      return null;
    }
  }

  async #readShop(): Promise<void> {
    const { view, book } = this.#open;
    const told = await this.#keeper!.inShop(view.list.weeks[0]!);
    this.publisher.segment = Math.max(this.publisher.segment, told.segment);
    const inShop: number[] = [];
    const fixed: { row: number; discount: number; by: string }[] = [];
    told.article.forEach((name, i) => {
      const row = rowOf(view.list, name, told.market[i]!);
      if (row === -1) return;
      if (Number.isNaN(told.fixed[i]!)) inShop.push(row);
      else fixed.push({ row, discount: told.fixed[i]!, by: told.by[i]! });
    });
    book.inStore(inShop, fixed);
  }

  async #isStale(): Promise<boolean> {
    const { priced } = this.#open;
    if (Date.now() - this.#latest.at < LATEST_FOR) return this.#latest.isStale;
    let isStale = false;
    try {
      const latest = await decisions.findPricedRun(this.#home, 'latest');
      isStale = latest.at > priced.at && latest.origin.dataset.name === priced.origin.dataset.name;
    } catch {
      // A run that nobody can read is no newer pricing.
    }
    this.#latest = { at: Date.now(), isStale };
    return isStale;
  }
}

/** Levels that demand was forecast at: these are offered. */
function gridOf(forecasts: KnownRun | null): Iterable<number> {
  return parseDiscountGrid(forecasts?.record.parameters['discounts'] ?? DEFAULT_DISCOUNTS);
}

function textAt(batch: Batch, name: string, row: number): string | null {
  if (!batch.has(name)) return null;
  const value = valueAt(batch.column(name), row);
  return value === null ? null : String(value);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
