import { Batch, float64Column, KeyIndex, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { HierarchicalAverages } from '../shrinkage/hierarchical-averages.ts';
import { ShrunkAverages } from '../shrinkage/shrunk-averages.ts';
import type { HierarchyLevel } from '../shrinkage/hierarchy.ts';
import type { JoinedWeeks } from './joined-weeks.ts';
import { discountLift, type LevelDynamics } from './level-filter.ts';
import type { SizeShares } from './size-shares.ts';

/** What is left of a series' level once its market's is taken off. */
const LEVELS: readonly HierarchyLevel[] = [
  { name: 'group', columns: ['group'] },
  { name: 'article', columns: ['article', 'group'] },
];
const HALF = 0.5;
const LEAST_VARIANCE = 0.05;

/** What was to be expected of series before their first week. */
export interface ExpectedLevels {
  /** Mean and variance of the log of the weekly demand without discount, by row. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/**
 * Adds up what each series sold per week of full stock without discount: Σ units / Σ share · lift over its weeks, of the
 * sizes that were available. Memory: some bytes a series.
 */
export class LevelTotals {
  readonly #dynamics: LevelDynamics;
  readonly #index = new KeyIndex(['article', 'market']);
  #units = new Float64Array(1024);
  #exposure = new Float64Array(1024);

  /** @param dynamics with the elasticity */
  constructor(dynamics: LevelDynamics) {
    this.#dynamics = dynamics;
  }

  /**
   * Takes rows in.
   * @param rows the next ones
   */
  add(rows: JoinedWeeks): void {
    const series = this.#index.add(rows.batch);
    if (this.#index.size > this.#units.length) {
      this.#units = grown(this.#units, 2 * this.#index.size);
      this.#exposure = grown(this.#exposure, 2 * this.#index.size);
    }
    for (let row = 0; row < series.length; row++) {
      if (rows.known[row] === 0) continue;
      this.#units[series[row]!]! += rows.sold[row]!;
      this.#exposure[series[row]!]! +=
        rows.share[row]! * Math.exp(discountLift(this.#dynamics, rows.discount[row]!));
    }
  }

  /**
   * Takes the markets' levels off and shrinks what is left through group and article.
   * @param shares that know the groups
   * @returns what is to be expected
   */
  fit(shares: SizeShares): FirstLevels {
    const [article, market] = this.#index.toColumns();
    const size = this.#index.size;
    const keys = shares.withGroups(new Batch({ article: article!, market: market! }, size));
    const weight = this.#exposure.slice(0, size).map((exposure) => Math.min(1, exposure));
    const typical = sumOf(this.#units) / sumOf(this.#exposure);
    // Half a unit more in half a unit's time: a series that sold nothing has a level, and none is moved by much.
    const level = weight.map((_, one) =>
      Math.log((this.#units[one]! + HALF) / (this.#exposure[one]! + HALF / typical)),
    );
    const markets = marketMeans(keys, level, weight);
    const averages = new HierarchicalAverages(LEVELS, 'level of demand');
    const offsets = markets.offsets(keys);
    averages.add(
      keys,
      level.map((value, one) => value - offsets[one]!),
      weight,
    );
    return new FirstLevels(averages.fit(), markets);
  }
}

/** What is to be expected of a series before its first week. */
export class FirstLevels {
  readonly #averages: ShrunkAverages;
  readonly #markets: MarketMeans;

  /**
   * @param averages of what is left of the levels once their markets' are taken off
   * @param markets levels of the markets
   */
  constructor(averages: ShrunkAverages, markets: MarketMeans) {
    this.#averages = averages;
    this.#markets = markets;
  }

  /**
   * @param keys rows with article, group and market
   * @returns what is to be expected of each
   */
  lookup(keys: Batch): ExpectedLevels {
    const { value, support, supportLevel } = this.#averages.lookup(keys);
    const { within, between } = this.#averages.variances;
    const [, ofGroups, ofArticles] = between as [number, number, number];
    const offsets = this.#markets.offsets(keys);
    const variance = value.map((_, row) => {
      if (supportLevel.values[row] === 0) return within + ofArticles + ofGroups;
      if (supportLevel.values[row] === 1) return within + ofArticles;
      return within + (ofArticles * within) / (within + support[row]! * ofArticles || 1);
    });
    return {
      mean: value.map((own, row) => own + offsets[row]!),
      variance: variance.map((one) => Math.max(one, LEAST_VARIANCE)),
    };
  }

  /**
   * @param artifact where to
   * @param name of the entries: letters, digits and hyphens
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await this.#averages.save(artifact, name);
    await artifact.writeTable(`${name}-markets`, this.#markets.table);
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @returns the levels
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string): Promise<FirstLevels> {
    return new FirstLevels(
      await ShrunkAverages.load(artifact, name, LEVELS),
      new MarketMeans(await artifact.readTable(`${name}-markets`)),
    );
  }
}

/** Mean log level of each market. */
class MarketMeans {
  readonly table: Batch;
  readonly #index = new KeyIndex(['market']);
  readonly #means: Float64Array;
  readonly #overall: number;

  /** @param table with market and mean */
  constructor(table: Batch) {
    this.table = table;
    this.#index.add(table);
    this.#means = table.floats('mean');
    this.#overall = sumOf(this.#means) / this.#means.length;
  }

  /** The mean of each row's market; a market that is not known has the mean of all. */
  offsets(keys: Batch): Float64Array {
    return Float64Array.from(this.#index.find(keys), (market) =>
      market === -1 ? this.#overall : this.#means[market]!,
    );
  }
}

function marketMeans(keys: Batch, level: Float64Array, weight: Float64Array): MarketMeans {
  const index = new KeyIndex(['market']);
  const market = index.add(keys);
  const sum = new Float64Array(index.size);
  const mass = new Float64Array(index.size);
  market.forEach((one, row) => {
    sum[one]! += weight[row]! * level[row]!;
    mass[one]! += weight[row]!;
  });
  const overall = sumOf(sum) / sumOf(mass);
  const mean = sum.map((total, one) => (mass[one]! > 0 ? total / mass[one]! : overall));
  return new MarketMeans(new Batch({ market: index.toColumns()[0]!, mean: float64Column(mean) }, index.size));
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
