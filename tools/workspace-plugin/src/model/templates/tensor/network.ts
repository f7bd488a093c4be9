import { Linear, type NetworkContext, type ParameterLayout, type Tensor } from '@hemline/tensor';

/** Where the slope in the rising input may change: discounts, as shares of the black price. */
const KNOTS = [0, 0.1, 0.2, 0.35, 0.55, 1];

/** Segments of the rising input. */
export const SEGMENTS = KNOTS.length - 1;

/**
 * @param value of the rising input
 * @param segment 0 … SEGMENTS − 1
 * @returns how much of the segment lies below the value
 */
export function reachOf(value: number, segment: number): number {
  const low = KNOTS[segment]!;
  return Math.max(0, Math.min(KNOTS[segment + 1]!, value) - low);
}

/**
 * score = level(x) + Σ slope_k(x) · reach_k(r), every slope at least 0: whatever the other inputs x are, the score never falls as
 * the input r rises. Without such an input, the level alone.
 */
export class CorrectionNetwork {
  readonly #hidden: readonly Linear[];
  readonly #level: Linear;
  readonly #slopes: Linear | null;

  /**
   * @param layout to declare the parameters in
   * @param inputs numbers of an example
   * @param width of the hidden layers
   * @param layers how many
   * @param isRising whether there is an input in which the score rises
   */
  constructor(layout: ParameterLayout, inputs: number, width: number, layers: number, isRising: boolean) {
    this.#hidden = Array.from(
      { length: layers },
      (_, i) => new Linear(layout, `hidden.${i}`, i === 0 ? inputs : width, width),
    );
    // Nothing is corrected to begin with.
    this.#level = new Linear(layout, 'level', width, 1, { weights: { normal: 0.01 } });
    this.#slopes = isRising
      ? new Linear(layout, 'slopes', width, SEGMENTS, {
          weights: { normal: 0.01 },
          bias: { values: Array.from({ length: SEGMENTS }, () => 0.5) },
        })
      : null;
  }

  /**
   * @param context of the network
   * @param x shape [batch, inputs]
   * @param reach shape [batch, SEGMENTS]
   * @returns shape [batch]
   */
  call(context: NetworkContext, x: Tensor, reach: Tensor): Tensor {
    const { tf } = context;
    let hidden = x;
    for (const layer of this.#hidden) hidden = tf.relu(layer.call(context, hidden));
    const level = tf.reshape(this.#level.call(context, hidden), [-1]);
    if (this.#slopes === null) return level;
    return tf.add(level, tf.sum(tf.mul(tf.softplus(this.#slopes.call(context, hidden)), reach), -1));
  }
}
