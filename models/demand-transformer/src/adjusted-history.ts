import type { NetworkContext, Parameter, ParameterLayout, Tensor } from '@hemline/tensor';

/** Numbers that are added to those of a past week: demand at the usual price, and how far that is from the recent level. */
export const ADJUSTED_NUMBERS = 2;

/** Past weeks of some series. */
export interface PastWeeks {
  /** [batch, weeks, 1]: log of demand over the level; 0 where it is not known. */
  readonly demand: Tensor;
  /** [batch, weeks, 1]: 1 where demand is known, else 0. */
  readonly known: Tensor;
  /** [batch, weeks, CURVE_SLOPES]: how much of each segment of the curve the price reached. */
  readonly reach: Tensor;
}

/**
 * What past demand would have been at the usual price, by the slopes that the network itself gives the series. Discounts mostly rise
 * through a season, while demand fades: a level taken from demand as it was would carry the discounts of the past, and the response
 * to them would be learnt too weak.
 */
export class AdjustedHistory {
  /** Before softplus: how fast weeks are forgotten, and how many weeks the level of before counts as. */
  readonly #rates: Parameter;

  /** @param layout to declare the parameters in */
  constructor(layout: ParameterLayout) {
    // Five weeks ago counts about a third as much as the last.
    this.#rates = layout.add('adjusted.rates', [2], { values: [-1.5, 0] });
  }

  /**
   * @param context of the network
   * @param past weeks of the series
   * @param slopes of their curves, [batch, 1, CURVE_SLOPES]
   * @returns numbers for the encoder, [batch, weeks, ADJUSTED_NUMBERS], and the recent level, [batch, 1, 1]: an average in which weeks fade
   */
  call(
    context: NetworkContext,
    { demand, known, reach }: PastWeeks,
    slopes: Tensor,
  ): { readonly numbers: Tensor; readonly recent: Tensor } {
    const { tf } = context;
    const weeks = demand.shape[1]!;
    const lift = tf.sum(tf.mul(reach, slopes), -1, true);
    const adjusted = tf.mul(known, tf.sub(demand, lift));
    const rates = tf.softplus(context.value(this.#rates));
    const ages = tf.tensor(
      Array.from({ length: weeks }, (_, week) => weeks - 1 - week),
      [1, weeks, 1],
    );
    const weight = tf.mul(known, tf.exp(tf.neg(tf.mul(ages, tf.slice(rates, [0], [1])))));
    const recent = tf.div(
      tf.sum(tf.mul(weight, adjusted), 1, true),
      tf.add(tf.sum(weight, 1, true), tf.slice(rates, [1], [1])),
    );
    return { numbers: tf.concat([adjusted, tf.mul(known, tf.sub(adjusted, recent))], -1), recent };
  }
}
