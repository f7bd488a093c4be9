// One encoder–decoder on TensorFlow, compiled: `train` or `infer` some windows in batches of a size.
import {
  ADAMW_DEFAULTS,
  adamWStep,
  compile,
  loadTensorflow,
  NetworkContext,
  ParameterLayout,
  type Tensor,
} from '@hemline/tensor';
import { BenchNetwork, SIZES, waves } from '../transformer/bench-network.ts';
import { printSample } from './sample.ts';

const [task, batchSize, windows] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])];
const engine = await loadTensorflow();
const { tf } = engine;
const layout = new ParameterLayout();
const network = new BenchNetwork(layout);
const options = { ...ADAMW_DEFAULTS, weightDecay: 0 };

const start = new Float32Array(layout.size);
for (const { name, offset, size } of layout.parameters)
  start.set(name.endsWith('.scale') ? new Float32Array(size).fill(1) : waves(size, 0.08, offset), offset);

const forward = compile(engine, ([weights, past, planned]) => [
  network.call(new NetworkContext(tf, layout.unpack(tf, weights!)), past!, planned!),
]);
const train = compile(engine, ([weights, mean, square, past, planned, wanted, numbers, decays]) => {
  const values = layout.unpack(tf, weights!);
  const loss = (...parameters: Tensor[]): Tensor =>
    tf.mean(tf.square(tf.sub(network.call(new NetworkContext(tf, parameters), past!, planned!), wanted!)));
  const { value, grads } = tf.valueAndGrads(loss as never)(values);
  const gradient = tf.concat(grads.map((one) => tf.reshape(one, [-1])));
  return [
    ...adamWStep(tf, [weights!, mean!, square!, weights!], gradient, numbers!, decays!, options),
    value,
  ];
});

interface Batch {
  readonly past: Tensor;
  readonly planned: Tensor;
  readonly wanted: Tensor;
}

function batchOf(size: number): Batch {
  const { past, planned, pastNumbers, plannedNumbers, outputs } = SIZES;
  return {
    past: tf.tensor(waves(size * past * pastNumbers, 1, 0), [size, past, pastNumbers]),
    planned: tf.tensor(waves(size * planned * plannedNumbers, 1, 1), [size, planned, plannedNumbers]),
    wanted: tf.tensor(waves(size * planned * outputs, 1, 2), [size, planned, outputs]),
  };
}

let vectors: Tensor[] = [tf.tensor1d(start), tf.zeros([layout.size]), tf.zeros([layout.size])];
const decays = tf.zeros([layout.size]);
let steps = 0;
/** So small that losses do not explode: what rounding leaves would then be seen in them. */
const RATE = 1e-4;

function step({ past, planned, wanted }: Batch): number {
  steps++;
  const numbers = tf.tensor1d([RATE, 1 - options.beta1 ** steps, 1 - options.beta2 ** steps, 0]);
  const results = train([...vectors, past, planned, wanted, numbers, decays]);
  const loss = results.at(-1)!.dataSync()[0]!;
  tf.dispose([...vectors, numbers, ...results.slice(3)]);
  vectors = results.slice(0, 3);
  return loss;
}

function infer({ past, planned }: Batch): number {
  const [output] = forward([vectors[0]!, past, planned]) as [Tensor];
  const first = output.dataSync()[0]!;
  output.dispose();
  return first;
}

const small = batchOf(32);
// Losses of four steps say that gradients and steps are the same too.
const check =
  task === 'train'
    ? [0, 1, 2, 3].map(() => step(small).toPrecision(3)).join(' ')
    : infer(small).toPrecision(3);
const batch = batchOf(batchSize);
const once = task === 'train' ? step : infer;
for (let i = 0; i < 2; i++) once(batch);
const began = performance.now();
for (let done = 0; done < windows; done += batchSize) once(batch);
printSample((performance.now() - began) / 1000, check);
