import {
  detached,
  Embedding,
  type NetworkContext,
  type Parameter,
  type ParameterLayout,
  type Tensor,
  type Tensor2D,
} from '@hemline/tensor';
import { CURVE_SLOPES } from './demand-curve.ts';

/** Slopes to begin with: price and discount together give a price elasticity of about −1. */
const START = -0.3;
/** Each number of a tilt is met by few windows of a batch: it is learnt this many times as fast as others. */
const PACE = 10;
const SMALL = 1e-4;

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
 * How demand answers to the price. The curve's shape is common to all. What is known of a series for sure, its attributes and what is
 * planned for a week, gives it one number of its own, the tilt, that makes it steeper or flatter as a whole: deep discounts are seen
 * of few series, and of those that need them most, so that slopes of their own would say nothing of the others. Past demand has no
 * part in the tilt, since discounts are set by it. No slope is negative.
 *
 * The shape is learnt from the first weeks ahead alone. What a later discount was set by is demand that came after the cutoff, which
 * the network cannot know: there, deep discounts go with demand that has disappointed, and look as if they did little.
 */
export class PriceResponse {
  readonly #attributes: readonly Embedding[];
  readonly #numbers: Parameter | null;
  readonly #plan: Parameter;
  readonly #shape: Parameter;
  readonly #learnt: number;

  /**
   * @param layout to declare the parameters in
   * @param inputs sizes
   * @param learnt weeks ahead that the shape is learnt from
   */
  constructor(layout: ParameterLayout, { planned, numbers, categories }: ResponseInputs, learnt: number) {
    this.#attributes = categories.map(
      (count, i) => new Embedding(layout, `response.attribute.${i}`, count, 1, SMALL),
    );
    this.#numbers = numbers === 0 ? null : layout.add('response.numbers', [numbers, 1], { normal: SMALL });
    this.#plan = layout.add('response.plan', [planned, 1], { normal: SMALL });
    this.#shape = layout.add('response.shape', [CURVE_SLOPES], {
      values: Array.from({ length: CURVE_SLOPES }, () => START),
    });
    this.#learnt = learnt;
  }

  /**
   * @param context of the network
   * @param codes of the attributes, [batch, attributes], int32
   * @param numbers numeric attributes first, [batch, at least as many]
   * @returns the tilt that its attributes give a series, [batch, 1, 1]
   */
  tiltOfSeries(context: NetworkContext, codes: Tensor, numbers: Tensor): Tensor {
    const { tf } = context;
    const size = codes.shape[0]!;
    let tilt: Tensor = tf.zeros([size, 1]);
    this.#attributes.forEach((attribute, i) => {
      const ofAttribute = tf.reshape(tf.slice(codes, [0, i], [size, 1]), [size]);
      tilt = tf.add(tilt, attribute.call(context, ofAttribute));
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
   * @param tilt of weeks ahead, from the first on, […, weeks, 1]
   * @returns slopes of the curve, […, weeks, CURVE_SLOPES], at least 0
   */
  slopes(context: NetworkContext, tilt: Tensor): Tensor {
    const { tf } = context;
    const shape = tf.reshape(context.value(this.#shape), [1, CURVE_SLOPES]);
    const weeks = tilt.shape.at(-2)!;
    const learnt = Math.min(weeks, this.#learnt);
    const first = tf.tile(shape, [learnt, 1]);
    const byWeek =
      learnt === weeks
        ? first
        : tf.concat([first, tf.tile(detached(context, shape), [weeks - learnt, 1])], 0);
    return tf.softplus(tf.add(tilt, byWeek));
  }

  /**
   * Slopes of past weeks, from which nothing is learnt of the shape.
   * @param context of the network
   * @param tilt of the series, [batch, 1, 1]
   * @returns slopes of the curve, [batch, 1, CURVE_SLOPES], at least 0
   */
  slopesOfPast(context: NetworkContext, tilt: Tensor): Tensor {
    const { tf } = context;
    const shape = tf.reshape(context.value(this.#shape), [1, CURVE_SLOPES]);
    return tf.softplus(tf.add(tilt, detached(context, shape)));
  }
}
