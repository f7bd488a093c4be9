import {
  Attention,
  detached,
  Embedding,
  FeedForward,
  LayerNorm,
  Linear,
  PositionEncoding,
  type NamedTensors,
  type NetworkContext,
  type ParameterLayout,
  type Tensor,
} from '@hemline/tensor';
import { ADJUSTED_NUMBERS, AdjustedHistory } from './adjusted-history.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { PriceResponse } from './price-response.ts';
import { PAST_EXTRA, STATIC_EXTRA, type InputName } from './window-parts.ts';

/** Weeks that the price decision rests on; they are decoded by a head of their own. */
export const NEAR_WEEKS = 5;
/** Where the whole width may be left out: encoder, decoder, output. */
export const DROPOUT_PLACES = 3;

/** Sizes of what goes into the network. */
export interface NetworkInputs {
  /** Numbers of a past week. */
  readonly past: number;
  /** Numbers of a planned week. */
  readonly planned: number;
  /** Numbers of a series. */
  readonly statics: number;
  /** Categories of each attribute, 0 for unseen included. */
  readonly categories: readonly number[];
}

/** Tensors that go into the network: shapes as `NETWORK_INPUTS` declares them, with the windows of the batch before. */
export type NetworkBatch = NamedTensors<InputName> & {
  /** [batch, DROPOUT_PLACES, width]: 0 or 1 / kept share; absent when nothing is left out. */
  readonly dropout?: Tensor;
};

/** What the network says of each series and week: shapes [batch, horizon, 1] and, of slopes, [batch, horizon, CURVE_SLOPES]. */
export interface NetworkOutput {
  /** Log of demand at the usual price over the level of the series. */
  readonly level: Tensor;
  /** How much steeper than others' its demand curve is. */
  readonly tilt: Tensor;
  /** Slopes of the demand curve, at least 0. */
  readonly slopes: Tensor;
  /** Log of the dispersion of demand around its mean. */
  readonly dispersion: Tensor;
}

/**
 * One global encoder–decoder over all series (Vaswani et al. 2017, with layer norms before the blocks; Kunz et al. 2023, arXiv
 * 2305.14406, for demand). The discount goes into none of it: it acts through the slopes alone.
 */
export class DemandNetwork {
  readonly #embeddings: readonly Embedding[];
  readonly #statics: Linear;
  readonly #past: Linear;
  readonly #pastPlaces: PositionEncoding;
  readonly #planned: Linear;
  readonly #plannedPlaces: PositionEncoding;
  readonly #encoder: readonly EncoderLayer[];
  readonly #encoded: LayerNorm;
  readonly #decoder: readonly DecoderLayer[];
  readonly #decoded: LayerNorm;
  readonly #adjusted: AdjustedHistory;
  readonly #response: PriceResponse;
  readonly #near: Linear;
  readonly #far: Linear | null;
  readonly #dispersion: Linear;

  /**
   * @param layout to declare the parameters in
   * @param inputs sizes
   * @param hyperparameters width, layers
   */
  constructor(layout: ParameterLayout, inputs: NetworkInputs, hyperparameters: DemandHyperparameters) {
    const { width, heads, hidden, historyWeeks, horizon, encoderLayers, decoderLayers } = hyperparameters;
    this.#embeddings = inputs.categories.map(
      (categories, i) => new Embedding(layout, `attribute.${i}`, categories, width),
    );
    this.#statics = new Linear(layout, 'statics', inputs.statics, width);
    this.#past = new Linear(layout, 'past', inputs.past + ADJUSTED_NUMBERS, width);
    this.#pastPlaces = new PositionEncoding(layout, 'past.places', historyWeeks, width);
    this.#planned = new Linear(layout, 'planned', inputs.planned, width);
    this.#plannedPlaces = new PositionEncoding(layout, 'planned.places', horizon, width);
    this.#encoder = Array.from(
      { length: encoderLayers },
      (_, i) => new EncoderLayer(layout, `encoder.${i}`, width, heads, hidden),
    );
    this.#encoded = new LayerNorm(layout, 'encoded', width);
    this.#decoder = Array.from(
      { length: decoderLayers },
      (_, i) => new DecoderLayer(layout, `decoder.${i}`, width, heads, hidden),
    );
    this.#decoded = new LayerNorm(layout, 'decoded', width);
    this.#adjusted = new AdjustedHistory(layout);
    const { planned, statics, categories } = inputs;
    const read = { planned, numbers: statics - STATIC_EXTRA, categories };
    this.#response = new PriceResponse(layout, read);
    const head = (name: string): Linear => new Linear(layout, name, width, 1, { weights: { normal: 0.02 } });
    this.#near = head('near');
    this.#far = horizon > NEAR_WEEKS ? head('far') : null;
    this.#dispersion = new Linear(layout, 'dispersion', width, 1, {
      weights: { normal: 0.02 },
      bias: { values: [-1] },
    });
  }

  /**
   * @param context of the network
   * @param batch the series
   * @returns their curves
   */
  call(context: NetworkContext, batch: NetworkBatch): NetworkOutput {
    const { tf } = context;
    let statics = this.#statics.call(context, batch.statics);
    const [size, width] = statics.shape as [number, number];
    const codes = this.#embeddings.map((_, i) =>
      tf.reshape(tf.slice(batch.codes, [0, i], [size, 1]), [size]),
    );
    this.#embeddings.forEach((embedding, i) => {
      statics = tf.add(statics, embedding.call(context, codes[i]!));
    });
    const ofSeries = tf.reshape(statics, [size, 1, width]);
    const thinned = (x: Tensor, place: number): Tensor =>
      batch.dropout === undefined ? x : tf.mul(x, tf.slice(batch.dropout, [0, place, 0], [size, 1, width]));

    const tilt = this.#response.tiltOfSeries(context, codes, batch.statics);
    const own = this.#adjusted.call(
      context,
      { ...ownNumbers(context, batch.past), reach: batch.pastReach },
      this.#response.slopes(context, batch.response, tilt),
    );
    const numbers = tf.concat([batch.past, own.numbers], -1);
    let past = tf.add(this.#pastPlaces.call(context, this.#past.call(context, numbers)), ofSeries);
    past = thinned(past, 0);
    for (const layer of this.#encoder) past = layer.call(context, past, batch.pastBias);
    past = this.#encoded.call(context, past);

    let planned = this.#plannedPlaces.call(context, this.#planned.call(context, batch.planned));
    planned = thinned(tf.add(planned, ofSeries), 1);
    for (const layer of this.#decoder) planned = layer.call(context, planned, past, batch.pastBias);
    planned = thinned(this.#decoded.call(context, planned), 2);

    const tilts = this.#response.tiltOfWeeks(context, tilt, batch.planned);
    return {
      level: tf.add(this.#levels(context, planned), own.recent),
      tilt: tilts,
      slopes: this.#response.slopesOfWeeks(context, batch.response, tilts, NEAR_WEEKS),
      // How much demand scatters must not bend the network that says how much there is.
      dispersion: this.#dispersion.call(context, detached(context, planned)),
    };
  }

  #levels(context: NetworkContext, decoded: Tensor): Tensor {
    const { tf } = context;
    if (this.#far === null) return this.#near.call(context, decoded);
    const [size, horizon, width] = decoded.shape as [number, number, number];
    const near = tf.slice(decoded, [0, 0, 0], [size, NEAR_WEEKS, width]);
    const far = tf.slice(decoded, [0, NEAR_WEEKS, 0], [size, horizon - NEAR_WEEKS, width]);
    return tf.concat([this.#near.call(context, near), this.#far.call(context, far)], 1);
  }
}

function ownNumbers({ tf }: NetworkContext, past: Tensor): { demand: Tensor; known: Tensor } {
  const [size, weeks, width] = past.shape as [number, number, number];
  const at = (i: number): Tensor => tf.slice(past, [0, 0, width - PAST_EXTRA + i], [size, weeks, 1]);
  return { demand: at(0), known: at(1) };
}

class EncoderLayer {
  readonly #norms: readonly [LayerNorm, LayerNorm];
  readonly #attention: Attention;
  readonly #feedForward: FeedForward;

  constructor(layout: ParameterLayout, name: string, width: number, heads: number, hidden: number) {
    this.#norms = [
      new LayerNorm(layout, `${name}.norm.0`, width),
      new LayerNorm(layout, `${name}.norm.1`, width),
    ];
    this.#attention = new Attention(layout, `${name}.attention`, width, heads);
    this.#feedForward = new FeedForward(layout, `${name}.feedForward`, width, hidden);
  }

  call(context: NetworkContext, x: Tensor, bias: Tensor): Tensor {
    const { tf } = context;
    const normal = this.#norms[0].call(context, x);
    const attended = tf.add(x, this.#attention.call(context, normal, normal, bias));
    return tf.add(attended, this.#feedForward.call(context, this.#norms[1].call(context, attended)));
  }
}

class DecoderLayer {
  readonly #norms: readonly [LayerNorm, LayerNorm, LayerNorm];
  readonly #self: Attention;
  readonly #cross: Attention;
  readonly #feedForward: FeedForward;

  constructor(layout: ParameterLayout, name: string, width: number, heads: number, hidden: number) {
    this.#norms = [
      new LayerNorm(layout, `${name}.norm.0`, width),
      new LayerNorm(layout, `${name}.norm.1`, width),
      new LayerNorm(layout, `${name}.norm.2`, width),
    ];
    this.#self = new Attention(layout, `${name}.self`, width, heads);
    this.#cross = new Attention(layout, `${name}.cross`, width, heads);
    this.#feedForward = new FeedForward(layout, `${name}.feedForward`, width, hidden);
  }

  call(context: NetworkContext, x: Tensor, past: Tensor, bias: Tensor): Tensor {
    const { tf } = context;
    const [first, second, third] = this.#norms;
    const normal = first.call(context, x);
    const own = tf.add(x, this.#self.call(context, normal, normal));
    const both = tf.add(own, this.#cross.call(context, second.call(context, own), past, bias));
    return tf.add(both, this.#feedForward.call(context, third.call(context, both)));
  }
}
