import type * as tfTypes from '@tensorflow/tfjs';

/** So few numbers are added one after the other: 256 roundings move a sum of single precision by some 1e-5 at most. */
const FEW = 256;

/**
 * The sum of all numbers, as exact on every backend. WebAssembly adds one after the other in single precision: 0.1 ten million times
 * gives 1,087,937. There, sums of rows are added up instead, so that the roundings grow with the root of the count; libtensorflow
 * does the like by itself.
 * @param tf TensorFlow
 * @param x any tensor
 * @returns a scalar
 */
export function sumOfAll(tf: typeof tfTypes, x: tfTypes.Tensor): tfTypes.Tensor {
  if (tf.getBackend() !== 'wasm') return tf.sum(x);
  let numbers = tf.reshape(x, [-1]) as tfTypes.Tensor1D;
  while (numbers.size > FEW) {
    const width = Math.min(FEW, Math.ceil(Math.sqrt(numbers.size)));
    const rows = Math.ceil(numbers.size / width);
    const whole = tf.pad1d(numbers, [0, rows * width - numbers.size]);
    numbers = tf.sum(tf.reshape(whole, [rows, width]), 1) as tfTypes.Tensor1D;
  }
  return tf.sum(numbers);
}

/**
 * Numbers confined to a range, NaN left as it is: `clipByValue` of WebAssembly gives `low` for it, and a training that has gone
 * wrong would look sound.
 * @param tf TensorFlow
 * @param x any tensor
 * @param low the least
 * @param high the greatest
 * @returns the same shape
 */
export function confined(tf: typeof tfTypes, x: tfTypes.Tensor, low: number, high: number): tfTypes.Tensor {
  const clipped = tf.clipByValue(x, low, high);
  return tf.getBackend() === 'wasm' ? tf.where(tf.isNaN(x), x, clipped) : clipped;
}
