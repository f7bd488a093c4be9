import { CURVE_SLOPES } from '@hemline/features';
import {
  detached,
  Embedding,
  type NetworkContext,
  type Parameter,
  type ParameterLayout,
  type Tensor,
  type Tensor2D,
} from '@hemline/tensor';

/** Each number of a tilt is met by few windows of a batch: it is learnt this many times as fast as others. */
const PACE = 10;
/** Deviation of what tilts begin with: next to nothing, so that all series begin with the common response. */
const SMALL = 1e-4;

/**
 * Share of its gradient with which weeks after the first ones teach the common shape. Discounts so far ahead were set by demand after
 * the cutoff, deep ones where it turned out low, which makes the response to them look weak.
 */
const LATER_SHARE = 0.3;

/** Sizes of what the response reads. */
export interface ResponseInputs {
  /** Numbers of a planned week. */
  readonly planned: number;
  /** Numeric attributes of a series. */
  readonly numbers: number;
  /** Categories of each attribute. */
  readonly categories: readonly number[];
}

/**
 * How demand answers to the price. The curve begins with the slopes that are given for the series, see {@link startingSlopes}; how they
 * are to be changed is common to all. What is known of a series for sure, its attributes and what is
 * planned for a week, gives it one number of its own, the tilt, that makes it steeper or flatter as a whole: deep discounts are seen
 * of few series, and of those that need them most, so that slopes of their own would say nothing of the others. Past demand has no
 * part in the tilt, since discounts are set by it. No slope is negative.
 */
export class PriceResponse {
  readonly #attributes: readonly Embedding[];
  readonly #numbers: Parameter | null;
  readonly #plan: Parameter;
  readonly #shape: Parameter;

  /**
   * @param layout to declare the parameters in
   * @param inputs sizes
   */
  constructor(layout: ParameterLayout, { planned, numbers, categories }: ResponseInputs) {
    this.#attributes = categories.map(
      (count, i) => new Embedding(layout, `response.attribute.${i}`, count, 1, SMALL),
    );
    this.#numbers = numbers === 0 ? null : layout.add('response.numbers', [numbers, 1], { normal: SMALL });
    this.#plan = layout.add('response.plan', [planned, 1], { normal: SMALL });
    this.#shape = layout.add('response.shape', [CURVE_SLOPES], 'zeros');
  }

  /**
   * @param context of the network
   * @param codes of each attribute, [batch], int32
   * @param numbers numeric attributes first, [batch, at least as many]
   * @returns the tilt that its attributes give a series, [batch, 1, 1]
   */
  tiltOfSeries(context: NetworkContext, codes: readonly Tensor[], numbers: Tensor): Tensor {
    const { tf } = context;
    const size = numbers.shape[0]!;
    let tilt: Tensor = tf.zeros([size, 1]);
    this.#attributes.forEach((attribute, i) => {
      tilt = tf.add(tilt, attribute.call(context, codes[i]!));
    });
    if (this.#numbers !== null) {
      const weights = context.value(this.#numbers);
      const own = tf.slice(numbers, [0, 0], [size, weights.shape[0]!]);
      tilt = tf.add(tilt, tf.matMul(own as Tensor2D, weights as Tensor2D));
    }
    return tf.reshape(tf.mul(tilt, PACE), [size, 1, 1]);
  }

  /**
   * @param context of the network
   * @param tilt of the series
   * @param planned numbers of the weeks ahead, [batch, horizon, planned]
   * @returns the tilt of each week, [batch, horizon, 1]
   */
  tiltOfWeeks(context: NetworkContext, tilt: Tensor, planned: Tensor): Tensor {
    const { tf } = context;
    const [size, horizon, width] = planned.shape as [number, number, number];
    const rows = tf.reshape(planned, [-1, width]) as Tensor2D;
    const ofWeek = tf.matMul(rows, context.value(this.#plan) as Tensor2D);
    return tf.add(tilt, tf.reshape(ofWeek, [size, horizon, 1]));
  }

  /**
   * @param context of the network
   * @param start slopes to begin with, before softplus, [batch, CURVE_SLOPES]
   * @param tilt [batch, weeks, 1]
   * @returns slopes of the curve, [batch, weeks, CURVE_SLOPES], at least 0
   */
  slopes(context: NetworkContext, start: Tensor, tilt: Tensor): Tensor {
    const { tf } = context;
    return tf.softplus(tf.add(ofSeries(context, start), tf.add(tilt, context.value(this.#shape))));
  }

  /**
   * @param context of the network
   * @param start slopes to begin with, before softplus, [batch, CURVE_SLOPES]
   * @param tilts of the weeks ahead, [batch, horizon, 1]
   * @param near weeks that teach the common shape in full
   * @returns slopes of the curves of those weeks, [batch, horizon, CURVE_SLOPES], at least 0
   */
  slopesOfWeeks(context: NetworkContext, start: Tensor, tilts: Tensor, near: number): Tensor {
    const { tf } = context;
    const [size, horizon] = tilts.shape as [number, number, number];
    if (horizon <= near) return this.slopes(context, start, tilts);
    const shape = context.value(this.#shape);
    const held = detached(context, shape);
    const later = tf.add(held, tf.mul(tf.sub(shape, held), LATER_SHARE));
    const first = tf.add(tf.slice(tilts, [0, 0, 0], [size, near, 1]), shape);
    const rest = tf.add(tf.slice(tilts, [0, near, 0], [size, horizon - near, 1]), later);
    return tf.softplus(tf.add(ofSeries(context, start), tf.concat([first, rest], 1)));
  }
}

/** One week that stands for all: [batch, 1, CURVE_SLOPES]. */
function ofSeries({ tf }: NetworkContext, start: Tensor): Tensor {
  return tf.reshape(start, [-1, 1, CURVE_SLOPES]);
}
