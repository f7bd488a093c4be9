import type { ProgressEvent } from '@hemline/core';
import type { ExperimentPlan } from './plan.ts';

/** Who is told what an experiment does, while it does it. */
export interface ExperimentWatch {
  /** How far a variant, the check of the data, or the whole experiment (by its name) has come. */
  onProgress(part: string, event: ProgressEvent): void;
  /** A part is done. */
  onDone(part: string): void;
  /** A line for the person who waits. */
  onNotice(text: string): void;
}

/** Counts fits: how far the variants are, and all of them together. */
export class FitProgress {
  readonly #watch: Pick<ExperimentWatch, 'onProgress' | 'onDone'>;
  readonly #plan: ExperimentPlan;
  readonly #each: number;
  readonly #done = new Map<string, number>();

  /**
   * @param watch who is told
   * @param plan of the experiment
   */
  constructor(watch: Pick<ExperimentWatch, 'onProgress' | 'onDone'>, plan: ExperimentPlan) {
    this.#watch = watch;
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
    if (done >= this.#each) this.#watch.onDone(variant);
    const total = this.#plan.variants.length * this.#each;
    const all = [...this.#done.values()].reduce((sum, each) => sum + each, 0);
    this.#watch.onProgress(this.#plan.name, { phase: 'experiment', done: all, total, unit: 'fits' });
  }
}
