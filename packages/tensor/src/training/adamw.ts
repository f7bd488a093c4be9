import type * as tfTypes from '@tensorflow/tfjs';
import { sumOfAll } from '../blocks/steady-numbers.ts';

/** What does not change while a training goes on. */
export interface AdamWOptions {
  /** How much of the mean and the mean square of past gradients is kept, a step. */
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Pulls at the weights, times the learning rate. */
  readonly weightDecay: number;
  /** Gradients are scaled down to this length at most. */
  readonly clip: number;
}

/** What is usual for Transformers (Vaswani et al. 2017, Loshchilov & Hutter 2019). */
export const ADAMW_DEFAULTS: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clip: 1,
};

/** The vectors of a training: weights, the two means of gradients, and the running average of the weights. */
export type TrainingVectors = readonly [
  weights: tfTypes.Tensor,
  mean: tfTypes.Tensor,
  square: tfTypes.Tensor,
  average: tfTypes.Tensor,
];

/** Numbers that change from step to step. */
export interface StepNumbers {
  readonly learningRate: number;
  /** 1 − β₁ᵗ and 1 − β₂ᵗ: what corrects the means' start at 0. */
  readonly correction1: number;
  readonly correction2: number;
  /** How much of the running average is kept. */
  readonly keep: number;
}

/**
 * One step of AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2) with the gradient clipped by its length (Pascanu
 * et al. 2013), and of the running average of the weights (Polyak & Juditsky 1992).
 * @param tf TensorFlow
 * @param vectors before the step
 * @param gradient of the loss
 * @param numbers tensor of [learningRate, correction1, correction2, keep]
 * @param decays 1 where weights decay
 * @param options of the training
 * @returns the vectors after the step, and the length of the gradient
 */
export function adamWStep(
  tf: typeof tfTypes,
  [weights, mean, square, average]: TrainingVectors,
  gradient: tfTypes.Tensor,
  numbers: tfTypes.Tensor,
  decays: tfTypes.Tensor,
  { beta1, beta2, epsilon, weightDecay, clip }: AdamWOptions,
): [...TrainingVectors, tfTypes.Tensor] {
  const [rate, correction1, correction2, keep] = [0, 1, 2, 3].map((at) =>
    tf.slice(numbers as tfTypes.Tensor1D, at, 1),
  ) as [tfTypes.Tensor, tfTypes.Tensor, tfTypes.Tensor, tfTypes.Tensor];
  const length = tf.sqrt(sumOfAll(tf, tf.square(gradient)));
  const clipped = tf.mul(gradient, tf.div(clip, tf.maximum(length, clip)));
  const newMean = tf.add(tf.mul(mean, beta1), tf.mul(clipped, 1 - beta1));
  const newSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(clipped), 1 - beta2));
  const step = tf.div(tf.div(newMean, correction1), tf.add(tf.sqrt(tf.div(newSquare, correction2)), epsilon));
  const decay = tf.mul(tf.mul(decays, weightDecay), weights);
  const newWeights = tf.sub(weights, tf.mul(rate, tf.add(step, decay)));
  const newAverage = tf.add(tf.mul(average, keep), tf.mul(newWeights, tf.sub(1, keep)));
  return [newWeights, newMean, newSquare, newAverage, length];
}

/**
 * @param step from 0 on
 * @param learningRate of the step
 * @param averaging weights of so many steps are in the running average, about
 * @param options of the training
 * @returns what the step needs
 */
export function stepNumbers(
  step: number,
  learningRate: number,
  averaging: number,
  { beta1, beta2 }: AdamWOptions,
): StepNumbers {
  return {
    learningRate,
    correction1: 1 - beta1 ** (step + 1),
    correction2: 1 - beta2 ** (step + 1),
    // A mean of all steps at first, then of about the last ones.
    keep: Math.min(step / (step + 1), 1 - 1 / averaging),
  };
}
