import {
  confined,
  detached,
  sumOfAll,
  type NamedTensors,
  type NetworkContext,
  type Tensor,
} from '@hemline/tensor';
import type { DemandNetwork } from './network.ts';
import type { TrainingPart } from './training-windows.ts';

/** Logs of demand over the level are confined to this in training, so that no batch explodes. */
export const MOST = 8;

/**
 * The loss of a batch: a Poisson quasi-likelihood of demand over the level, μ − y log μ, weighted as the metric is (Wedderburn
 * 1974; its minimum is the mean whatever the distribution), a pull of the demand at the usual price toward the level, and one of the
 * series' response to the price toward that of all: at discounts that a series never had, nothing else holds it.
 * Beside it the likelihood of the scatter around the mean, whose gradient reaches nothing but its own head.
 * @param network to judge
 * @param context of it
 * @param batch inputs, dropout, demand over the level, weights and reach
 * @param penalties how strong the pulls are
 * @param penalties.levelPenalty of the level
 * @param penalties.tiltPenalty of the tilts
 * @returns a scalar
 */
export function demandLoss(
  network: Pick<DemandNetwork, 'call'>,
  context: NetworkContext,
  batch: NamedTensors<TrainingPart>,
  { levelPenalty, tiltPenalty }: { readonly levelPenalty: number; readonly tiltPenalty: number },
): Tensor {
  const { tf } = context;
  const { demand, weight, reach } = batch;
  const { level, tilt, slopes, dispersion } = network.call(context, batch);
  const shape = demand.shape;
  const flat = tf.reshape(level, shape);
  const log = confined(tf, tf.add(flat, tf.sum(tf.mul(slopes, reach), -1)), -MOST, MOST);
  const known = tf.cast(tf.greater(weight, 0), 'float32');
  const weights = tf.div(weight, tf.maximum(sumOfAll(tf, weight), 1e-12));
  const poisson = sumOfAll(tf, tf.mul(weights, tf.sub(tf.exp(log), tf.mul(demand, log))));
  const count = tf.maximum(sumOfAll(tf, known), 1);
  const usual = tf.div(sumOfAll(tf, tf.mul(known, flat)), count);
  const pull = tf.div(sumOfAll(tf, tf.mul(known, tf.square(tf.sub(flat, usual)))), count);
  const tilted = tf.div(sumOfAll(tf, tf.mul(known, tf.square(tf.reshape(tilt, shape)))), count);
  const pulls = tf.add(tf.mul(pull, levelPenalty), tf.mul(tilted, tiltPenalty));
  const scatter = tf.div(
    sumOfAll(tf, tf.mul(known, scatterLoss(context, log, demand, tf.reshape(dispersion, shape)))),
    count,
  );
  return tf.add(tf.add(poisson, pulls), scatter);
}

/**
 * Minus the log likelihood of relative errors e = (y − μ) / μ that are normal with variance φ: (log φ + e² / φ) / 2, a variance
 * function proportional to the squared mean (Davidian & Carroll 1987). e² is bounded so that single weeks do not rule, and μ is
 * taken as it is.
 */
function scatterLoss(context: NetworkContext, log: Tensor, demand: Tensor, dispersion: Tensor): Tensor {
  const { tf } = context;
  const mean = detached(context, tf.exp(log));
  const squared = tf.square(tf.div(tf.sub(demand, mean), tf.add(mean, 1e-3)));
  const bounded = tf.minimum(squared, 25);
  const bounds = confined(tf, dispersion, -6, 4);
  return tf.mul(tf.add(bounds, tf.mul(bounded, tf.exp(tf.neg(bounds)))), 0.5);
}
