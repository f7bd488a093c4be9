import type * as tfTypes from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compiled/compile.ts';
import { Embedding } from '../../src/blocks/embedding.ts';
import { loadTensorflow } from '../../src/engine/load-tensorflow.ts';
import { NetworkContext } from '../../src/blocks/network-context.ts';
import { ParameterLayout } from '../../src/blocks/parameters.ts';
import { blocks, golden, type BlockName, type Numbers } from './golden-blocks.ts';

const engine = await loadTensorflow();
const { tf } = engine;

const tensor = ({ shape, values }: Numbers): tfTypes.Tensor => tf.tensor(values, shape);

function expectClose(found: tfTypes.Tensor, wanted: Numbers): void {
  expect(found.shape).toEqual(wanted.shape);
  const values = found.dataSync();
  wanted.values.forEach((value, i) =>
    expect(Math.abs(values[i]! - value)).toBeLessThan(2e-5 * (1 + Math.abs(value))),
  );
}

describe.each(Object.keys(blocks) as BlockName[])('%s', (name) => {
  const wanted = golden[name];
  const layout = new ParameterLayout();
  const call = blocks[name](layout);
  const mask = tensor(golden.mask);
  const weight = tensor(wanted.weight);
  const parameters = wanted.parameters.map(tensor);
  const inputs = wanted.inputs.map(tensor);
  const forward = (values: tfTypes.Tensor[]): tfTypes.Tensor =>
    call(new NetworkContext(tf, values.slice(0, parameters.length)), values.slice(parameters.length), mask);
  const gradients = (values: tfTypes.Tensor[]): tfTypes.Tensor[] =>
    tf.grads((...all: tfTypes.Tensor[]) => tf.sum(tf.mul(forward(all), weight)))(values);

  it('declares parameters of the shapes that PyTorch has', () => {
    expect(layout.parameters.map(({ shape }) => shape)).toEqual(wanted.parameters.map(({ shape }) => shape));
  });

  it.each(['as it is', 'compiled'] as const)('%s equals PyTorch, forward and backward', (how) => {
    const [f, g] =
      how === 'compiled'
        ? [compile(engine, (values) => [forward(values)]), compile(engine, gradients)]
        : [(values: tfTypes.Tensor[]): tfTypes.Tensor[] => [forward(values)], gradients];
    // The first call traces, the second runs the graph.
    for (let round = 0; round < 2; round++) {
      expectClose(f([...parameters, ...inputs])[0]!, wanted.output);
      const found = g([...parameters, ...inputs]);
      [...wanted.parameterGradients, ...wanted.inputGradients].forEach((gradient, i) =>
        expectClose(found[i]!, gradient),
      );
    }
  });
});

describe('an embedding', () => {
  it.each([1, 3])('looks up rows of %i, and its gradient adds up in them', (categories) => {
    const layout = new ParameterLayout();
    const block = new Embedding(layout, 'block', categories, 2);
    const table = tf.tensor2d(
      Array.from({ length: 2 * categories }, (_, i) => i + 1),
      [categories, 2],
    );
    const codes = tf.tensor1d([categories - 1, 0, 0], 'int32');
    const call = (values: tfTypes.Tensor): tfTypes.Tensor =>
      block.call(new NetworkContext(tf, [values]), codes);
    const last = [2 * categories - 1, 2 * categories];
    expect([...call(table).dataSync()]).toEqual([...last, 1, 2, 1, 2]);
    const gradient = tf
      .grad((values) => tf.sum(call(values)))(table)
      .dataSync();
    const counts = Array.from({ length: categories }, (_, i) => (i === 0 ? 2 : 0));
    counts[categories - 1]! += 1;
    expect([...gradient]).toEqual(counts.flatMap((count) => [count, count]));
  });
});

describe('parameters', () => {
  it('lie one after another in one vector, and come out of it again', () => {
    const layout = new ParameterLayout();
    layout.add('a', [2, 3], { values: [1, 2, 3, 4, 5, 6] });
    layout.add('b', [2], 'ones');
    layout.add('c', [], 'zeros');
    let next = 0;
    const vector = layout.initialize(() => (next = (next + 0.37) % 1));
    expect([...vector]).toEqual([1, 2, 3, 4, 5, 6, 1, 1, 0]);
    expect([...layout.decayMask()]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0]);
    const parts = layout.unpack(tf, tf.tensor1d(vector));
    expect(parts.map(({ shape }) => shape)).toEqual([[2, 3], [2], []]);
    expect([...parts[0]!.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(() => layout.add('a', [1], 'zeros')).toThrow(/declared twice/);
  });

  it('begin as Glorot and Bengio have it', () => {
    const layout = new ParameterLayout();
    layout.add('w', [300, 200], 'glorot');
    let state = 1;
    const vector = layout.initialize(() => (state = (state * 16807) % 2147483647) / 2147483647);
    const squares = vector.reduce((sum, value) => sum + value * value, 0);
    expect(squares / vector.length).toBeCloseTo(2 / 500, 4);
  });
});
