import { readFileSync } from 'node:fs';
import { InterruptedError } from '@hemline/core';
import type * as tfTypes from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ADAMW_DEFAULTS, adamWStep, stepNumbers, type TrainingVectors } from '../../src/training/adamw.ts';
import { FeedForward, Linear } from '../../src/blocks/linear.ts';
import { annealedRate, annealingSteps, learningRateAt } from '../../src/training/learning-rate.ts';
import { loadTensorflow } from '../../src/engine/load-tensorflow.ts';
import { ParameterLayout } from '../../src/blocks/parameters.ts';
import { trainNetwork } from '../../src/training/train-network.ts';
import type { TrainingOptions, TrainingTask } from '../../src/training/training-task.ts';
import type { BatchPart, BatchParts, BatchSource } from '../../src/training/batch-source.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';

const engine = await loadTensorflow();
const { tf } = engine;

/** Numbers in [0, 1) that depend on the seed alone. */
function uniformOf(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

type Name = 'x' | 'y';

/** y = |x₁| − x₂ with noise, learnt by two layers; batch n holds rows of its own. */
function task(): TrainingTask<Name> {
  const layout = new ParameterLayout();
  const inner = new Linear(layout, 'inner', 2, 8);
  const block = new FeedForward(layout, 'block', 8, 16);
  const outer = new Linear(layout, 'outer', 8, 1);
  const batchOf = (number: number): BatchParts<Name> => {
    const uniform = uniformOf(number * 7919 + 13);
    const x = Float32Array.from({ length: 64 }, () => 2 * uniform() - 1);
    const y = Float32Array.from(
      { length: 32 },
      (_, row) => Math.abs(x[2 * row]!) - x[2 * row + 1]! + 0.02 * uniform(),
    );
    return { x: { shape: [32, 2], values: x }, y: { shape: [32, 1], values: y } };
  };
  const batches: BatchSource<Name> = { next: async (number) => batchOf(number) };
  return {
    layout,
    batches,
    validation: [batchOf(1_000_000), batchOf(1_000_001)],
    initial: layout.initialize(uniformOf(5)),
    loss: (context, { x, y }) =>
      tf.mean(tf.square(tf.sub(outer.call(context, block.call(context, inner.call(context, x))), y))),
  };
}

const options: TrainingOptions = { steps: 120, learningRate: 0.02, warmUp: 10, averaging: 20 };

describe('AdamW', () => {
  it("takes PyTorch's steps, with clipped gradients", () => {
    interface Numbers {
      readonly values: number[];
    }
    const golden = JSON.parse(readFileSync(new URL('golden/adamw.json', import.meta.url), 'utf8')) as {
      readonly start: Numbers;
      readonly steps: readonly { readonly gradient: Numbers; readonly weights: Numbers }[];
    };
    const how = { ...ADAMW_DEFAULTS, weightDecay: 0.1 };
    const start = tf.tensor1d(golden.start.values);
    let vectors: TrainingVectors = [start, tf.zerosLike(start), tf.zerosLike(start), start];
    let sum = [0, 0, 0, 0, 0, 0];
    golden.steps.forEach(({ gradient, weights }, step) => {
      const { learningRate, correction1, correction2, keep } = stepNumbers(step, 0.05, 1000, how);
      const numbers = tf.tensor1d([learningRate, correction1, correction2, keep]);
      const found = adamWStep(tf, vectors, tf.tensor1d(gradient.values), numbers, tf.ones([6]), how);
      vectors = [found[0], found[1], found[2], found[3]];
      const now = found[0].dataSync();
      weights.values.forEach((value, i) => expect(now[i]).toBeCloseTo(value, 5));
      // While few steps are done, the running average is their mean.
      sum = sum.map((total, i) => total + now[i]!);
      const average = found[3].dataSync();
      sum.forEach((total, i) => expect(average[i]).toBeCloseTo(total / (step + 1), 5));
      expect(found[4].dataSync()[0]).toBeCloseTo(Math.hypot(...gradient.values), 4);
    });
  });
});

describe('the learning rate', () => {
  it('rises in a line and falls as half a cosine', () => {
    const how = { peak: 2, warmUp: 4, steps: 104, floor: 0.1 };
    expect([0, 1, 3].map((step) => learningRateAt(step, how))).toEqual([0.5, 1, 2]);
    expect(learningRateAt(54, how)).toBeCloseTo(2 * (0.1 + 0.9 / 2));
    expect(learningRateAt(104, how)).toBeCloseTo(0.2);
    expect(learningRateAt(500, how)).toBeCloseTo(0.2);
  });

  it('rises and stays until the training anneals, then falls as half a cosine', () => {
    const how = { peak: 2, warmUp: 4, annealing: null };
    expect([0, 3, 4, 10_000].map((step) => annealedRate(step, how))).toEqual([0.5, 2, 2, 2]);
    const falling = { ...how, annealing: { from: 100, steps: 10 } };
    expect(annealedRate(100, falling)).toBe(2);
    expect(annealedRate(105, falling)).toBeCloseTo(2 * (0.01 + 0.99 / 2));
    expect(annealedRate(110, falling)).toBeCloseTo(0.02);
    expect([10, 200].map((before) => annealingSteps({ share: 0.25, least: 20 }, before))).toEqual([20, 50]);
  });
});

describe('training', () => {
  it('learns, and tells how it goes', async () => {
    const losses: { step: number; training: number; validation: number | null }[] = [];
    const phases: number[] = [];
    const trained = await trainNetwork(engine, task(), {
      ...options,
      validateEvery: 30,
      onLoss: (loss) => losses.push(loss),
      onProgress: ({ done, total }) => phases.push(done / total!),
    });
    expect(losses.map(({ step }) => step)).toEqual([30, 60, 90, 120]);
    expect(losses[3]!.training).toBeLessThan(0.3 * losses[0]!.training);
    expect(trained.validationLoss).toBeLessThan(0.01);
    expect(trained.validationLoss).toBe(Math.min(...losses.map(({ validation }) => validation!)));
    expect([phases[0], phases.at(-1)]).toEqual([0, 1]);
  });

  it('tells the loss of the training with nothing to validate on, and learns the same', async () => {
    const { validation: _, ...unvalidated } = task();
    const wanted = await trainNetwork(engine, unvalidated, options);
    const losses: { step: number; training: number; validation: number | null }[] = [];
    const told = await trainNetwork(engine, unvalidated, {
      ...options,
      validateEvery: 50,
      onLoss: (loss) => losses.push(loss),
    });
    expect(losses.map(({ step, validation }) => [step, validation])).toEqual([
      [50, null],
      [100, null],
      [120, null],
    ]);
    expect(losses[2]!.training).toBeLessThan(losses[0]!.training);
    expect(told).toEqual(wanted);
  });

  it('takes parts by their names, in whatever order a batch holds them', async () => {
    const ordered = task();
    const turned: TrainingTask<Name> = {
      ...ordered,
      batches: {
        next: async (number) => {
          const { x, y } = await ordered.batches.next(number);
          return number % 2 === 0 ? { x, y } : { y, x };
        },
      },
    };
    const few = { ...options, steps: 6 };
    expect(await trainNetwork(engine, turned, few)).toEqual(await trainNetwork(engine, ordered, few));
  });

  it('names the parts where a batch has others than the one before', async () => {
    const whole = task();
    const torn: TrainingTask<Name> = {
      ...whole,
      batches: {
        next: async (number) => {
          const { x, y } = await whole.batches.next(number);
          return (number < 3 ? { x, y } : { x, z: y }) as BatchParts<Name>;
        },
      },
    };
    await expect(trainNetwork(engine, torn, options)).rejects.toThrow(/expected x, y, found x, z/);
  });

  it('gives the same weights from the same task', async () => {
    const [first, second] = [
      await trainNetwork(engine, task(), options),
      await trainNetwork(engine, task(), options),
    ];
    expect(second.weights).toEqual(first.weights);
  });

  it.each([
    ['loss', (x: tfTypes.Tensor) => tf.div(tf.sum(x), 0)],
    ['length of the gradient', (x: tfTypes.Tensor) => tf.sum(tf.mul(x, 1e30))],
  ] as const)('that has diverged ends, and says by what: the %s', async (what, wrong) => {
    const whole = task();
    const before = tf.memory().numTensors;
    const training = trainNetwork(
      engine,
      { ...whole, loss: (context, batch) => wrong(whole.loss(context, batch)) },
      options,
    );
    await expect(training).rejects.toThrow(
      new RegExp(`the training has diverged; expected a finite ${what}, found (NaN|Infinity) in step 1`),
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensors behind', async () => {
    await trainNetwork(engine, task(), { ...options, steps: 3, validateEvery: 1 });
    const before = tf.memory().numTensors;
    await trainNetwork(engine, task(), { ...options, steps: 5, validateEvery: 2, accumulate: 2 });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('averages gradients of several batches to one step', async () => {
    const whole = task();
    const half = ({ shape: [rows, width], values }: BatchPart, from: number): BatchPart => ({
      shape: [rows! / 2, width!],
      values: values.slice((from * values.length) / 2, ((from + 1) * values.length) / 2),
    });
    const halves: TrainingTask<Name> = {
      ...whole,
      batches: {
        next: async (number) => {
          const { x, y } = await whole.batches.next(Math.floor(number / 2));
          return { x: half(x, number % 2), y: half(y, number % 2) };
        },
      },
    };
    const few = { ...options, steps: 5 };
    const one = await trainNetwork(engine, whole, few);
    const two = await trainNetwork(engine, halves, { ...few, accumulate: 2 });
    one.weights.forEach((value, i) => expect(two.weights[i]).toBeCloseTo(value, 3));
  });

  it('anneals once validation stalls, from the best weights, and ends better than it was', async () => {
    const told: { step: number; validation: number }[] = [];
    const annealed = {
      ...options,
      steps: 600,
      learningRate: 0.1,
      averaging: 2,
      validateEvery: 10,
      patience: 4,
      improvement: 0.01,
      annealing: { share: 0.3, least: 20 },
    };
    const trained = await trainNetwork(engine, task(), {
      ...annealed,
      onLoss: ({ step, validation }) => told.push({ step, validation: validation! }),
    });
    const last = told.at(-1)!.step;
    expect(last).toBeLessThan(600);
    // The fall takes three tenths of the steps before it.
    const from = told.find(({ step }) => step + annealingSteps(annealed.annealing, step) === last)!.step;
    const before = Math.min(...told.filter(({ step }) => step <= from).map(({ validation }) => validation));
    expect(trained.validationLoss).toBeLessThan(before);
  });

  it('is judged by sums over all validation batches where it has a judge', async () => {
    const sums: Float64Array[] = [];
    const whole = task();
    const trained = await trainNetwork(
      engine,
      {
        ...whole,
        judge: {
          sums: (context, batch) => tf.stack([tf.mul(whole.loss(context, batch), 32), tf.scalar(32)]),
          loss: ([errors, rows]) => Math.sqrt(errors! / rows!),
        },
      },
      { ...options, validateEvery: 60, onLoss: (told) => sums.push(told.sums!) },
    );
    expect(sums.map(([, rows]) => rows)).toEqual([64, 64]);
    const roots = sums.map(([errors, rows]) => Math.sqrt(errors! / rows!));
    expect(trained.validationLoss).toBe(Math.min(...roots));
  });

  it('ends early when validation does not get better, with the best weights', async () => {
    const noisy: TrainingTask<Name> = { ...task() };
    const losses: number[] = [];
    const trained = await trainNetwork(engine, noisy, {
      ...options,
      steps: 400,
      learningRate: 0.5,
      averaging: 1,
      validateEvery: 5,
      patience: 3,
      onLoss: ({ validation }) => losses.push(validation!),
    });
    expect(losses.length).toBeLessThan(80);
    expect(trained.validationLoss).toBe(Math.min(...losses));
    expect(losses.slice(-3).every((loss) => loss >= trained.validationLoss!)).toBe(true);
  });

  it.each([1, 17, 64, 119])(
    'interrupted after %i steps and resumed, gives the weights of no interruption',
    async (steps) => {
      const how: TrainingOptions = { ...options, validateEvery: 25, accumulate: 2 };
      const wanted = await trainNetwork(engine, task(), how);
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      const interrupted = trainNetwork(engine, task(), {
        ...how,
        checkpoints,
        signal: stop.signal,
        onProgress: ({ done }) => done === steps && stop.abort(),
      });
      await expect(interrupted).rejects.toThrow(InterruptedError);
      expect(checkpoints.saved!.step).toBe(steps);
      const resumed = await trainNetwork(engine, task(), { ...how, checkpoints });
      expect(resumed).toEqual(wanted);
    },
  );

  it('killed between checkpoints, goes on from the last one to the same weights', async () => {
    const wanted = await trainNetwork(engine, task(), options);
    const checkpoints = new MemoryCheckpoints();
    const killed = trainNetwork(engine, task(), {
      ...options,
      checkpoints,
      checkpointEvery: 20,
      onProgress: ({ done }) => {
        if (done === 53) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(checkpoints.saved!.step).toBe(40);
    expect(await trainNetwork(engine, task(), { ...options, checkpoints })).toEqual(wanted);
  });

  it('refuses checkpoints of another network', async () => {
    const checkpoints = new MemoryCheckpoints();
    await trainNetwork(engine, task(), { ...options, steps: 4, checkpointEvery: 2, checkpoints });
    const entries = checkpoints.saved!.entries;
    entries.set('weights', (entries.get('weights') as Uint8Array).slice(4));
    await expect(trainNetwork(engine, task(), { ...options, checkpoints })).rejects.toThrow(
      /another network/,
    );
  });
});
