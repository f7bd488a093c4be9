/** Tokens that somebody has, and when they were counted. */
interface Bucket {
  left: number;
  at: number;
}

/** Who is remembered, at most. */
const MOST_KNOWN = 10_000;

/** Lets so many requests through a second, and so many at once, for each key. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #atOnce: number;
  readonly #buckets = new Map<string, Bucket>();

  /**
   * @param perSecond in the long run
   * @param atOnce after a while of rest
   */
  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
  }

  /**
   * @param key of who asks
   * @param now milliseconds
   * @returns whether the request may pass
   */
  allows(key: string, now: number = performance.now()): boolean {
    const bucket = this.#buckets.get(key) ?? { left: this.#atOnce, at: now };
    bucket.left = Math.min(this.#atOnce, bucket.left + ((now - bucket.at) / 1000) * this.#perSecond);
    bucket.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    // Who has not asked for longest goes first.
    if (this.#buckets.size > MOST_KNOWN) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}
