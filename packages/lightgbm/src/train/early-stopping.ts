/** A metric of one dataset after an iteration. */
export interface Evaluation {
  readonly dataset: string;
  readonly metric: string;
  readonly value: number;
  readonly higherIsBetter: boolean;
}

/** When to stop early. */
export interface EarlyStoppingOptions {
  /** Iterations without an improvement. */
  readonly rounds: number;
  /** Heeds the first metric alone; false by default. */
  readonly firstMetricOnly?: boolean;
  /** Smaller improvements are none; 0 by default. */
  readonly minimumDelta?: number;
}

interface Best {
  readonly iteration: number;
  readonly value: number;
}

/** Stops as LightGBM's `early_stopping` callback does: when one metric of one validation set has not improved for so long. */
export class EarlyStopping {
  readonly #options: EarlyStoppingOptions;
  readonly #best = new Map<string, Best>();

  /** @param options when */
  constructor(options: EarlyStoppingOptions) {
    this.#options = options;
  }

  /**
   * @param iteration 0-based
   * @param evaluations of validation sets, in a constant order
   * @returns the best iteration (0-based) where it is time to stop, else null
   */
  after(iteration: number, evaluations: readonly Evaluation[]): number | null {
    const { rounds, firstMetricOnly = false, minimumDelta = 0 } = this.#options;
    const first = evaluations[0]?.metric;
    for (const { dataset, metric, value, higherIsBetter } of evaluations) {
      const key = `${dataset}\0${metric}`;
      const best = this.#best.get(key);
      // Added to what was best, as Python does it: the difference of the two is rounded otherwise.
      const isBetter =
        best === undefined ||
        (higherIsBetter ? value > best.value + minimumDelta : value < best.value - minimumDelta);
      if (isBetter) this.#best.set(key, { iteration, value });
      if (firstMetricOnly && metric !== first) continue;
      const since = this.#best.get(key)!.iteration;
      if (iteration - since >= rounds) return since;
    }
    return null;
  }

  /** The best iteration (0-based) by the first metric of the first validation set, null before any. */
  get best(): number | null {
    return this.#best.values().next().value?.iteration ?? null;
  }
}
