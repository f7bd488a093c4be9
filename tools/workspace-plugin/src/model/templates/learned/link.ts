/** What a score means: the log of an amount, the log odds of a share, or the value itself. */
export type Link = 'log' | 'logit' | 'identity';

/** Scores are confined to this, so that no input gives a number that is not finite. */
const MOST = 30;

/**
 * @param link what the score means
 * @param score any number
 * @returns the value: finite, rising with the score
 */
export function applyLink(link: Link, score: number): number {
  if (link === 'identity') return score;
  const confined = Math.max(-MOST, Math.min(MOST, score));
  return link === 'log' ? Math.exp(confined) : 1 / (1 + Math.exp(-confined));
}

/**
 * The inverse of {@link applyLink}.
 * @param link what the score shall mean
 * @param value amounts and shares may be 0: they count as a little more
 * @returns the score
 */
export function scoreOf(link: Link, value: number): number {
  if (link === 'identity') return value;
  if (link === 'log') return Math.log(Math.max(value, 1e-3));
  const inside = Math.max(1e-4, Math.min(1 - 1e-4, value));
  return Math.log(inside / (1 - inside));
}
