import type * as tfTypes from '@tensorflow/tfjs';

/** A tensor's worth of numbers. */
export interface BatchPart {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** The parts of a batch by their names: whoever makes them and whoever reads them need not agree on an order. */
export type BatchParts<Name extends string = string> = Readonly<Record<Name, BatchPart>>;

/** The tensors of a batch by the names of its parts. */
export type NamedTensors<Name extends string = string> = Readonly<Record<Name, tfTypes.Tensor>>;

/**
 * Gives the batches of a training. What a batch holds depends on nothing but the seed and the number asked for: that a training
 * that was interrupted goes on as if it had not been rests on it.
 */
export interface BatchSource<Name extends string = string> {
  /**
   * @param number of the batch, from 0 on
   * @returns its parts, the same names in every batch, valid until the next call
   */
  next(number: number): Promise<BatchParts<Name>>;
}

/**
 * @param tf TensorFlow
 * @param parts of a batch
 * @returns a tensor of each under its name, to be disposed by the caller
 */
export function tensorsOf<Name extends string>(
  tf: typeof tfTypes,
  parts: BatchParts<Name>,
): NamedTensors<Name> {
  const tensors = Object.entries<BatchPart>(parts).map(([name, { shape, values }]) => [
    name,
    tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32'),
  ]);
  return Object.fromEntries(tensors) as NamedTensors<Name>;
}
