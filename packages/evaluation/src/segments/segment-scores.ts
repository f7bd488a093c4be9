import { KeyIndex, type Batch } from '@hemline/core';
import type { Metrics } from '../metrics/error-sums.ts';
import type { SegmentScore } from '../metrics/scores.ts';
import { UNKNOWN_SEGMENT } from '../score-table.ts';
import type { SegmentRow } from './segment-row.ts';

/** The parts of one dimension: each is found by its number. */
export interface Dimension<S> {
  /** @returns the score of a part, made when it is new */
  of(part: number): S;
}

/** The parts of an attribute of the items. */
export interface AttributeDimension<S> extends Dimension<S> {
  /** @returns the part of each item */
  partsOf(items: Batch): Int32Array;
}

/** Collects scores by several dimensions at once. Memory grows with their parts, not with rows. */
export class SegmentScores<S extends SegmentScore> {
  readonly #create: () => S;
  readonly #dimensions: { name: string; parts: Map<number, S>; label: (part: number) => string }[] = [];

  /** @param create makes an empty score */
  constructor(create: () => S) {
    this.#create = create;
  }

  /**
   * Adds a dimension whose parts are numbers in their natural order.
   * @param name of the dimension
   * @param label of a part
   * @returns the dimension
   */
  dimension(name: string, label: (part: number) => string = String): Dimension<S> {
    const parts = new Map<number, S>();
    this.#dimensions.push({ name, parts, label });
    return {
      of: (part) => {
        let score = parts.get(part);
        if (score === undefined) parts.set(part, (score = this.#create()));
        return score;
      },
    };
  }

  /**
   * Adds a dimension whose parts are the values of a string attribute, in the order of first appearance.
   * @param name of the attribute
   * @returns the dimension
   */
  attribute(name: string): AttributeDimension<S> {
    const index = new KeyIndex([name]);
    const dimension = this.dimension(name, (part) => index.text(part, 0) ?? UNKNOWN_SEGMENT);
    return { ...dimension, partsOf: (items) => index.add(items) };
  }

  /** @returns a line for every metric of every part that has rows, part by part */
  table(): SegmentRow[] {
    return this.#dimensions.flatMap(({ name, parts, label }) =>
      [...parts]
        .filter(([, score]) => score.rows > 0)
        .sort(([a], [b]) => a - b)
        .flatMap(([part, score], position) => {
          const metrics: Metrics = { ...score.metrics(), ...score.means() };
          return Object.entries(metrics).map(([metric, value]) => ({
            ...{ dimension: name, value: label(part), position, metric },
            ...{ result: Number.isFinite(value) ? value : null, rows: score.rows },
          }));
        }),
    );
  }
}
