/** Run as a process of its own, since one process has one backend: prints what blocks and steady numbers give there, as JSON. */
import type * as tfTypes from '@tensorflow/tfjs';
import { NetworkContext } from '../../src/blocks/network-context.ts';
import { ParameterLayout } from '../../src/blocks/parameters.ts';
import { confined, sumOfAll } from '../../src/blocks/steady-numbers.ts';
import { loadTensorflow } from '../../src/engine/load-tensorflow.ts';
import { ADAMW_DEFAULTS, adamWStep } from '../../src/training/adamw.ts';
import { blocks, golden, type BlockName, type Numbers } from './golden-blocks.ts';

const { tf, backend } = await loadTensorflow();
const found: Record<string, string[]> = { backend: [backend] };
const tell = (name: string, x: tfTypes.Tensor): void => {
  // JSON has no NaN.
  found[name] = Array.from(x.dataSync(), String);
};
const tensor = ({ shape, values }: Numbers): tfTypes.Tensor => tf.tensor(values, shape);

for (const name of Object.keys(blocks) as BlockName[]) {
  const { parameters, inputs, weight } = golden[name];
  const call = blocks[name](new ParameterLayout());
  const f = (...all: tfTypes.Tensor[]): tfTypes.Tensor =>
    call(
      new NetworkContext(tf, all.slice(0, parameters.length)),
      all.slice(parameters.length),
      tensor(golden.mask),
    );
  const values = [...parameters, ...inputs].map(tensor);
  tell(`${name} output`, f(...values));
  const loss = (...all: tfTypes.Tensor[]): tfTypes.Tensor => tf.sum(tf.mul(f(...all), tensor(weight)));
  tf.grads(loss)(values).forEach((gradient, i) => tell(`${name} gradient ${i}`, gradient));
}

for (const count of [1, 255, 257, 6656, 700_000, 10_000_000])
  tell(`mean of ${count}`, tf.div(sumOfAll(tf, tf.fill([count], 0.1)), count));
const rows = tf.tensor2d(
  Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i)),
  [30, 100],
);
tell('gradient of a sum', tf.grad((x) => sumOfAll(tf, tf.square(x)))(rows));
const odd = tf.tensor1d([NaN, -Infinity, Infinity, -9, -0.5, 0, 8, 9]);
tell('confined', confined(tf, odd, -8, 8));
tell('gradient of confined', tf.grad((x) => confined(tf, x, -8, 8))(tf.tensor1d([-9, -8, 0.5, 8, 9])));

// As many weights as a network has: the length of the gradient is a sum over all.
const size = 700_000;
const some = (scale: number): tfTypes.Tensor1D =>
  tf.tensor1d(Float32Array.from({ length: size }, (_, i) => scale * (1.5 + Math.sin(i))));
const zeros = tf.zeros([size]);
const step = adamWStep(
  tf,
  [some(1), zeros, zeros, zeros],
  some(0.01),
  tf.tensor1d([0.001, 0.1, 0.02, 0.5]),
  tf.onesLike(zeros),
  ADAMW_DEFAULTS,
);
['weights', 'mean', 'square', 'average'].forEach((name, i) =>
  tell(`AdamW ${name}`, tf.slice(step[i]! as tfTypes.Tensor1D, size - 20, 20)),
);
tell('AdamW length', step[4]);
process.stdout.write(`\n${JSON.stringify(found)}\n`);
