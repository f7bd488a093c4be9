import type * as tfTypes from '@tensorflow/tfjs';
import type { NetworkContext } from '../blocks/network-context.ts';
import type { NamedTensors } from './batch-source.ts';

/** What weights are judged by on batches that are not learnt from: sums over all batches first, then a loss of these. */
export interface HeldOutJudge<Name extends string = string> {
  /**
   * @param context of the network
   * @param batch that is not learnt from
   * @returns sums over the batch, [n]; the same operations whatever the batch holds
   */
  sums(context: NetworkContext, batch: NamedTensors<Name>): tfTypes.Tensor;
  /**
   * @param sums over all batches
   * @returns the loss that is watched; lower is better
   */
  loss(sums: Float64Array): number;
}

/**
 * @param tf TensorFlow
 * @param loss of a batch, a scalar
 * @returns a judge by the mean loss of the batches
 */
export function meanLoss<Name extends string>(
  tf: typeof tfTypes,
  loss: (context: NetworkContext, batch: NamedTensors<Name>) => tfTypes.Tensor,
): HeldOutJudge<Name> {
  return {
    sums: (context, batch) => tf.stack([loss(context, batch), tf.scalar(1)]),
    loss: ([sum, count]) => sum! / count!,
  };
}
