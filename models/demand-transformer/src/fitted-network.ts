import { ArtifactError, type ArtifactReader, type ArtifactWriter } from '@hemline/core';
import { CURVE_SLOPES } from '@hemline/features';
import {
  compileForBatches,
  NetworkContext,
  ParameterLayout,
  tensorsOf,
  type BatchFunction,
  type BatchParts,
  type TensorEngine,
  type Tensor,
} from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { DemandNetwork, type NetworkInputs } from './network.ts';
import type { InputName } from './window-parts.ts';

/** What the network says of a series and week: level, slopes, dispersion. */
export const OUTPUT_WIDTH = 2 + CURVE_SLOPES;

/** Trained networks, ready to be asked. */
export class FittedNetwork {
  readonly inputs: NetworkInputs;
  readonly #members: readonly Float32Array[];
  readonly #engine: TensorEngine;
  readonly #forward: BatchFunction<InputName>;
  readonly #weights: readonly Tensor[];

  /**
   * @param engine that computes
   * @param hyperparameters of the networks
   * @param inputs sizes
   * @param members weights of each
   */
  constructor(
    engine: TensorEngine,
    hyperparameters: DemandHyperparameters,
    inputs: NetworkInputs,
    members: readonly Float32Array[],
  ) {
    const { tf } = engine;
    const layout = new ParameterLayout();
    const network = new DemandNetwork(layout, inputs, hyperparameters);
    this.inputs = inputs;
    this.#engine = engine;
    this.#members = members;
    this.#weights = members.map((weights) => tf.tensor1d(weights));
    this.#forward = compileForBatches(engine, ([weights], batch) => {
      const context = new NetworkContext(tf, layout.unpack(tf, weights!));
      const { level, slopes, dispersion } = network.call(context, batch);
      return [tf.concat([level, slopes, dispersion], -1)];
    });
  }

  /**
   * @param parts inputs of some series
   * @returns level, slopes and dispersion of each series and week, the mean over the networks: {@link OUTPUT_WIDTH} numbers
   */
  call(parts: BatchParts<InputName>): Float32Array {
    const { tf } = this.#engine;
    const batch = tensorsOf(tf, parts);
    let mean: Float32Array | null = null;
    for (const weights of this.#weights) {
      const [output] = this.#forward([weights], batch) as [Tensor];
      const values = output.dataSync() as Float32Array;
      if (mean === null) mean = values.slice();
      else for (let i = 0; i < mean.length; i++) mean[i]! += values[i]!;
      output.dispose();
    }
    tf.dispose(Object.values(batch));
    for (let i = 0; i < mean!.length; i++) mean![i]! /= this.#weights.length;
    return mean!;
  }

  /** @param artifact where to */
  async save(artifact: ArtifactWriter): Promise<void> {
    await artifact.writeJson('network', { inputs: this.inputs, members: this.#members.length });
    for (const [i, { buffer, byteOffset, byteLength }] of this.#members.entries())
      await artifact.writeBytes(`weights-${i}`, new Uint8Array(buffer, byteOffset, byteLength));
  }

  /**
   * @param artifact where from
   * @param engine that computes
   * @param hyperparameters of the networks
   * @returns the networks
   * @throws ArtifactError when the weights are of another network
   */
  static async load(
    artifact: ArtifactReader,
    engine: TensorEngine,
    hyperparameters: DemandHyperparameters,
  ): Promise<FittedNetwork> {
    const { inputs, members } = (await artifact.readJson('network')) as {
      readonly inputs: NetworkInputs;
      readonly members: number;
    };
    const layout = new ParameterLayout();
    new DemandNetwork(layout, inputs, hyperparameters);
    const vectors: Float32Array[] = [];
    for (let i = 0; i < members; i++) {
      const bytes = await artifact.readBytes(`weights-${i}`);
      if (bytes.byteLength !== 4 * layout.size)
        throw new ArtifactError('the weights are of another network', {
          expected: `${layout.size} numbers`,
          found: `${bytes.byteLength / 4}`,
          where: { file: `weights-${i}` },
          remedy: 'Train the model again with this version.',
        });
      vectors.push(new Float32Array(bytes.slice().buffer));
    }
    return new FittedNetwork(engine, hyperparameters, inputs, vectors);
  }

  /** Frees tensors and sessions. May be called twice. */
  dispose(): void {
    this.#engine.tf.dispose([...this.#weights]);
    this.#forward.dispose();
  }
}
