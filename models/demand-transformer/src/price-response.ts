import {
  Linear,
  type NetworkContext,
  type Parameter,
  type ParameterLayout,
  type Tensor,
} from '@hemline/tensor';
import { CURVE_SLOPES } from './demand-curve.ts';

/** Slopes to begin with: price and discount together give a price elasticity of about −1. */
const START = -0.3;

/**
 * How demand answers to the price. The curve's shape is common to all; a series, and a week of it, has one number of its own, the
 * tilt, that makes it steeper or flatter as a whole: deep discounts are seen of few series, and of those that need them most, so
 * that slopes of their own would say nothing of the others. No slope is negative.
 */
export class PriceResponse {
  readonly #ofSeries: Linear;
  readonly #ofWeek: Linear;
  readonly #shape: Parameter;

  /**
   * @param layout to declare the parameters in
   * @param width of the network
   */
  constructor(layout: ParameterLayout, width: number) {
    const weights = { normal: 0.02 } as const;
    this.#ofSeries = new Linear(layout, 'response.series', width, 1, { weights });
    this.#ofWeek = new Linear(layout, 'response.week', width, 1, { weights });
    this.#shape = layout.add('response.shape', [CURVE_SLOPES], {
      values: Array.from({ length: CURVE_SLOPES }, () => START),
    });
  }

  /**
   * @param context of the network
   * @param statics of the series, [batch, 1, width]
   * @returns the tilt that its attributes give a series, [batch, 1, 1]
   */
  tiltOfSeries(context: NetworkContext, statics: Tensor): Tensor {
    return this.#ofSeries.call(context, statics);
  }

  /**
   * @param context of the network
   * @param tilt of the series
   * @param decoded weeks ahead, [batch, horizon, width]
   * @returns the tilt of each week, [batch, horizon, 1]
   */
  tiltOfWeeks(context: NetworkContext, tilt: Tensor, decoded: Tensor): Tensor {
    return context.tf.add(tilt, this.#ofWeek.call(context, decoded));
  }

  /**
   * @param context of the network
   * @param tilt […, 1]
   * @returns slopes of the curve, […, CURVE_SLOPES], at least 0
   */
  slopes(context: NetworkContext, tilt: Tensor): Tensor {
    const { tf } = context;
    return tf.softplus(tf.add(tilt, context.value(this.#shape)));
  }
}
