import type { ExperimentPlan } from '@hemline/experiments';
import type { ProgressBars } from '../terminal/progress-bars.ts';

/** The bar over all fits. */
export class FitProgress {
  readonly #bars: ProgressBars;
  readonly #plan: ExperimentPlan;
  readonly #each: number;
  readonly #done = new Map<string, number>();

  /**
   * @param bars that show it, and those of the variants
   * @param plan of the experiment
   */
  constructor(bars: ProgressBars, plan: ExperimentPlan) {
    this.#bars = bars;
    this.#plan = plan;
    this.#each = plan.cutoffs.length * plan.seeds.length;
  }

  /** @param variant of which one more fit is finished */
  finished(variant: string): void {
    this.#count(variant, (this.#done.get(variant) ?? 0) + 1);
  }

  /** @param variant that is not tried any further: what is not tried is done */
  dropped(variant: string): void {
    this.#count(variant, this.#each);
  }

  #count(variant: string, done: number): void {
    this.#done.set(variant, done);
    if (done >= this.#each) this.#bars.end(variant);
    const total = this.#plan.variants.length * this.#each;
    const all = [...this.#done.values()].reduce((sum, each) => sum + each, 0);
    this.#bars.update(this.#plan.name, { phase: 'experiment', done: all, total, unit: 'fits' });
  }
}
