import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from './network-context.ts';
import type { Parameter, ParameterLayout } from './parameters.ts';

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
