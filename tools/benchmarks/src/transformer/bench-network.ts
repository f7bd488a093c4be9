import {
  Attention,
  FeedForward,
  LayerNorm,
  Linear,
  type NetworkContext,
  type ParameterLayout,
  type Tensor,
} from '@hemline/tensor';

/** Sizes of the network that is measured; `torch_transformer.py` has the same. */
export const SIZES = {
  past: 52,
  planned: 26,
  pastNumbers: 12,
  plannedNumbers: 8,
  width: 128,
  heads: 4,
  hidden: 512,
  layers: 2,
  outputs: 13,
} as const;

/** An encoder–decoder of the blocks that models are made of. */
export class BenchNetwork {
  readonly #past: Linear;
  readonly #planned: Linear;
  readonly #encoder: readonly Layer[];
  readonly #decoder: readonly Layer[];
  readonly #output: Linear;

  /** @param layout to declare the parameters in, in the order in which PyTorch lists them */
  constructor(layout: ParameterLayout) {
    const { pastNumbers, plannedNumbers, width, layers, outputs } = SIZES;
    this.#past = new Linear(layout, 'past', pastNumbers, width);
    this.#planned = new Linear(layout, 'planned', plannedNumbers, width);
    this.#encoder = Array.from({ length: layers }, (_, i) => new Layer(layout, `encoder.${i}`, false));
    this.#decoder = Array.from({ length: layers }, (_, i) => new Layer(layout, `decoder.${i}`, true));
    this.#output = new Linear(layout, 'output', width, outputs);
  }

  /**
   * @param context of the network
   * @param past shape [batch, past, pastNumbers]
   * @param planned shape [batch, planned, plannedNumbers]
   * @returns shape [batch, planned, outputs]
   */
  call(context: NetworkContext, past: Tensor, planned: Tensor): Tensor {
    let encoded = this.#past.call(context, past);
    for (const layer of this.#encoder) encoded = layer.call(context, encoded, null);
    let decoded = this.#planned.call(context, planned);
    for (const layer of this.#decoder) decoded = layer.call(context, decoded, encoded);
    return this.#output.call(context, decoded);
  }
}

class Layer {
  readonly #selfNorm: LayerNorm;
  readonly #self: Attention;
  readonly #crossNorm: LayerNorm | null;
  readonly #cross: Attention | null;
  readonly #feedNorm: LayerNorm;
  readonly #feed: FeedForward;

  constructor(layout: ParameterLayout, name: string, reads: boolean) {
    const { width, heads, hidden } = SIZES;
    this.#selfNorm = new LayerNorm(layout, `${name}.selfNorm`, width);
    this.#self = new Attention(layout, `${name}.self`, width, heads);
    this.#crossNorm = reads ? new LayerNorm(layout, `${name}.crossNorm`, width) : null;
    this.#cross = reads ? new Attention(layout, `${name}.cross`, width, heads) : null;
    this.#feedNorm = new LayerNorm(layout, `${name}.feedNorm`, width);
    this.#feed = new FeedForward(layout, `${name}.feed`, width, hidden);
  }

  call(context: NetworkContext, x: Tensor, read: Tensor | null): Tensor {
    const { tf } = context;
    const normal = this.#selfNorm.call(context, x);
    let sum = tf.add(x, this.#self.call(context, normal, normal));
    if (read !== null && this.#cross !== null && this.#crossNorm !== null)
      sum = tf.add(sum, this.#cross.call(context, this.#crossNorm.call(context, sum), read));
    return tf.add(sum, this.#feed.call(context, this.#feedNorm.call(context, sum)));
  }
}

/**
 * Numbers that every language makes alike: scale · sin(0.7 i + phase).
 * @param length how many
 * @param scale of them
 * @param phase of the first
 * @returns the numbers
 */
export function waves(length: number, scale: number, phase: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => scale * Math.sin(0.7 * i + phase));
}
