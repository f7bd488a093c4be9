import { setImmediate as breathe } from 'node:timers/promises';
import { HyperparameterError, InterruptedError, type SavedStates, type ProgressEvent } from '@hemline/core';
import type * as tfTypes from '@tensorflow/tfjs';
import { NetworkContext } from '../blocks/network-context.ts';
import type { ParameterLayout } from '../blocks/parameters.ts';
import { compile, type CompiledFunction } from '../compiled/compile.ts';
import type { TensorEngine } from '../engine/load-tensorflow.ts';
import { ADAMW_DEFAULTS, adamWStep, stepNumbers, type AdamWOptions } from './adamw.ts';
import { compileForBatches, type BatchFunction } from './batch-function.ts';
import { tensorsOf, type BatchParts, type BatchSource, type NamedTensors } from './batch-source.ts';
import { learningRateAt } from './learning-rate.ts';
import { initialState, loadState, saveState, type TrainingState } from './training-state.ts';

/** What is learnt, of batches whose parts have the names. */
export interface TrainingTask<Name extends string = string> {
  readonly layout: ParameterLayout;
  /**
   * The loss of a batch: a scalar. It must do the same operations whatever the batch holds.
   */
  loss(context: NetworkContext, batch: NamedTensors<Name>): tfTypes.Tensor;
  /** The vector to begin with. */
  readonly initial: Float32Array;
  readonly batches: BatchSource<Name>;
  /** Batches that are not learnt from, always the same. */
  readonly validation?: readonly BatchParts<Name>[];
}

/** How it is learnt. */
export interface TrainingOptions {
  readonly steps: number;
  readonly learningRate: number;
  readonly warmUp: number;
  readonly adamW?: Partial<AdamWOptions>;
  /** Batches whose gradients are averaged to one step; 1 by default. */
  readonly accumulate?: number;
  /** Weights of about so many steps are averaged. */
  readonly averaging: number;
  /** Steps between validations, and reports of the loss of the training where there are no batches to validate on. */
  readonly validateEvery?: number;
  /** Validations without a better loss until the training ends early. */
  readonly patience?: number;
  /** Steps between checkpoints. */
  readonly checkpointEvery?: number;
  readonly checkpoints?: SavedStates;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Told the mean loss of the steps since the last time, with each validation and in the end. */
  readonly onLoss?: (losses: {
    readonly step: number;
    readonly training: number;
    readonly validation: number | null;
  }) => void;
  readonly phase?: string;
}

/** What came of a training. */
export interface TrainedNetwork {
  /** Averaged weights: the best on the validation batches, or the last. */
  readonly weights: Float32Array;
  readonly step: number;
  readonly validationLoss: number | null;
}

/**
 * Trains a network: AdamW with warm-up and cosine decay, clipped gradients, averaged weights, early stopping. Gradient and
 * update are one compiled graph each. The result depends on task, options and seed of the batches, not on interruptions: state
 * goes into the checkpoint bit by bit.
 * @param engine that computes
 * @param task what is learnt
 * @param options how
 * @returns the weights
 * @throws InterruptedError when the signal is raised, once a checkpoint is saved
 * @throws HyperparameterError when the loss or its gradient grows beyond all numbers: what is learnt is lost then
 */
export async function trainNetwork<Name extends string>(
  engine: TensorEngine,
  task: TrainingTask<Name>,
  options: TrainingOptions,
): Promise<TrainedNetwork> {
  const found = await options.checkpoints?.latest();
  const state =
    found === null || found === undefined
      ? initialState(task.initial)
      : await loadState(found.artifact, task.layout.size);
  const training = new Training(engine, task, options, state);
  try {
    return await training.run();
  } finally {
    training.dispose();
  }
}

class Training<Name extends string> {
  readonly #engine: TensorEngine;
  readonly #task: TrainingTask<Name>;
  readonly #options: TrainingOptions;
  readonly #adamW: AdamWOptions;
  readonly #state: TrainingState;
  readonly #gradient: BatchFunction<Name>;
  readonly #update: CompiledFunction;
  readonly #loss: BatchFunction<Name>;
  readonly #decays: tfTypes.Tensor;
  /** Weights, means of gradients and of their squares, averaged weights: what the state holds between steps. */
  #vectors: tfTypes.Tensor[];

  constructor(
    engine: TensorEngine,
    task: TrainingTask<Name>,
    options: TrainingOptions,
    state: TrainingState,
  ) {
    const { tf } = engine;
    const { layout } = task;
    this.#engine = engine;
    this.#task = task;
    this.#options = options;
    this.#state = state;
    this.#adamW = { ...ADAMW_DEFAULTS, ...options.adamW };
    this.#decays = tf.tensor1d(layout.decayMask());
    this.#vectors = [state.weights, state.mean, state.square, state.average].map((vector) =>
      tf.tensor1d(vector),
    );
    this.#gradient = compileForBatches(engine, ([weights], batch) => gradientOf(tf, task, weights!, batch));
    this.#update = compile(engine, ([weights, mean, square, average, gradient, numbers, decays]) =>
      adamWStep(tf, [weights!, mean!, square!, average!], gradient!, numbers!, decays!, this.#adamW),
    );
    this.#loss = compileForBatches(engine, ([weights], batch) => [
      task.loss(new NetworkContext(tf, layout.unpack(tf, weights!)), batch),
    ]);
  }

  async run(): Promise<TrainedNetwork> {
    const { steps, validateEvery = Infinity, checkpointEvery = Infinity, signal } = this.#options;
    const state = this.#state;
    this.#progress();
    while (state.step < steps && !this.#isOver()) {
      // Signals, and batches of other threads, are only heard between turns of the event loop.
      await breathe();
      const before = { lossSum: state.lossSum, lossCount: state.lossCount };
      const isDone = signal?.aborted !== true && (await this.#stepUnlessStopped());
      if (!isDone) {
        // Half a step never was.
        Object.assign(state, before);
        await this.#checkpoint();
        throw new InterruptedError('training was interrupted; a checkpoint is saved');
      }
      state.step++;
      if (state.step % validateEvery === 0 || state.step === steps) this.#validate();
      if (state.step % checkpointEvery === 0 && state.step < steps) await this.#checkpoint();
      this.#progress();
    }
    const { best } = state;
    if (best !== null) return { weights: best.weights, step: best.step, validationLoss: best.loss };
    return { weights: this.#read(3), step: state.step, validationLoss: null };
  }

  dispose(): void {
    this.#engine.tf.dispose([...this.#vectors, this.#decays]);
    this.#gradient.dispose();
    this.#update.dispose();
    this.#loss.dispose();
  }

  #isOver(): boolean {
    const { patience = Infinity, validateEvery = Infinity } = this.#options;
    const { best, step } = this.#state;
    return best !== null && step - best.step >= patience * validateEvery;
  }

  /** Tells whether the step was taken: who waits for a batch is interrupted. */
  async #stepUnlessStopped(): Promise<boolean> {
    try {
      await this.#step();
      return true;
    } catch (error) {
      if (error instanceof InterruptedError && this.#options.signal?.aborted === true) return false;
      throw error;
    }
  }

  async #step(): Promise<void> {
    const { tf } = this.#engine;
    const { accumulate = 1, learningRate, warmUp, steps, averaging } = this.#options;
    const { step } = this.#state;
    const state = this.#state;
    let gradient: tfTypes.Tensor | null = null;
    for (let part = 0; part < accumulate; part++) {
      const parts = await this.#task.batches.next(step * accumulate + part).catch((error: unknown) => {
        gradient?.dispose();
        throw error;
      });
      const batch = tensorsOf(tf, parts);
      const [next, loss] = this.#gradient([this.#vectors[0]!], batch) as [tfTypes.Tensor, tfTypes.Tensor];
      const value = loss.dataSync()[0]!;
      state.lossSum += value;
      state.lossCount++;
      tf.dispose([loss, ...Object.values<tfTypes.Tensor>(batch)]);
      if (!Number.isFinite(value)) {
        tf.dispose(gradient === null ? next : [gradient, next]);
        throw diverged('loss', value, step);
      }
      const sum: tfTypes.Tensor = gradient === null ? next : tf.add(gradient, next);
      if (gradient !== null) tf.dispose([gradient, next]);
      gradient = sum;
    }
    if (accumulate > 1) {
      const mean: tfTypes.Tensor = tf.div(gradient!, accumulate);
      gradient!.dispose();
      gradient = mean;
    }
    const rate = learningRateAt(step, { peak: learningRate, warmUp, steps });
    const numbers = stepNumbers(step, rate, averaging, this.#adamW);
    const scalars = tf.tensor1d([
      numbers.learningRate,
      numbers.correction1,
      numbers.correction2,
      numbers.keep,
    ]);
    const results = this.#update([...this.#vectors, gradient!, scalars, this.#decays]);
    const length = results[4]!.dataSync()[0]!;
    tf.dispose([...this.#vectors, gradient!, scalars, results[4]!]);
    this.#vectors = results.slice(0, 4);
    if (!Number.isFinite(length)) throw diverged('length of the gradient', length, step);
  }

  #validate(): void {
    const { validation = [] } = this.#task;
    const state = this.#state;
    const losses = validation.map((parts) => this.#lossOf(parts));
    const loss = losses.length === 0 ? null : losses.reduce((sum, one) => sum + one, 0) / losses.length;
    if (loss !== null && (state.best === null || loss < state.best.loss))
      state.best = { weights: this.#read(3), loss, step: state.step };
    if (state.lossCount > 0)
      this.#options.onLoss?.({
        step: state.step,
        training: state.lossSum / state.lossCount,
        validation: loss,
      });
    state.lossSum = 0;
    state.lossCount = 0;
  }

  #lossOf(parts: BatchParts<Name>): number {
    const batch = tensorsOf(this.#engine.tf, parts);
    const [loss] = this.#loss([this.#vectors[3]!], batch) as [tfTypes.Tensor];
    const value = loss.dataSync()[0]!;
    this.#engine.tf.dispose([loss, ...Object.values<tfTypes.Tensor>(batch)]);
    return value;
  }

  #read(vector: number): Float32Array {
    return (this.#vectors[vector]!.dataSync() as Float32Array).slice();
  }

  async #checkpoint(): Promise<void> {
    const { checkpoints } = this.#options;
    if (checkpoints === undefined) return;
    const [weights, mean, square, average] = [0, 1, 2, 3].map((at) => this.#read(at));
    Object.assign(this.#state, { weights, mean, square, average });
    await checkpoints.save(this.#state.step, (artifact) => saveState(this.#state, artifact));
  }

  #progress(): void {
    const { onProgress, steps, phase = 'training' } = this.#options;
    onProgress?.({ phase, done: this.#state.step, total: steps, unit: 'steps' });
  }
}

function diverged(what: string, found: number, step: number): HyperparameterError {
  return new HyperparameterError('the training has diverged', {
    expected: `a finite ${what}`,
    found: `${found} in step ${step + 1}`,
    remedy: 'Lower the learning rate, or let it warm up for longer; inputs that are no numbers do the same.',
  });
}

/** The gradient of a batch as one vector, and its loss. */
function gradientOf<Name extends string>(
  tf: typeof tfTypes,
  { layout, loss }: TrainingTask<Name>,
  weights: tfTypes.Tensor,
  batch: NamedTensors<Name>,
): tfTypes.Tensor[] {
  const values = layout.unpack(tf, weights);
  const f = (...parameters: tfTypes.Tensor[]): tfTypes.Scalar =>
    loss(new NetworkContext(tf, parameters), batch) as tfTypes.Scalar;
  const { value, grads } = tf.valueAndGrads(f)(values);
  return [tf.concat(grads.map((gradient) => tf.reshape(gradient, [-1]))), value];
}
