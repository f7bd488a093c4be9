/** Run as a process of its own, since one process has one backend: prints the loss of a whole batch and its gradients as JSON. */
import { CURVE_SLOPES } from '@hemline/features';
import { loadTensorflow, NetworkContext, type NamedTensors, type Tensor } from '@hemline/tensor';
import { demandLoss } from '../src/loss.ts';
import type { NetworkOutput } from '../src/network.ts';
import type { TrainingPart } from '../src/training-windows.ts';

const { tf, backend } = await loadTensorflow();
const [series, weeks] = [256, 26];
const some = (shape: number[], f: (i: number) => number): Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => f(i)),
    shape,
  );
const batch = {
  demand: some([series, weeks], (i) => 1 + Math.sin(i)),
  // Every seventh week is not known.
  weight: some([series, weeks], (i) => (i % 7 === 0 ? 0 : 20 + 10 * Math.cos(i))),
  reach: some([series, weeks, CURVE_SLOPES], (i) => 0.1 * Math.abs(Math.sin(3 * i))),
} as NamedTensors<TrainingPart>;
const outputs = [
  some([series, weeks, 1], (i) => Math.sin(2 * i)),
  some([series, weeks, 1], (i) => Math.cos(2 * i)),
  some([series, weeks, CURVE_SLOPES], (i) => 0.5 + 0.3 * Math.sin(i)),
  some([series, weeks, 1], (i) => -1 + Math.cos(5 * i)),
];
const lossOf = (...[level, tilt, slopes, dispersion]: Tensor[]): Tensor =>
  demandLoss(
    { call: () => ({ level, tilt, slopes, dispersion }) as NetworkOutput },
    new NetworkContext(tf, []),
    batch,
    { levelPenalty: 0.01, tiltPenalty: 0.02 },
  );
const loss = lossOf(...outputs).dataSync()[0]!;
const gradients = tf
  .grads(lossOf)(outputs)
  .map((gradient) => Array.from(gradient.dataSync().slice(0, 200)));
/** The loss where one number of one output is none. */
const lossesOfNaN = outputs.map((output, i) => {
  const wrong = some(output.shape, (at) => (at === 1000 ? NaN : 0));
  return String(lossOf(...outputs.with(i, wrong)).dataSync()[0]);
});
process.stdout.write(`\n${JSON.stringify({ backend, loss, gradients, lossesOfNaN })}\n`);
