import type { PathStates } from './path-states.ts';

const FORBIDDEN = -Infinity;

/** The best levels of one market where a level is worth so much in a week, whatever the others are: a shortest path over its states. */
export class PathProgram {
  /** Worth of a level in a week; −Infinity where it may not be chosen [T·L]. */
  worth = new Float64Array(0);
  private values = new Float64Array(0);

  /**
   * @param weeks weeks
   * @param levelCount levels; `worth` then has room for all
   */
  size(weeks: number, levelCount: number): void {
    if (this.worth.length < weeks * levelCount) this.worth = new Float64Array(weeks * levelCount);
  }

  /**
   * @param weeks weeks
   * @param levelCount levels
   * @param path what past levels mean
   * @param level receives the best levels from `start` on; undefined to learn the value alone
   * @param start place of the first week's level
   * @returns the value, −Infinity where no path is allowed; then `level` is left alone
   */
  solve(
    weeks: number,
    levelCount: number,
    path: PathStates,
    level: Uint8Array | undefined,
    start: number,
  ): number {
    const { worth } = this;
    if (path.free) {
      let total = 0;
      for (let week = 0; week < weeks; week++) {
        let best = 0;
        const at = week * levelCount;
        for (let other = 1; other < levelCount; other++)
          if (worth[at + other] > worth[at + best]) best = other;
        total += worth[at + best];
        if (worth[at + best] === FORBIDDEN) return FORBIDDEN;
        if (level !== undefined) level[start + week] = best;
      }
      return total;
    }
    const states = path.count;
    if (this.values.length < (weeks + 1) * states) this.values = new Float64Array((weeks + 1) * states);
    this.values.fill(0, weeks * states, (weeks + 1) * states);
    for (let week = weeks - 1; week >= 1; week--) {
      for (let state = 0; state < states; state++) {
        this.values[week * states + state] = this.best(week, levelCount, path, state).value;
      }
    }
    const first = this.best(0, levelCount, path, path.start);
    const total = first.value;
    let next = first.next;
    if (total === FORBIDDEN || level === undefined) return total;
    for (let week = 0; week < weeks; week++) {
      level[start + week] = next % levelCount;
      if (week + 1 < weeks) next = this.best(week + 1, levelCount, path, next).next;
    }
    return total;
  }

  private best(
    week: number,
    levelCount: number,
    path: PathStates,
    state: number,
  ): { value: number; next: number } {
    const { values, worth } = this;
    const later = (week + 1) * path.count;
    const at = week * levelCount;
    let value = FORBIDDEN;
    let next = -1;
    const isFirst = state < 0;
    const before = isFirst ? -1 : state % levelCount;
    if (!isFirst) {
      next = path.blockKept(state) + before;
      value = worth[at + before] + values[later + next];
    }
    const block = isFirst ? path.firstBlock : path.blockChanged(state);
    if (block < 0) return { value, next };
    for (let level = 0; level < levelCount; level++) {
      if (!isFirst && (level === before || path.step[before * levelCount + level] !== 1)) continue;
      const other = worth[at + level] + values[later + block + level];
      if (other > value) {
        value = other;
        next = block + level;
      }
    }
    return { value, next };
  }
}
