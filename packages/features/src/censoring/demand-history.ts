import {
  emptyBatch,
  memoryTable,
  TABLES,
  type ArtifactReader,
  type ArtifactWriter,
  type Table,
  type Tables,
  type Week,
} from '@hemline/core';
import { DemandLevels, demandLevels } from './demand-levels.ts';
import { recoverDemand } from './recover-demand.ts';
import { inSeriesOrder } from './series-order.ts';
import { SizeShares, sizeShares } from './size-shares.ts';

/** A table of sizes without rows, for datasets that tell which weeks are censored but not by size. */
const NO_SIZES = memoryTable('sizes', [emptyBatch({ fields: TABLES.sizes.roles })]);

/** Turns sales into demand where the dataset tells which weeks were sold out; passes others as they are. */
export class DemandHistory {
  readonly #shares: SizeShares | null;
  readonly #levels: DemandLevels | null;

  private constructor(shares: SizeShares | null, levels: DemandLevels | null) {
    this.#shares = shares;
    this.#levels = levels;
  }

  /**
   * Learns what demand behind sales is made of.
   * @param tables up to the cutoff
   * @param cutoff the last known week
   * @param signal stops the reading
   * @returns the history
   */
  static async fit(tables: Tables, cutoff: Week, signal?: AbortSignal): Promise<DemandHistory> {
    const weekly = tables.get('weekly');
    if (!isCensored(weekly)) return new DemandHistory(null, null);
    const ordered = await inSeriesOrder({ weekly, sizes: tables.find('sizes') ?? NO_SIZES }, signal);
    const options = { cutoff, signal };
    const shares = await sizeShares(ordered.sizes, tables.find('articles'), options);
    const levels = await demandLevels(ordered.weekly, ordered.sizes, shares, options);
    return new DemandHistory(shares, levels);
  }

  /** Whether demand behind sales is estimated; else the dataset tells of no week that it was sold out. */
  get recovers(): boolean {
    return this.#shares !== null;
  }

  /**
   * @param tables up to the cutoff
   * @param cutoff the last known week
   * @param signal stops the reading
   * @returns the weekly table with demand in the place of sales
   */
  async weekly(tables: Tables, cutoff: Week, signal?: AbortSignal): Promise<Table> {
    const weekly = tables.get('weekly');
    if (this.#shares === null || this.#levels === null || !isCensored(weekly)) return weekly;
    const ordered = await inSeriesOrder({ weekly, sizes: tables.find('sizes') ?? NO_SIZES }, signal);
    return recoverDemand(ordered.weekly, ordered.sizes, this.#shares, this.#levels, cutoff);
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('history', { isRecovered: this.recovers });
    await this.#shares?.save(artifact, 'size-shares');
    await this.#levels?.save(artifact, 'demand-levels');
  }

  /**
   * @param artifact where from
   * @returns the history
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader): Promise<DemandHistory> {
    const { isRecovered } = (await artifact.readJson('history')) as { isRecovered: boolean };
    if (!isRecovered) return new DemandHistory(null, null);
    return new DemandHistory(
      await SizeShares.load(artifact, 'size-shares'),
      await DemandLevels.load(artifact, 'demand-levels'),
    );
  }
}

function isCensored(weekly: Table): boolean {
  return weekly.schema.fields.some(({ name }) => name === 'uncensored');
}
