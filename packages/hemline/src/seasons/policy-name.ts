import type { Exploring } from '@hemline/seasons';

/** A policy that plans, by its name. */
export interface PlanningPolicy {
  /** Model of demand; null: the oracle. */
  readonly model: string | null;
  readonly exploring: Exploring | null;
}

/**
 * Reads `price:MODEL`, `oracle`, and either with `+explore-N` or `+explore-NxK`: N % of the articles, by up to K levels.
 * @param name of a policy
 * @returns what it is; null where it is no policy that plans, or N or K are none
 */
export function planningPolicy(name: string): PlanningPolicy | null {
  const found = /^(?:oracle|price:([^+]+))(?:\+explore-(\d+(?:\.\d+)?)(?:x(\d+))?)?$/.exec(name);
  if (found === null) return null;
  const [, model = null, percent, step = '1'] = found;
  const exploring = percent === undefined ? null : { share: Number(percent) / 100, step: Number(step) };
  const isRight = exploring === null || (exploring.share > 0 && exploring.share <= 1 && exploring.step >= 1);
  return isRight ? { model, exploring } : null;
}
