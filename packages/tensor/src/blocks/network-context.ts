import type * as tfTypes from '@tensorflow/tfjs';
import type { Parameter } from './parameters.ts';

/** What blocks compute with: TensorFlow, and the values of the parameters. */
export class NetworkContext {
  readonly tf: typeof tfTypes;
  readonly #values: readonly tfTypes.Tensor[];

  /**
   * @param tf TensorFlow
   * @param values of the parameters, by their index
   */
  constructor(tf: typeof tfTypes, values: readonly tfTypes.Tensor[]) {
    this.tf = tf;
    this.#values = values;
  }

  /**
   * @param parameter declared by a block
   * @returns its value
   */
  value(parameter: Parameter): tfTypes.Tensor {
    return this.#values[parameter.index]!;
  }
}

/**
 * @param context of the network
 * @param x any tensor
 * @returns the same numbers, through which no gradient flows
 */
export function detached({ tf }: NetworkContext, x: tfTypes.Tensor): tfTypes.Tensor {
  const f = tf.customGrad((value) => ({
    value: tf.clone(value as tfTypes.Tensor),
    gradFunc: (dy) => tf.zerosLike(dy),
  }));
  return f(x);
}
