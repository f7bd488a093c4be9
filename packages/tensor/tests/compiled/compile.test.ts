import type * as tfTypes from '@tensorflow/tfjs';
import { afterEach, describe, expect, it } from 'vitest';
import { compile, type CompiledFunction } from '../../src/compiled/compile.ts';
import { loadTensorflow } from '../../src/engine/load-tensorflow.ts';

const engine = await loadTensorflow();
const { tf } = engine;
const open: CompiledFunction[] = [];
afterEach(() => {
  for (const f of open.splice(0)) f.dispose();
});

function compiled(f: (inputs: tfTypes.Tensor[]) => tfTypes.Tensor[]): CompiledFunction {
  const one = compile(engine, f);
  open.push(one);
  return one;
}

const values = (tensor: tfTypes.Tensor): number[] => [...tensor.dataSync()];

describe('a compiled function', () => {
  it('gives what the function gives, for other values of the same shape too', () => {
    const f = ([x, w]: tfTypes.Tensor[]): tfTypes.Tensor[] => {
      const hidden = tf.relu(tf.matMul(x as tfTypes.Tensor2D, w as tfTypes.Tensor2D));
      const ratio = tf.softmax(hidden);
      return [ratio, tf.sum(hidden, 0), tf.concat([hidden, tf.square(hidden)], 1), tf.cumsum(hidden, 1)];
    };
    const g = compiled(f);
    for (let round = 0; round < 3; round++) {
      const inputs = [tf.randomNormal([4, 3]), tf.randomNormal([3, 5])];
      const [found, wanted] = [g(inputs), f(inputs)];
      found.forEach((tensor, i) => {
        expect(tensor.shape).toEqual(wanted[i]!.shape);
        values(wanted[i]!).forEach((value, at) => expect(values(tensor)[at]).toBeCloseTo(value, 5));
      });
    }
  });

  it('knows integers, booleans, and several shapes', () => {
    const g = compiled(([x, i]) => [
      tf.cast(i!, 'float32'),
      tf.where(tf.greater(x!, 1.5), x!, tf.neg(x!)),
      tf.oneHot(i as tfTypes.Tensor1D, 3),
    ]);
    for (const numbers of [
      [1, 2, 3],
      [4, 5, 6, 7],
      [1, 1, 2],
    ]) {
      const [floats, flipped, hot] = g([tf.tensor1d(numbers), tf.tensor1d([2, 0], 'int32')]);
      expect(values(floats!)).toEqual([2, 0]);
      expect(values(flipped!)).toEqual(numbers.map((value) => (value > 1.5 ? value : -value)));
      expect(values(hot!)).toEqual([0, 0, 1, 1, 0, 0]);
    }
  });

  it('takes tensors from elsewhere as they were when it was compiled', () => {
    const factor = tf.scalar(3);
    const table = tf.keep(tf.mul(tf.tensor1d([1, 2]), 10));
    const g = compiled(([x]) => [tf.add(tf.mul(x!, factor), table)]);
    expect(values(g([tf.tensor1d([1, 1])])[0]!)).toEqual([13, 23]);
    expect(values(g([tf.tensor1d([2, 0])])[0]!)).toEqual([16, 20]);
  });

  it('leaves no tensors behind but its results', () => {
    const g = compiled(([x]) => [tf.sum(tf.square(x!)), tf.exp(x!)]);
    const x = tf.tensor1d([1, 2, 3]);
    const before = tf.memory().numTensors;
    for (let round = 0; round < 5; round++) tf.dispose(g([x]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of large tensors gives what the function gives, gradients included', () => {
    const loss = (w: tfTypes.Tensor, x: tfTypes.Tensor): tfTypes.Scalar => {
      const hidden = tf.relu(tf.matMul(x as tfTypes.Tensor2D, w as tfTypes.Tensor2D));
      // Two tensors of one shape, of which each is read twice.
      const [a, b] = [tf.square(hidden), tf.exp(tf.mul(hidden, -1))];
      return tf.sum(tf.add(tf.mul(a, b), tf.sub(a, b)));
    };
    const f = ([w, x]: tfTypes.Tensor[]): tfTypes.Tensor[] => {
      const { value, grads } = tf.valueAndGrads(loss)([w!, x!]);
      return [value, ...grads, tf.matMul(x as tfTypes.Tensor2D, w as tfTypes.Tensor2D)];
    };
    const g = compiled(f);
    for (let round = 0; round < 2; round++) {
      const inputs = [tf.randomNormal([96, 80], 0, 0.1), tf.randomNormal([112, 96])];
      const [found, wanted] = [g(inputs), f(inputs)];
      found.forEach((tensor, i) => {
        expect(tensor.shape).toEqual(wanted[i]!.shape);
        const [ours, theirs] = [tensor.dataSync(), wanted[i]!.dataSync()];
        let most = 0;
        theirs.forEach((value, at) => {
          most = Math.max(most, Math.abs(ours[at]! - value) / (1 + Math.abs(value)));
        });
        expect(most).toBeLessThan(1e-3);
      });
    }
  });

  it('does not hold what it makes on its way', () => {
    if (engine.backend === 'wasm') return;
    const { binding } = tf.backend() as unknown as {
      binding: { deleteTensor: (id: number) => void; executeOp: (...given: unknown[]) => { id: number }[] };
    };
    let [held, most] = [0, 0];
    const [deleteTensor, executeOp] = [binding.deleteTensor, binding.executeOp];
    const counted = Object.create(binding, {
      deleteTensor: { value: (id: number) => (held--, deleteTensor.call(binding, id)) },
      executeOp: {
        value: (...given: unknown[]) => {
          const outputs = executeOp.apply(binding, given);
          held += outputs.length;
          most = Math.max(most, held);
          return outputs;
        },
      },
    }) as typeof binding;
    const x = tf.ones([100, 100]);
    const backend = tf.backend() as unknown as { binding: typeof binding };
    backend.binding = counted;
    try {
      compiled(([y]) => [Array.from({ length: 50 }).reduce<tfTypes.Tensor>((z) => tf.sin(z), y!)])([x]);
    } finally {
      backend.binding = binding;
    }
    // One that stands in for all others, and the latest.
    expect(most).toBe(2);
    expect(held).toBe(0);
  });

  it('does not read values', () => {
    const g = compiled(([x]) => [tf.mul(x!, x!.dataSync()[0]!)]);
    if (engine.backend === 'wasm') return;
    expect(() => g([tf.mul(tf.tensor1d([1, 2]), 1)])).toThrow(/reads values of tensors/);
    // The engine is as good as before.
    expect(values(tf.square(tf.tensor1d([3])))).toEqual([9]);
  });
});
