import type * as tfTypes from '@tensorflow/tfjs';
import { Linear } from './linear.ts';
import type { NetworkContext } from './network-context.ts';
import type { ParameterLayout } from './parameters.ts';

/** Two linear blocks with a rectifier between (Vaswani et al. 2017, section 3.3). */
export class FeedForward {
  readonly #inner: Linear;
  readonly #outer: Linear;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param width of input and output
   * @param hidden width between
   */
  constructor(layout: ParameterLayout, name: string, width: number, hidden: number) {
    this.#inner = new Linear(layout, `${name}.inner`, width, hidden);
    this.#outer = new Linear(layout, `${name}.outer`, hidden, width);
  }

  /**
   * @param context of the network
   * @param x shape […, width]
   * @returns the same shape
   */
  call(context: NetworkContext, x: tfTypes.Tensor): tfTypes.Tensor {
    return this.#outer.call(context, context.tf.relu(this.#inner.call(context, x)));
  }
}
