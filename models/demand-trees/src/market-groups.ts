import { KeyIndex, type Batch } from '@hemline/core';
import { GroupWeeks } from './group-weeks.ts';
import type { SeriesStore } from './series-store.ts';

/** Numbers of the markets and groups that series belong to. */
export interface GroupNumbers {
  readonly market: Int32Array;
  readonly group: Int32Array;
}

/** Sums over markets, and over the groups within them. */
export class MarketGroups {
  readonly markets: GroupWeeks;
  readonly groups: GroupWeeks;
  readonly #market = new KeyIndex(['market']);
  readonly #group = new KeyIndex(['group', 'market']);

  /** @param covariates planned ones, the first of a store's */
  constructor(covariates: number) {
    this.markets = new GroupWeeks(covariates);
    this.groups = new GroupWeeks(covariates);
  }

  /**
   * @param series with `market` and `group`
   * @param store made of them
   * @returns their numbers
   */
  add(series: Batch, store: SeriesStore): GroupNumbers {
    const numbers = { market: this.#market.add(series), group: this.#group.add(series) };
    this.markets.add(store, numbers.market);
    this.groups.add(store, numbers.group);
    return numbers;
  }

  /**
   * @param series that were added
   * @returns their numbers
   */
  find(series: Batch): GroupNumbers {
    return { market: this.#market.find(series), group: this.#group.find(series) };
  }
}
