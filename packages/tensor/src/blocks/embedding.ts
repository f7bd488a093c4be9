import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from './network-context.ts';
import type { Parameter, ParameterLayout } from './parameters.ts';

/**
 * A learnt vector for each of some categories. Looked up as a product with one-hot rows: unlike a gather, its gradient is summed
 * up in the same order in every run.
 */
export class Embedding {
  readonly #table: Parameter;
  readonly #categories: number;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param categories how many there are
   * @param width of the vectors
   * @param deviation of the numbers at the start
   */
  constructor(layout: ParameterLayout, name: string, categories: number, width: number, deviation = 0.05) {
    this.#categories = categories;
    this.#table = layout.add(`${name}.table`, [categories, width], { normal: deviation });
  }

  /**
   * @param context of the network
   * @param codes whole numbers in [0, categories), shape [batch]
   * @returns shape [batch, width]
   */
  call(context: NetworkContext, codes: tfTypes.Tensor): tfTypes.Tensor {
    const { tf } = context;
    // tfjs refuses one-hot rows of a single category, such as that of values nobody has seen: all have it.
    const hot =
      this.#categories === 1
        ? tf.ones([codes.shape[0]!, 1])
        : tf.cast(tf.oneHot(codes as tfTypes.Tensor1D, this.#categories), 'float32');
    return tf.matMul(hot as tfTypes.Tensor2D, context.value(this.#table) as tfTypes.Tensor2D);
  }
}

/** Adds a learnt vector for each place of a sequence (Gehring et al. 2017, arXiv 1705.03122, section 3.1). */
export class PositionEncoding {
  readonly #table: Parameter;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param length of the sequences
   * @param width of the vectors
   */
  constructor(layout: ParameterLayout, name: string, length: number, width: number) {
    this.#table = layout.add(`${name}.table`, [length, width], { normal: 0.02 }, false);
  }

  /**
   * @param context of the network
   * @param x shape [batch, length, width]
   * @returns the same shape
   */
  call(context: NetworkContext, x: tfTypes.Tensor): tfTypes.Tensor {
    return context.tf.add(x, context.value(this.#table));
  }
}
