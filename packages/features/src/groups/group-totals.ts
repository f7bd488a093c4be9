import type { Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';
import type { Covariate } from '../kinds/covariate.ts';
import { GroupWeeks } from './group-weeks.ts';

/** A grouping of the series, and the covariate that is summed up over them. */
export interface Grouping {
  readonly of: Covariate;
  readonly by: readonly string[];
}

/**
 * What the features of groups are made of, gathered in one pass over all panels. Of past covariates nothing after the cutoff
 * is ever added.
 */
export class GroupTotals {
  readonly cutoff: Week;
  readonly #lookups = new Map<string, unknown>();
  readonly #weeks = new Map<string, { readonly grouping: Grouping; readonly weeks: GroupWeeks }>();

  /**
   * @param groupings that are needed
   * @param cutoff the last known week
   */
  constructor(groupings: readonly Grouping[], cutoff: Week) {
    this.cutoff = cutoff;
    for (const grouping of groupings) {
      const key = keyOf(grouping);
      if (!this.#weeks.has(key))
        this.#weeks.set(key, { grouping, weeks: new GroupWeeks(grouping.by, grouping.of.column) });
    }
  }

  /** Whether anything has to be gathered. */
  get isNeeded(): boolean {
    return this.#weeks.size > 0;
  }

  /**
   * Adds a panel. Every panel of the data has to be added, once, before any feature is computed.
   * @param panel whose series have the attributes
   */
  add(panel: FilledPanel): void {
    this.#lookups.clear();
    for (const { grouping, weeks } of this.#weeks.values()) {
      const { column, known } = grouping.of;
      weeks.add(panel, panel.rows.floats(column), known === 'future' ? Infinity : this.cutoff);
    }
  }

  /**
   * What a feature makes of the sums is worked out once for all panels.
   * @param feature by its name
   * @param make works it out
   * @returns what was made
   */
  lookup<T>(feature: { readonly name: string }, make: () => T): T {
    if (!this.#lookups.has(feature.name)) this.#lookups.set(feature.name, make());
    return this.#lookups.get(feature.name) as T;
  }

  /**
   * @param grouping one of those that were asked for
   * @returns its weekly sums
   */
  of(grouping: Grouping): GroupWeeks {
    return this.#weeks.get(keyOf(grouping))!.weeks;
  }
}

function keyOf({ of, by }: Grouping): string {
  return JSON.stringify([of.column, of.known, ...by]);
}
