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
