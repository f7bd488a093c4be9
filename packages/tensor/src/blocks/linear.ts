import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from './network-context.ts';
import type { Initializer, Parameter, ParameterLayout } from './parameters.ts';

/** How a linear block begins. */
export interface LinearOptions {
  readonly weights?: Initializer;
  readonly bias?: Initializer;
}

/** x · W + b over the last axis. */
export class Linear {
  readonly #weights: Parameter;
  readonly #bias: Parameter;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param inputs length of the last axis
   * @param outputs length of the last axis of the result
   * @param options how it begins
   */
  constructor(
    layout: ParameterLayout,
    name: string,
    inputs: number,
    outputs: number,
    { weights = 'glorot', bias = 'zeros' }: LinearOptions = {},
  ) {
    this.#weights = layout.add(`${name}.weights`, [inputs, outputs], weights);
    this.#bias = layout.add(`${name}.bias`, [outputs], bias);
  }

  /**
   * @param context of the network
   * @param x shape […, inputs]
   * @returns shape […, outputs]
   */
  call(context: NetworkContext, x: tfTypes.Tensor): tfTypes.Tensor {
    const { tf } = context;
    const weights = context.value(this.#weights) as tfTypes.Tensor2D;
    const [inputs, outputs] = weights.shape;
    const rows = tf.reshape(x, [-1, inputs]) as tfTypes.Tensor2D;
    const y = tf.add(tf.matMul(rows, weights), context.value(this.#bias));
    return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
  }
}

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
