/** Where time goes, by part. */
export class Seconds {
  readonly by: Record<string, number> = {};

  /**
   * @param part that the work belongs to
   * @param work to be timed
   * @returns what the work returns
   */
  async of<T>(part: string, work: () => T | Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.by[part] = (this.by[part] ?? 0) + (performance.now() - began) / 1000;
    }
  }
}
