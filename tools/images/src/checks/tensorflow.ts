// Run while an image is built: one whose TensorFlow does not load, compute, or run graphs, is none.
import { compile, loadTensorflow } from '@hemline/tensor';
import { expectNumber } from './expect-number.ts';

const engine = await loadTensorflow({ prefer: 'native' });
const { tf, version } = engine;
const square = tf.tensor2d([
  [1, 2],
  [3, 4],
]);
const trace = compile(engine, ([x]) => [tf.sum(tf.matMul(x!, x!))]);
const [sum] = trace([square]);
// 7 + 10 + 15 + 22.
expectNumber('TensorFlow', (await sum!.data())[0]!, 54, 0);
trace.dispose();
process.stdout.write(`TensorFlow ${version} computes\n`);
