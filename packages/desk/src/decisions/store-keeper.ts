import {
  Batch,
  dateColumn,
  float64Column,
  stringColumn,
  stringsToColumn,
  timestampColumn,
  validityWithout,
  type Column,
} from '@hemline/core';
import { decisions } from '@hemline/hemline';
import { CONFLICT_WORDS, type DecisionLedger, type DecisionStore } from '@hemline/runs/decisions';
import type { ExportFormat, Imported } from '../api/index.ts';
import type { OutboxBatch, OutboxEvents } from './outbox.ts';

/** Where decisions are kept, and what they are about. */
export interface KeeperOptions {
  readonly home: string | undefined;
  /** Folder or `s3://bucket/prefix`; undefined: in the home. */
  readonly store: string | undefined;
  readonly dataset: string;
  /** Name of the journal: what it told is known by it. */
  readonly journal: string;
}

/** A row whose decision the store did not take. */
export interface StoreConflict {
  readonly decision: number;
  readonly n: number;
  readonly article: string;
  readonly market: string;
  readonly why: string;
}

/** What became of a batch. */
export interface Published {
  /** The last segment that is known. */
  readonly segment: number;
  readonly applied: number;
  readonly conflicts: readonly StoreConflict[];
}

/** Articles and markets that the shop has prices of, in a week, which are newer than what is proposed; and those whose price is fixed. */
export interface ShopRows {
  readonly article: readonly string[];
  readonly market: readonly string[];
  /** What somebody has fixed the price at instead; NaN: the shop has it. */
  readonly fixed: readonly number[];
  /** Who has; empty: nobody is named. */
  readonly by: readonly string[];
  readonly segment: number;
}

/**
 * Keeps the store of decisions folded, so that telling it something costs what is told and not what was told before. All that takes its
 * time with the store is done here, in a thread of its own.
 */
export class StoreKeeper {
  readonly #options: KeeperOptions;
  readonly #weeks: { readonly from: number; readonly to: number };
  #store: DecisionStore | null = null;
  #ledger: DecisionLedger | null = null;

  /**
   * @param options place, dataset
   * @param weeks that decisions may be about
   */
  constructor(options: KeeperOptions, weeks: { readonly from: number; readonly to: number }) {
    this.#options = options;
    this.#weeks = weeks;
  }

  /**
   * Reads what others have told the store.
   * @returns the last segment
   */
  async look(): Promise<number> {
    return (await this.#folded()).segment;
  }

  /**
   * Tells the store a batch of changes, once.
   * @param batch of the outbox
   * @returns what became of it
   */
  async publish({ digest, events }: OutboxBatch): Promise<Published> {
    const store = await this.#opened();
    const source = `desk ${this.#options.journal}`;
    const before = await this.#folded();
    const told = await store.append(
      batchOf(events),
      { schema: 1, kind: 'decisions', at: new Date().toISOString(), source, digest, lineage: null },
      {
        ledger: before,
        complete: async (given, ledger) =>
          given.with({ version: await this.#versions(given, ledger, events, source) }),
      },
    );
    this.#ledger = told.ledger;
    return {
      ...{ segment: told.ledger.segment, applied: told.applied },
      conflicts: told.conflicts.map(({ row, article, market, verdict }) => ({
        ...{ decision: events.decision[row]!, n: events.n[row]!, article, market },
        why: CONFLICT_WORDS[verdict],
      })),
    };
  }

  /**
   * @param week first day
   * @returns what the shop has newer prices of than what is proposed, and what people have fixed
   */
  async inShop(week: number): Promise<ShopRows> {
    const ledger = await this.#folded();
    const found = {
      ...{ article: [] as string[], market: [] as string[], segment: ledger.segment },
      ...{ fixed: [] as number[], by: [] as string[] },
    };
    const { actualAt, chosen, proposedAt } = ledger.cells.amounts;
    for (let cell = 0; cell < ledger.cells.length; cell++) {
      if (ledger.cells.codes.week[cell] !== week) continue;
      const state = ledger.stateOf(cell);
      if (state !== 'in-shop' && state !== 'overridden') continue;
      // An older price is what the proposal is about: it keeps nobody from deciding.
      if (state === 'in-shop' && actualAt[cell]! <= proposedAt[cell]!) continue;
      found.fixed.push(state === 'overridden' ? chosen[cell]! : NaN);
      found.by.push(state === 'overridden' ? (ledger.textOf(cell, 'by') ?? '') : '');
      found.article.push(ledger.articleOf(cell));
      found.market.push(ledger.marketOf(cell));
    }
    return found;
  }

  /**
   * Writes the prices that are to go to the shop.
   * @param file that is written
   * @returns when it is there
   */
  async export(file: string): Promise<decisions.ExportDecisionsResult> {
    const { home, store, dataset } = this.#options;
    return decisions.exportDecisions(file, { home, store, dataset });
  }

  /**
   * Takes prices in the shop in.
   * @param file of them
   * @param by who sends it
   * @returns what became of its rows
   */
  async import(file: string, by: string): Promise<Imported> {
    const { home, store, dataset } = this.#options;
    const result = await decisions.importDecisions(file, {
      ...{ home, store, dataset, by, noCost: true },
      as: 'in-shop',
    });
    return {
      ...{ applied: result.applied, unchanged: result.unchanged, differing: result.differing },
      conflicts: result.conflicts.map(({ article, market, week, reason }) => ({
        article,
        market,
        week,
        why: reason,
      })),
    };
  }

  async #opened(): Promise<DecisionStore> {
    const { home, store, dataset } = this.#options;
    this.#store ??= await decisions.decisionsAbout(dataset, { home, store });
    return this.#store;
  }

  async #folded(): Promise<DecisionLedger> {
    const store = await this.#opened();
    this.#ledger = this.#ledger === null ? await store.read(this.#weeks) : await store.readOn(this.#ledger);
    return this.#ledger;
  }

  /** Where others have decided since the desk last looked, the version that it knew: the store refuses that, and says so. */
  async #versions(
    given: Batch,
    ledger: DecisionLedger,
    { seen }: OutboxEvents,
    source: string,
  ): Promise<Column> {
    const store = await this.#opened();
    const cells = ledger.find(given);
    const isForeign = new Map<number, boolean>();
    const versions = new Float64Array(given.length).fill(NaN);
    for (let row = 0; row < given.length; row++) {
      const version = cells[row] === -1 ? -1 : ledger.cells.codes.version[cells[row]!]!;
      if (version <= seen[row]!) continue;
      if (!isForeign.has(version)) {
        const facts = await store.facts(version);
        isForeign.set(version, facts.kind !== 'proposals' && facts.source !== source);
      }
      if (isForeign.get(version) === true) versions[row] = seen[row]!;
    }
    return float64Column(versions);
  }
}

function batchOf(events: OutboxEvents): Batch {
  const { length } = events.article;
  const none = (): Column =>
    float64Column(
      new Float64Array(length).fill(NaN),
      validityWithout(
        length,
        Array.from({ length }, (_, row) => row),
      ),
    );
  const noText = stringColumn(
    new Int32Array(length),
    [''],
    validityWithout(
      length,
      Array.from({ length }, (_, row) => row),
    ),
  );
  const cost = Float64Array.from(events.cost);
  const unknown = [...cost.keys()].filter((row) => Number.isNaN(cost[row]!));
  return new Batch({
    ...{ article: stringsToColumn(events.article), market: stringsToColumn(events.market) },
    ...{ week: dateColumn(Int32Array.from(events.week)), event: stringsToColumn(events.event) },
    discount: float64Column(Float64Array.from(events.discount)),
    at: timestampColumn(BigInt64Array.from(events.at, BigInt), 'ms'),
    ...{ price: none(), by: stringsToColumn(events.by), reason: nullableText(events.reason) },
    ...{ profit: none(), sales: none(), heldDiscount: none(), heldProfit: none() },
    cost: float64Column(cost, validityWithout(length, unknown)),
    ...{ propensity: none(), experiment: noText },
  });
}

function nullableText(texts: readonly (string | null)[]): Column {
  const column = stringsToColumn(texts);
  return column.validity === null ? { ...column, validity: validityWithout(texts.length, []) } : column;
}

/** Names of files by format. */
export const EXPORT_ENDINGS: Readonly<Record<ExportFormat, string>> = {
  ...{ parquet: '.parquet', csv: '.csv', jsonl: '.jsonl' },
};
