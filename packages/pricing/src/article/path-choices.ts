import type { PathStates } from './path-states.ts';

/** What is not allowed is worth this: finite, so that interpolation stays a number. */
export const FORBIDDEN = -1e200;

/** A week of a programme over stock and the states of a market's path. N states, K + 1 knots of stock. */
export interface PathWeek {
  readonly week: number;
  readonly path: PathStates;
  readonly states: number;
  /** K + 1. */
  readonly width: number;
  /** Knots that are met. */
  readonly low: number;
  readonly high: number;
  /** 1 where a level may be chosen in this week [L]. */
  readonly allowed: Uint8Array;
  /** Value of the week's level and all that follows, by the state after it [N·(K+1)]. */
  readonly afterwards: Float64Array;
  /** Values of the states, and 1 where there is a path; this week's are written [(T+1)·N·(K+1)], [(T+1)·N]. */
  readonly values: Float64Array;
  readonly possible: Uint8Array;
}

/** The best next level of every state of a path: to keep the one it has, or to change it. */
export class PathChoices {
  private running = new Float64Array(0);

  /** @param week whose values are written */
  take(week: PathWeek): void {
    if (week.week > 0 && week.path.anySize) this.takeRunning(week);
    else this.takeEach(week);
  }

  /** The best of keeping a level and of each change of it. */
  private takeEach(of: PathWeek): void {
    const { week, path, states, width, values, possible, afterwards } = of;
    const { levelCount } = path;
    for (let state = 0; state < states; state++) {
      const to = (week * states + state) * width;
      values.fill(FORBIDDEN, to, to + width);
      possible[week * states + state] = 0;
      if (week === 0 && state !== Math.max(0, path.start)) continue;
      const first = week === 0 && path.start < 0;
      const before = state % levelCount;
      const changed = first ? path.firstBlock : path.blockChanged(state);
      const kept = path.blockKept(state) + before;
      if (!first && isOpen(of, kept)) {
        possible[week * states + state] = 1;
        raise(of, values, to, afterwards, kept * width);
      }
      if (changed < 0) continue;
      for (let level = 0; level < levelCount; level++) {
        if (!first && (level === before || path.step[before * levelCount + level] !== 1)) continue;
        if (!isOpen(of, changed + level)) continue;
        possible[week * states + state] = 1;
        raise(of, values, to, afterwards, (changed + level) * width);
      }
    }
  }

  /**
   * The same where steps have any size: the best change is a running maximum, over deeper levels or over all. A change to the same
   * level is then among them; it is never worth more than keeping the level, which leaves as many changes and no wait.
   */
  private takeRunning(of: PathWeek): void {
    const { week, path, states, width, values, possible, afterwards } = of;
    const { levelCount, deepenOnly } = path;
    if (this.running.length < width) this.running = new Float64Array(width);
    const { running } = this;
    for (let block = 0; block < states; block += levelCount) {
      const changed = path.blockChanged(block);
      const kept = path.blockKept(block);
      running.fill(FORBIDDEN);
      let hasChange = false;
      const collect = (level: number): void => {
        if (changed < 0 || !isOpen(of, changed + level)) return;
        hasChange = true;
        raise(of, running, 0, afterwards, (changed + level) * width);
      };
      if (!deepenOnly) for (let level = 0; level < levelCount; level++) collect(level);
      for (let level = levelCount - 1; level >= 0; level--) {
        const to = (week * states + block + level) * width;
        values.fill(FORBIDDEN, to, to + width);
        const keeps = isOpen(of, kept + level);
        if (keeps) raise(of, values, to, afterwards, (kept + level) * width);
        if (hasChange) raise(of, values, to, running, 0);
        possible[week * states + block + level] = keeps || hasChange ? 1 : 0;
        if (deepenOnly) collect(level);
      }
    }
  }
}

function isOpen({ week, path, states, allowed, possible }: PathWeek, next: number): boolean {
  return allowed[next % path.levelCount] === 1 && possible[(week + 1) * states + next] === 1;
}

/** Raises the values at `to` in `into` to those at `from` in `source`. */
function raise(
  { low, high }: PathWeek,
  into: Float64Array,
  to: number,
  source: Float64Array,
  from: number,
): void {
  for (let knot = low; knot <= high; knot++) {
    if (source[from + knot] > into[to + knot]) into[to + knot] = source[from + knot];
  }
}
