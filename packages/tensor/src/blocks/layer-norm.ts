import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from './network-context.ts';
import type { Parameter, ParameterLayout } from './parameters.ts';

const EPSILON = 1e-5;

/** Layer normalisation over the last axis (Ba, Kiros & Hinton 2016, arXiv 1607.06450). */
export class LayerNorm {
  readonly #scale: Parameter;
  readonly #offset: Parameter;

  /**
   * @param layout to declare the parameters in
   * @param name of the block
   * @param width length of the last axis
   */
  constructor(layout: ParameterLayout, name: string, width: number) {
    this.#scale = layout.add(`${name}.scale`, [width], 'ones');
    this.#offset = layout.add(`${name}.offset`, [width], 'zeros');
  }

  /**
   * @param context of the network
   * @param x shape […, width]
   * @returns the same shape
   */
  call(context: NetworkContext, x: tfTypes.Tensor): tfTypes.Tensor {
    const { tf } = context;
    const scaled = tf.mul(standardized(tf, x), context.value(this.#scale));
    return tf.add(scaled, context.value(this.#offset));
  }
}

/** (x − mean) / deviation over the last axis. Its gradient in closed form takes half the operations of the composed one. */
function standardized(tf: typeof tfTypes, input: tfTypes.Tensor): tfTypes.Tensor {
  const f = tf.customGrad((x, save) => {
    const centered = tf.sub(x as tfTypes.Tensor, tf.mean(x as tfTypes.Tensor, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), -1, true), EPSILON));
    const y = tf.mul(centered, inverse);
    (save as tfTypes.GradSaveFunc)([y, inverse]);
    return {
      value: y,
      gradFunc: (dy, saved) => {
        const [normal, factor] = saved as [tfTypes.Tensor, tfTypes.Tensor];
        const along = tf.mul(normal, tf.mean(tf.mul(dy, normal), -1, true));
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along), factor);
      },
    };
  });
  return f(input);
}
