import {
  ArtifactError,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type TrainingJob,
} from '@hemline/core';
import {
  compileForBatches,
  confined,
  loadTensorflow,
  NetworkContext,
  ParameterLayout,
  sumOfAll,
  tensorsOf,
  trainNetwork,
  type BatchFunction,
  type BatchPart,
  type BatchParts,
  type BatchSource,
  type TensorEngine,
  type Tensor,
} from '@hemline/tensor';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { select, type Examples } from '../learned/examples.ts';
import { applyLink, type Link } from '../learned/link.ts';
import { InputScales, type InputName } from './input-scales.ts';
import type { LearnerHyperparameters } from './learner-hyperparameters.ts';
import { CorrectionNetwork } from './network.ts';

/** Examples that are asked about at once: always so many, so that one graph serves all. */
const ASKED = 4096;
/** Scores are confined to this in training, so that no batch explodes. */
const MOST = 12;
/** Batches that tell when to stop, at most. */
const VALIDATION_BATCHES = 8;

/** Parts of a training's batches. */
type ExamplePart = InputName | 'offset' | 'label' | 'weight';

/** What a network is, besides its weights. */
interface Saved {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly rising: number | null;
  readonly width: number;
  readonly layers: number;
}

/** A network that corrects an offset: score = offset + network, value = link⁻¹(score). */
export class Learner {
  readonly #engine: TensorEngine;
  readonly #link: Link;
  readonly #scales: InputScales;
  readonly #saved: Saved;
  readonly #weights: Float32Array;
  readonly #vector: Tensor;
  readonly #forward: BatchFunction<InputName>;
  readonly metrics: Readonly<Record<string, number>>;

  private constructor(
    engine: TensorEngine,
    link: Link,
    saved: Saved,
    weights: Float32Array,
    metrics: Readonly<Record<string, number>>,
  ) {
    const { tf } = engine;
    this.#engine = engine;
    this.#link = link;
    this.#saved = saved;
    this.#scales = new InputScales(saved.means, saved.deviations, saved.rising);
    this.#weights = weights;
    this.metrics = metrics;
    const { layout, network } = networkOf(saved);
    this.#vector = tf.tensor1d(weights);
    this.#forward = compileForBatches(engine, ([vector], { inputs, reach }) => [
      network.call(new NetworkContext(tf, layout.unpack(tf, vector!)), inputs, reach),
    ]);
  }

  /**
   * Trains until examples that are kept apart are forecast no better. Interrupted, it saves a checkpoint and goes on from it.
   * @param job seed, signal, progress, metrics, checkpoints
   * @param examples to learn from
   * @param link what a score means
   * @param rising column in which the value never falls, or null
   * @param hyperparameters of the training
   * @returns the network
   * @throws InterruptedError when the signal is raised
   */
  static async fit(
    job: TrainingJob,
    examples: Examples,
    link: Link,
    rising: number | null,
    hyperparameters: LearnerHyperparameters,
  ): Promise<Learner> {
    throwIfAborted(job.signal);
    const { width, layers, steps, batchSize, learningRate, patience } = hyperparameters;
    const engine = await loadTensorflow();
    const { tf } = engine;
    const { training, validation } = select(examples);
    const { means, deviations } = InputScales.fit(training.columns, rising);
    const saved: Saved = { means, deviations, rising, width, layers };
    const scales = new InputScales(means, deviations, rising);
    const { layout, network } = networkOf(saved);
    const random = uniformOf(job.seed, -1);
    const batches = new RandomBatches(training, scales, batchSize, job.seed);
    const held = new RandomBatches(validation, scales, batchSize, job.seed + 1);
    const validationCount = Math.min(VALIDATION_BATCHES, Math.ceil(validation.label.length / batchSize));
    const unit = lossUnit(training, link);
    const trained = await trainNetwork(
      engine,
      {
        layout,
        initial: layout.initialize(random),
        batches,
        validation: await Promise.all(Array.from({ length: validationCount }, (_, i) => held.next(i))),
        loss: (context, { inputs, reach, offset, label, weight }) => {
          const score = tf.add(offset, network.call(context, inputs, reach));
          const each = tf.mul(weight, lossOf(context, link, score, label));
          return tf.div(sumOfAll(tf, each), tf.mul(tf.maximum(sumOfAll(tf, weight), 1e-12), unit));
        },
      },
      {
        steps,
        learningRate,
        warmUp: Math.ceil(steps / 20),
        averaging: Math.max(1, Math.ceil(steps / 50)),
        validateEvery: Math.max(1, Math.ceil(steps / 30)),
        patience,
        checkpointEvery: 500,
        checkpoints: job.checkpoints,
        signal: job.signal,
        onProgress: job.onProgress,
        onLoss: ({ training: loss, validation: better }) => job.onMetric?.('loss', better ?? loss),
      },
    );
    return new Learner(engine, link, saved, trained.weights, { steps: trained.step });
  }

  /**
   * @param columns as those of the examples
   * @param offset score to start from, one a row
   * @returns the values
   */
  predict(columns: readonly Float32Array[], offset: Float64Array): Float64Array {
    const { tf } = this.#engine;
    const values = new Float64Array(offset.length);
    for (let start = 0; start < values.length; start += ASKED) {
      const rows = Uint32Array.from(
        { length: Math.min(ASKED, values.length - start) },
        (_, row) => start + row,
      );
      const batch = tensorsOf(tf, this.#scales.parts(columns, rows, ASKED));
      const [output] = this.#forward([this.#vector], batch) as [Tensor];
      const scores = output.dataSync();
      for (const row of rows) values[row] = applyLink(this.#link, offset[row]! + scores[row - start]!);
      tf.dispose([...Object.values(batch), output]);
    }
    return values;
  }

  /**
   * @param artifact where to
   * @param name of the entries
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    const { buffer, byteOffset, byteLength } = this.#weights;
    await artifact.writeJson(name, { ...this.#saved, metrics: this.metrics });
    await artifact.writeBytes(`${name}-weights`, new Uint8Array(buffer, byteOffset, byteLength));
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @param link as given to `fit`
   * @returns the network
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string, link: Link): Promise<Learner> {
    const { metrics, ...saved } = (await artifact.readJson(name)) as Saved & {
      readonly metrics: Readonly<Record<string, number>>;
    };
    const bytes = await artifact.readBytes(`${name}-weights`);
    const { size } = networkOf(saved).layout;
    if (bytes.byteLength !== 4 * size)
      throw new ArtifactError('the weights are of another network', {
        expected: `${size} numbers`,
        found: `${bytes.byteLength / 4}`,
        where: { file: `${name}-weights` },
        remedy: 'Train the model again with this version.',
      });
    return new Learner(await loadTensorflow(), link, saved, new Float32Array(bytes.slice().buffer), metrics);
  }

  /** Frees tensors and sessions. May be called twice. */
  dispose(): void {
    this.#vector.dispose();
    this.#forward.dispose();
  }
}

function networkOf({ means, rising, width, layers }: Saved): {
  readonly layout: ParameterLayout;
  readonly network: CorrectionNetwork;
} {
  const layout = new ParameterLayout();
  return { layout, network: new CorrectionNetwork(layout, 2 * means.length, width, layers, rising !== null) };
}

/** Minus the log likelihood of each example, without what does not depend on the score. */
function lossOf({ tf }: NetworkContext, link: Link, score: Tensor, label: Tensor): Tensor {
  if (link === 'identity') return tf.square(tf.sub(score, label));
  const held = confined(tf, score, -MOST, MOST);
  const likely = tf.mul(label, held);
  return link === 'log' ? tf.sub(tf.exp(held), likely) : tf.sub(tf.softplus(held), likely);
}

/** What brings losses of amounts of any size to the order of 1. */
function lossUnit({ label, weight }: Examples, link: Link): number {
  let [mass, sum, squares] = [0, 0, 0];
  label.forEach((value, row) => {
    mass += weight[row]!;
    sum += weight[row]! * value;
    squares += weight[row]! * value * value;
  });
  const unit = link === 'logit' ? 1 : link === 'log' ? sum / mass : squares / mass - (sum / mass) ** 2;
  return unit > 1e-9 ? unit : 1;
}

/** Draws examples at random. What batch n holds depends on seed and n alone. */
class RandomBatches implements BatchSource<ExamplePart> {
  readonly #examples: Examples;
  readonly #scales: InputScales;
  readonly #size: number;
  readonly #seed: number;

  constructor(examples: Examples, scales: InputScales, size: number, seed: number) {
    this.#examples = examples;
    this.#scales = scales;
    this.#size = size;
    this.#seed = seed;
  }

  async next(number: number): Promise<BatchParts<ExamplePart>> {
    const { columns, label, weight, offset } = this.#examples;
    const random = uniformOf(this.#seed, number);
    const rows = Uint32Array.from({ length: this.#size }, () => Math.floor(random() * label.length));
    const some = (values: ArrayLike<number>): BatchPart => ({
      shape: [rows.length],
      values: Float32Array.from(rows, (row) => values[row]!),
    });
    return {
      ...this.#scales.parts(columns, rows),
      offset: some(offset),
      label: some(label),
      weight: some(weight),
    };
  }
}

function uniformOf(seed: number, number: number): () => number {
  const random = xoroshiro128plus((Math.imul(seed, 0x9e3779b1) + Math.imul(number, 0x85ebca6b)) | 0);
  for (let i = 0; i < 8; i++) random.next();
  return () => (random.next() >>> 0) / 2 ** 32;
}
