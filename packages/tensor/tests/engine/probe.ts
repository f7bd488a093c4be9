/**
 * Run as a process of its own, since one process has one backend: loads TensorFlow twice, computes a product and a
 * gradient, and prints them as JSON.
 */
import { expectedBackend, loadTensorflow, type TensorBackend } from '../../src/engine/load-tensorflow.ts';

const prefer = process.argv[2] as TensorBackend | undefined;
const expected = expectedBackend();
const [{ tf, backend, version }, again] = await Promise.all([loadTensorflow({ prefer }), loadTensorflow()]);
const before = tf.memory().numTensors;
const { product, gradient } = tf.tidy(() => {
  const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const b = tf.tensor2d([0.5, -1, 2, 0, 1, 3], [3, 2]);
  const loss = (x: typeof a): ReturnType<typeof tf.sum> => tf.matMul(x, b).square().sum();
  return {
    product: Array.from(tf.matMul(a, b).dataSync()),
    gradient: Array.from(
      tf
        .grad(loss as never)(a)
        .dataSync(),
    ),
  };
});
const left = tf.memory().numTensors - before;
process.stdout.write(
  `\n${JSON.stringify({ expected, backend, version, same: again.tf === tf, product, gradient, left })}\n`,
);
