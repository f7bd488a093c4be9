import { setImmediate as breathe } from 'node:timers/promises';
import { HyperparameterError, InterruptedError } from '@hemline/core';
import type * as tfTypes from '@tensorflow/tfjs';
import { NetworkContext } from '../blocks/network-context.ts';
import { compile, type CompiledFunction } from '../compiled/compile.ts';
import type { TensorEngine } from '../engine/load-tensorflow.ts';
import { ADAMW_DEFAULTS, adamWStep, stepNumbers, type AdamWOptions } from './adamw.ts';
import { compileForBatches, type BatchFunction } from './batch-function.ts';
import { tensorsOf, type BatchParts, type NamedTensors } from './batch-source.ts';
import { meanLoss, type HeldOutJudge } from './held-out-judge.ts';
import { annealedRate, annealingSteps, learningRateAt } from './learning-rate.ts';
import type { TrainedNetwork, TrainingOptions, TrainingTask } from './training-task.ts';
import { initialState, loadState, saveState, type TrainingState } from './training-state.ts';

/**
 * Trains a network: AdamW with warm-up and cosine decay, or annealing once the validation stalls, clipped gradients, averaged
 * weights, early stopping. Gradient and update are one compiled graph each. The result depends on task, options and seed of the
 * batches, not on interruptions: state goes into the checkpoint bit by bit.
 * @param engine that computes
 * @param task what is learnt
 * @param options how
 * @returns the weights
 * @throws InterruptedError when the signal is raised, once a checkpoint is saved
 * @throws HyperparameterError when the loss or its gradient grows beyond all numbers: what is learnt is lost then
 */
export async function trainNetwork<Name extends string, Held extends string = Name>(
  engine: TensorEngine,
  task: TrainingTask<Name, Held>,
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

class Training<Name extends string, Held extends string> {
  readonly #engine: TensorEngine;
  readonly #task: TrainingTask<Name, Held>;
  readonly #options: TrainingOptions;
  readonly #adamW: AdamWOptions;
  readonly #state: TrainingState;
  readonly #gradient: BatchFunction<Name>;
  readonly #update: CompiledFunction;
  readonly #judge: HeldOutJudge<Held>;
  readonly #sums: BatchFunction<Held>;
  readonly #decays: tfTypes.Tensor;
  /** Weights, means of gradients and of their squares, averaged weights: what the state holds between steps. */
  #vectors: tfTypes.Tensor[];

  constructor(
    engine: TensorEngine,
    task: TrainingTask<Name, Held>,
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
    this.#judge =
      task.judge ??
      meanLoss(tf, (context, batch) =>
        task.loss(context, batch as NamedTensors<string> as NamedTensors<Name>),
      );
    this.#sums = compileForBatches(engine, ([weights], batch) => [
      this.#judge.sums(new NetworkContext(tf, layout.unpack(tf, weights!)), batch),
    ]);
  }

  async run(): Promise<TrainedNetwork> {
    const { validateEvery = Infinity, checkpointEvery = Infinity, signal } = this.#options;
    const state = this.#state;
    this.#progress();
    while (state.step < this.#end && !this.#isOver()) {
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
      if (state.step % validateEvery === 0 || state.step === this.#end) this.#validate();
      this.#annealIfDue();
      if (state.step % checkpointEvery === 0 && state.step < this.#end) await this.#checkpoint();
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
    this.#sums.dispose();
  }

  /** Steps after which the training ends at the latest. */
  get #end(): number {
    const { annealing } = this.#state;
    return annealing === null ? this.#options.steps : annealing.from + annealing.steps;
  }

  #isOver(): boolean {
    return this.#hasStalled() && (this.#options.annealing === undefined || this.#state.annealing !== null);
  }

  #hasStalled(): boolean {
    const { patience = Infinity, validateEvery = Infinity, annealing: asked, warmUp } = this.#options;
    const { gain, annealing, step } = this.#state;
    // While the learning rate rises, little is to be expected of it; once it falls, it gets its time.
    const since = asked === undefined ? 0 : (annealing?.from ?? warmUp);
    return gain !== null && step - Math.max(gain.step, since) >= patience * validateEvery;
  }

  /** Goes back to the best weights, from which the learning rate falls to the end. */
  #annealIfDue(): void {
    const { annealing, steps } = this.#options;
    const { best, step } = this.#state;
    if (annealing === undefined || this.#state.annealing !== null) return;
    const isDue = this.#hasStalled() || step + annealingSteps(annealing, steps) >= steps;
    if (!isDue) return;
    this.#state.annealing = { from: step, steps: Math.min(steps - step, annealingSteps(annealing, step)) };
    if (best === null) return;
    for (const vector of [0, 3]) {
      this.#vectors[vector]!.dispose();
      this.#vectors[vector] = this.#engine.tf.tensor1d(best.weights);
    }
  }

  #rate(): number {
    const { learningRate: peak, warmUp, steps, annealing: asked } = this.#options;
    const { step, annealing } = this.#state;
    if (asked === undefined) return learningRateAt(step, { peak, warmUp, steps });
    return annealedRate(step, { peak, warmUp, annealing });
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
    const { accumulate = 1, averaging } = this.#options;
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
    const numbers = stepNumbers(step, this.#rate(), averaging, this.#adamW);
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
    const sums = validation.length === 0 ? null : this.#sumsOf(validation);
    const loss = sums === null ? null : this.#judge.loss(sums);
    if (loss !== null && !Number.isFinite(loss))
      throw diverged('loss of the validation', loss, state.step - 1);
    if (loss !== null && (state.best === null || loss < state.best.loss))
      state.best = { weights: this.#read(3), loss, step: state.step };
    const { improvement = 0 } = this.#options;
    if (
      loss !== null &&
      (state.gain === null || loss < state.gain.loss - improvement * Math.abs(state.gain.loss))
    )
      state.gain = { loss, step: state.step };
    if (state.lossCount > 0)
      this.#options.onLoss?.({
        step: state.step,
        training: state.lossSum / state.lossCount,
        validation: loss,
        sums,
      });
    state.lossSum = 0;
    state.lossCount = 0;
  }

  /** Sums over all batches, by the averaged weights. */
  #sumsOf(batches: readonly BatchParts<Held>[]): Float64Array {
    let total: Float64Array | null = null;
    for (const parts of batches) {
      const batch = tensorsOf(this.#engine.tf, parts);
      const [tensor] = this.#sums([this.#vectors[3]!], batch) as [tfTypes.Tensor];
      const sums = tensor.dataSync();
      total ??= new Float64Array(sums.length);
      for (let i = 0; i < total.length; i++) total[i]! += sums[i]!;
      this.#engine.tf.dispose([tensor, ...Object.values<tfTypes.Tensor>(batch)]);
    }
    return total!;
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
    const { onProgress, phase = 'training' } = this.#options;
    onProgress?.({ phase, done: this.#state.step, total: this.#end, unit: 'steps' });
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
  { layout, loss }: Pick<TrainingTask<Name>, 'layout' | 'loss'>,
  weights: tfTypes.Tensor,
  batch: NamedTensors<Name>,
): tfTypes.Tensor[] {
  const values = layout.unpack(tf, weights);
  const f = (...parameters: tfTypes.Tensor[]): tfTypes.Scalar =>
    loss(new NetworkContext(tf, parameters), batch) as tfTypes.Scalar;
  const { value, grads } = tf.valueAndGrads(f)(values);
  return [tf.concat(grads.map((gradient) => tf.reshape(gradient, [-1]))), value];
}
