import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from './network-context.ts';

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
