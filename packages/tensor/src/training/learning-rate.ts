/** How the learning rate moves. */
export interface LearningRateOptions {
  readonly peak: number;
  /** Steps of the rise from 0. */
  readonly warmUp: number;
  /** Steps of the whole training. */
  readonly steps: number;
  /** Where it ends, as a share of the peak. */
  readonly floor?: number;
}

/**
 * Rises in a line, then falls as half a cosine (Loshchilov & Hutter 2017, arXiv 1608.03983).
 * @param step from 0 on
 * @param options of the training
 * @returns the learning rate of the step
 */
export function learningRateAt(
  step: number,
  { peak, warmUp, steps, floor = 0.01 }: LearningRateOptions,
): number {
  if (step < warmUp) return (peak * (step + 1)) / warmUp;
  const through = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * through)));
}

/** How a training anneals that keeps its learning rate until the validation has stalled. */
export interface Annealing {
  /** Steps of the fall, as a share of the steps before it. */
  readonly share: number;
  /** Steps of the fall, at least. */
  readonly least: number;
}

/**
 * @param annealing how
 * @param before steps before it
 * @returns steps that the learning rate falls for
 */
export function annealingSteps({ share, least }: Annealing, before: number): number {
  return Math.max(least, Math.round(share * before));
}

/** Where an annealed learning rate stands. */
export interface AnnealedRateOptions {
  readonly peak: number;
  readonly warmUp: number;
  /** Step from which it falls, and for how many; null before that is known. */
  readonly annealing: { readonly from: number; readonly steps: number } | null;
}

/**
 * Rises in a line, stays, and falls as half a cosine once the training anneals (warm-up, stable, decay: Hu et al. 2024, arXiv
 * 2404.06395): how long it stays need not be known before.
 * @param step from 0 on
 * @param options of the training
 * @returns the learning rate of the step
 */
export function annealedRate(step: number, { peak, warmUp, annealing }: AnnealedRateOptions): number {
  if (annealing === null) return step < warmUp ? (peak * (step + 1)) / warmUp : peak;
  return learningRateAt(step - annealing.from, { peak, warmUp: 0, steps: annealing.steps });
}
