/** Centres of the bins of log(usual price / price): from a price well above the usual one down to a twentieth of it. */
const FIRST = -0.6;
const STEP = 0.08;
/** How many bins. */
export const PROFILE_BINS = 42;
/** Weights of a bin's neighbours: a normal curve with a deviation of a bit more than one bin. */
const TAPS = [0.03, 0.14, 0.42, 0.8, 1, 0.8, 0.42, 0.14, 0.03];
const REACH = (TAPS.length - 1) / 2;

/**
 * @param drop log(usual price / price)
 * @returns the bin
 */
export function binOf(drop: number): number {
  return Math.max(0, Math.min(PROFILE_BINS - 1, Math.round((drop - FIRST) / STEP)));
}

/** Demand at each price as the past of a series tells it: weights and weighted demand by bin. */
export class PriceProfile {
  readonly #mass = new Float64Array(PROFILE_BINS);
  readonly #sums = new Float64Array(PROFILE_BINS);
  readonly #smoothMass = new Float64Array(PROFILE_BINS);
  readonly #values = new Float64Array(PROFILE_BINS);

  /** Forgets what was added. */
  clear(): void {
    this.#mass.fill(0);
    this.#sums.fill(0);
  }

  /**
   * @param bin of the price
   * @param demand units
   * @param weight of the week
   */
  add(bin: number, demand: number, weight: number): void {
    this.#mass[bin]! += weight;
    this.#sums[bin]! += weight * demand;
  }

  /**
   * Smooths over neighbouring prices, shrinks toward a common shape, and makes it rise as the price falls.
   * @param shape demand over its mean that is usual at each bin, rising
   * @param ownLevel demand where the shape is 1, before anything is known of the series
   * @param strength weeks that the common shape counts as, at each price
   */
  fit(shape: Float64Array, ownLevel: number, strength: number): void {
    const [mass, sums, smooth, values] = [this.#mass, this.#sums, this.#smoothMass, this.#values];
    let [total, usual] = [strength * ownLevel, strength];
    for (let bin = 0; bin < PROFILE_BINS; bin++) {
      total += sums[bin]!;
      usual += mass[bin]! * shape[bin]!;
    }
    const level = total / usual;
    for (let bin = 0; bin < PROFILE_BINS; bin++) {
      let [weight, sum] = [0, 0];
      for (let tap = Math.max(0, REACH - bin); tap < TAPS.length; tap++) {
        const at = bin + tap - REACH;
        if (at >= PROFILE_BINS) break;
        weight += TAPS[tap]! * mass[at]!;
        sum += TAPS[tap]! * sums[at]!;
      }
      smooth[bin] = weight;
      values[bin] = (sum + strength * level * shape[bin]!) / (weight + strength);
    }
    risingMeans(values, smooth, strength);
  }

  /**
   * @param drop log(usual price / price)
   * @returns demand at the price, rising with the drop
   */
  at(drop: number): number {
    const position = Math.max(0, Math.min(PROFILE_BINS - 1, (drop - FIRST) / STEP));
    const bin = Math.min(PROFILE_BINS - 2, Math.floor(position));
    const part = position - bin;
    return this.#values[bin]! * (1 - part) + this.#values[bin + 1]! * part;
  }

  /**
   * @param drop log(usual price / price)
   * @returns weeks at about that price
   */
  support(drop: number): number {
    return this.#smoothMass[binOf(drop)]!;
  }
}

const blockValue = new Float64Array(PROFILE_BINS);
const blockWeight = new Float64Array(PROFILE_BINS);
const blockSize = new Int32Array(PROFILE_BINS);

/** The nearest values that never fall, by squares (pool adjacent violators). */
function risingMeans(values: Float64Array, mass: Float64Array, more: number): void {
  let blocks = 0;
  for (let bin = 0; bin < values.length; bin++) {
    blockValue[blocks] = values[bin]!;
    blockWeight[blocks] = mass[bin]! + more;
    blockSize[blocks] = 1;
    blocks++;
    while (blocks > 1 && blockValue[blocks - 2]! > blockValue[blocks - 1]!) {
      const weight = blockWeight[blocks - 2]! + blockWeight[blocks - 1]!;
      blockValue[blocks - 2] =
        (blockValue[blocks - 2]! * blockWeight[blocks - 2]! +
          blockValue[blocks - 1]! * blockWeight[blocks - 1]!) /
        weight;
      blockWeight[blocks - 2] = weight;
      blockSize[blocks - 2]! += blockSize[blocks - 1]!;
      blocks--;
    }
  }
  for (let block = 0, bin = 0; block < blocks; block++)
    for (let i = 0; i < blockSize[block]!; i++) values[bin++] = blockValue[block]!;
}

/** The shape that demand has over the price in common: gathered over all series, once. */
export class CommonShape {
  readonly #mass = new Float64Array(PROFILE_BINS);
  readonly #sums = new Float64Array(PROFILE_BINS);

  /**
   * @param drop log(usual price / price)
   * @param ratio demand over the level of the series
   */
  add(drop: number, ratio: number): void {
    const bin = binOf(drop);
    this.#mass[bin]!++;
    this.#sums[bin]! += ratio;
  }

  /**
   * @param elasticity of demand where nothing is known
   * @param strength weeks that it counts as, at each price
   * @returns demand over that at the usual price, by bin, rising
   */
  fit(elasticity = 1.5, strength = 50): Float64Array {
    const guess = Float64Array.from({ length: PROFILE_BINS }, (_, bin) =>
      Math.exp(elasticity * (FIRST + STEP * bin)),
    );
    const total = this.#sums.reduce((sum, one) => sum + one, 0);
    const usual = this.#mass.reduce((sum, one, bin) => sum + one * guess[bin]!, 0);
    const level = usual > 0 && total > 0 ? total / usual : 1;
    const profile = new PriceProfile();
    this.#mass.forEach((mass, bin) => {
      if (mass > 0) profile.add(bin, this.#sums[bin]! / mass, mass);
    });
    profile.fit(guess, level, strength);
    const one = profile.at(0);
    return Float64Array.from({ length: PROFILE_BINS }, (_, bin) => profile.at(FIRST + STEP * bin) / one);
  }
}
