// Run while the image for GPUs is built, on a machine without one: the library and CUDA's must load; computing is left to the
// processor, and the GPU to the first job.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { EngineError } from '@hemline/core';
import { loadTensorflow, type TensorEngine } from '@hemline/tensor';
import { expectNumber } from './expect-number.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const require = createRequire(import.meta.url);

const hasGpu = await loadTensorflow({ prefer: 'gpu' }).then(
  () => true,
  (error: Error) => {
    // It says so only once the library is loaded.
    if (error instanceof EngineError && error.message.startsWith('TensorFlow finds no GPU')) return false;
    throw error;
  },
);
const tf = require(PACKAGE) as TensorEngine['tf'];
expectNumber('TensorFlow', (await tf.sum(tf.tensor1d([1, 2, 3])).data())[0]!, 6, 0);

const folder = join(dirname(require.resolve(`${PACKAGE}/package.json`)), 'deps', 'nvidia');
const libraries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.so(\.\d+)*$/.test(name),
);
if (libraries.length === 0)
  throw new EngineError('the image lacks the CUDA libraries', { expected: `libraries below ${folder}` });
for (const name of libraries) checkLoads(join(folder, name));
process.stdout.write(
  `TensorFlow and ${libraries.length} libraries of CUDA load; GPU: ${hasGpu ? 'yes' : 'none here'}\n`,
);

/** Node takes a library for an addon and complains that it did not register, which it can only say once it is loaded. */
function checkLoads(path: string): void {
  try {
    process.dlopen({ exports: {} }, path);
  } catch (cause) {
    const { message } = cause as Error;
    // The driver's own library comes with the machine.
    if (/self-register|libcuda\.so\.1/.test(message)) return;
    throw new EngineError('a library of CUDA cannot be loaded', {
      found: message,
      where: { file: path },
      cause,
    });
  }
}
