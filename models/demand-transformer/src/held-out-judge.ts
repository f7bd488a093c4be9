import { confined, sumOfAll, type HeldOutJudge, type NetworkContext, type Tensor } from '@hemline/tensor';
import type { HeldOutPart } from './held-out-windows.ts';
import { MOST } from './loss.ts';
import type { DemandNetwork } from './network.ts';

/** What a network's forecasts of held-out weeks are worth. */
export interface HeldOutScore {
  /** Poisson deviance of demand over the level, weighted as the loss is: halved, 0 at best. */
  readonly loss: number;
  /** Demand error: sqrt(Σ b (q̂ − q)² / Σ b q²). */
  readonly error: number;
  /** The deviance of series that were not learnt from; NaN where there are none. */
  readonly unseenLoss: number;
}

/**
 * Judges a network by weeks, and by series, that it has not learnt from.
 * @param network to judge
 * @returns sums over a batch, and the loss of them
 */
export function heldOutJudge(network: Pick<DemandNetwork, 'call'>): HeldOutJudge<HeldOutPart> {
  return {
    sums(context, batch) {
      const { tf } = context;
      const { demand, weight, square, unseen } = batch;
      const mean = tf.exp(forecastLog(network, context, batch));
      const log = tf.log(tf.div(tf.maximum(demand, 1e-6), mean));
      const deviance = tf.sub(tf.mul(demand, log), tf.sub(demand, mean));
      const seen = tf.sub(1, unseen);
      return tf.stack([
        sumOfAll(tf, tf.mul(seen, tf.mul(weight, deviance))),
        sumOfAll(tf, tf.mul(seen, weight)),
        sumOfAll(tf, tf.mul(unseen, tf.mul(weight, deviance))),
        sumOfAll(tf, tf.mul(unseen, weight)),
        sumOfAll(tf, tf.mul(square, tf.square(tf.sub(mean, demand)))),
        sumOfAll(tf, tf.mul(square, tf.square(demand))),
      ]);
    },
    loss: (sums) => scoreOf(sums).loss,
  };
}

/**
 * @param sums over all batches, as the judge gives them
 * @returns the scores
 */
export function scoreOf(sums: Float64Array): HeldOutScore {
  const [deviance, weight, unseenDeviance, unseenWeight, errors, squares] = sums as unknown as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    loss: deviance / weight,
    error: Math.sqrt(errors / squares),
    unseenLoss: unseenWeight === 0 ? NaN : unseenDeviance / unseenWeight,
  };
}

function forecastLog(
  network: Pick<DemandNetwork, 'call'>,
  context: NetworkContext,
  batch: Parameters<HeldOutJudge<HeldOutPart>['sums']>[1],
): Tensor {
  const { tf } = context;
  const { level, slopes } = network.call(context, batch);
  const flat = tf.reshape(level, batch.demand.shape);
  return confined(tf, tf.add(flat, tf.sum(tf.mul(slopes, batch.reach), -1)), -MOST, MOST);
}
