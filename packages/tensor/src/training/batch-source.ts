/** A tensor's worth of numbers. */
export interface BatchPart {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/**
 * Gives the batches of a training. What a batch holds depends on nothing but the seed and the number asked for: that a training
 * that was interrupted goes on as if it had not been rests on it.
 */
export interface BatchSource {
  /**
   * @param number of the batch, from 0 on
   * @returns its tensors, valid until the next call
   */
  next(number: number): Promise<readonly BatchPart[]>;
}
