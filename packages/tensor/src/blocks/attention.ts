import type * as tfTypes from '@tensorflow/tfjs';
import { Linear } from './linear.ts';
import type { NetworkContext } from './network-context.ts';
import type { ParameterLayout } from './parameters.ts';

/**
 * Multi-head scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762, section 3.2). Written with matMul, as the
 * gradient of tfjs' Einsum is missing.
 */
export class Attention {
  readonly #query: Linear;
  readonly #keysAndValues: Linear;
  readonly #output: Linear;
  readonly #heads: number;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param width of queries, keys and values together over all heads
   * @param heads that divide the width
   */
  constructor(layout: ParameterLayout, name: string, width: number, heads: number) {
    if (width % heads !== 0) throw new TypeError(`${heads} heads do not divide a width of ${width}`);
    this.#heads = heads;
    this.#query = new Linear(layout, `${name}.query`, width, width);
    this.#keysAndValues = new Linear(layout, `${name}.keysAndValues`, width, 2 * width);
    this.#output = new Linear(layout, `${name}.output`, width, width);
  }

  /**
   * @param context of the network
   * @param asking shape [batch, n, width]
   * @param asked shape [batch, m, width]; the same as `asking` for self-attention
   * @param bias added to the scores, shape [batch, 1, 1, m] or [n, m]: very negative where nothing may be read
   * @returns shape [batch, n, width]
   */
  call(
    context: NetworkContext,
    asking: tfTypes.Tensor,
    asked: tfTypes.Tensor,
    bias?: tfTypes.Tensor,
  ): tfTypes.Tensor {
    const { tf } = context;
    const heads = this.#heads;
    const [batch, n, width] = asking.shape as [number, number, number];
    const m = asked.shape[1]!;
    const depth = width / heads;
    const queries = split(tf, this.#query.call(context, asking), [batch, n, heads, depth]);
    const both = split(tf, this.#keysAndValues.call(context, asked), [batch, m, 2 * heads, depth]);
    const keys = tf.slice(both, [0, 0, 0, 0], [batch, heads, m, depth]);
    const values = tf.slice(both, [0, heads, 0, 0], [batch, heads, m, depth]);
    let scores: tfTypes.Tensor = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(depth));
    if (bias !== undefined) scores = tf.add(scores, bias);
    const read = tf.matMul(tf.softmax(scores), values);
    const joined = tf.reshape(tf.transpose(read, [0, 2, 1, 3]), [batch, n, width]);
    return this.#output.call(context, joined);
  }
}

/** [batch, steps, heads · depth] as [batch, heads, steps, depth]. */
function split(
  tf: typeof tfTypes,
  x: tfTypes.Tensor,
  shape: [number, number, number, number],
): tfTypes.Tensor4D {
  return tf.transpose(tf.reshape(x, shape), [0, 2, 1, 3]) as tfTypes.Tensor4D;
}
