import type * as tfTypes from '@tensorflow/tfjs';

/** How a parameter begins. */
export type Initializer =
  | 'zeros'
  | 'ones'
  /** Normal numbers of variance 2 / (inputs + outputs) (Glorot & Bengio 2010). */
  | 'glorot'
  | { readonly normal: number }
  | { readonly values: readonly number[] };

/** A tensor that is learnt: `size` numbers from `offset` on in the vector of all. */
export interface Parameter {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly size: number;
  readonly initializer: Initializer;
  /** Whether weight decay pulls at it: at matrices, not at offsets and scales. */
  readonly decays: boolean;
}

/** A generator of uniform numbers in [0, 1). */
export type Uniform = () => number;

/**
 * The parameters of a network, in the order in which its blocks declare them. They live in one vector, so that optimisers,
 * averages and checkpoints handle one array whatever the network.
 */
export class ParameterLayout {
  readonly parameters: Parameter[] = [];
  #size = 0;

  /** How many numbers there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Declares a parameter.
   * @param name unique, such as `encoder.0.attention.query.weights`
   * @param shape any
   * @param initializer how it begins
   * @param decays whether weight decay pulls at it; matrices do by default
   * @returns the parameter
   */
  add(
    name: string,
    shape: readonly number[],
    initializer: Initializer,
    decays = shape.length > 1,
  ): Parameter {
    if (this.parameters.some((other) => other.name === name))
      throw new TypeError(`parameter ${name} is declared twice`);
    const size = shape.reduce((product, length) => product * length, 1);
    const parameter = {
      index: this.parameters.length,
      name,
      shape,
      offset: this.#size,
      size,
      initializer,
      decays,
    };
    this.parameters.push(parameter);
    this.#size += size;
    return parameter;
  }

  /**
   * @param uniform random numbers
   * @returns the vector that training begins with
   */
  initialize(uniform: Uniform): Float32Array {
    const vector = new Float32Array(this.#size);
    for (const { shape, offset, size, initializer } of this.parameters) {
      if (initializer === 'zeros') continue;
      if (initializer === 'ones') vector.fill(1, offset, offset + size);
      else if (typeof initializer === 'object' && 'values' in initializer)
        vector.set(initializer.values, offset);
      else {
        const deviation =
          initializer === 'glorot' ? Math.sqrt(2 / (shape.at(-2)! + shape.at(-1)!)) : initializer.normal;
        for (let i = 0; i < size; i++) vector[offset + i] = deviation * normal(uniform);
      }
    }
    return vector;
  }

  /** @returns 1 where weight decay pulls, 0 elsewhere */
  decayMask(): Float32Array {
    const mask = new Float32Array(this.#size);
    for (const { offset, size, decays } of this.parameters) if (decays) mask.fill(1, offset, offset + size);
    return mask;
  }

  /**
   * Cuts the vector into the parameters.
   * @param tf TensorFlow
   * @param vector of all
   * @returns a tensor a parameter
   */
  unpack(tf: typeof tfTypes, vector: tfTypes.Tensor): tfTypes.Tensor[] {
    return this.parameters.map(({ offset, size, shape }) =>
      tf.reshape(tf.slice(vector as tfTypes.Tensor1D, offset, size), [...shape]),
    );
  }
}

/** A standard normal number (Box & Muller 1958). */
function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
