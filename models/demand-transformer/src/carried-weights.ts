import { Batch } from '@hemline/core';
import type { OrdinalEncoder } from '@hemline/features';
import type { ParameterLayout } from '@hemline/tensor';

/** Rows of an embedding: for each of the new ones, the old one that it was. */
export type CarriedRows = readonly Int32Array[];

/**
 * @param before categories that weights were learnt for
 * @param after categories of the same columns, with those that are new
 * @returns for each column, the old code of each new one; 0, unseen, for those that are new
 */
export function carriedRows(before: OrdinalEncoder, after: OrdinalEncoder): CarriedRows {
  return after.columns.map((column) => {
    const codes = Int32Array.from({ length: after.cardinality(column) }, (_, code) => code);
    const values = after.inverse(codes, column);
    return before.transform(new Batch({ [column]: values }), column);
  });
}

/**
 * Takes weights over into a network that knows more categories: what is new begins as what was unseen.
 * @param weights of the network before
 * @param before its parameters
 * @param after parameters of the new one, declared in the same order
 * @param rows of the attributes, see {@link carriedRows}
 * @returns weights of the new one
 */
export function carriedWeights(
  weights: Float32Array,
  before: ParameterLayout,
  after: ParameterLayout,
  rows: CarriedRows,
): Float32Array {
  const carried = new Float32Array(after.size);
  after.parameters.forEach(({ name, offset, size, shape }, i) => {
    const old = before.parameters[i]!;
    const attribute = /(?:^|\.)attribute\.(\d+)\.table$/.exec(name);
    if (attribute === null) {
      carried.set(weights.subarray(old.offset, old.offset + size), offset);
      return;
    }
    const width = shape[1]!;
    rows[Number(attribute[1])]!.forEach((row, code) => {
      const from = old.offset + row * width;
      carried.set(weights.subarray(from, from + width), offset + code * width);
    });
  });
  return carried;
}
