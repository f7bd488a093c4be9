import type { ChildProcess } from 'node:child_process';
import type { FrontierAnswer } from '../api/index.ts';
import { runHemline, type HemlineProgram } from './child-command.ts';

import type { FrontierResult } from '@hemline/hemline';

/** What limits cost at other values: traced once for each run and limit, one after the other. */
export class Frontiers {
  readonly #hemline: HemlineProgram;
  readonly #answers = new Map<string, FrontierAnswer>();
  #last: Promise<void> = Promise.resolve();
  #child: ChildProcess | null = null;

  /** @param hemline how it is started */
  constructor(hemline: HemlineProgram) {
    this.#hemline = hemline;
  }

  /**
   * @param run that priced
   * @param limit its name
   * @param args of `hemline price`
   * @returns the points, as far as they are there
   */
  of(run: string, limit: string, args: readonly string[]): FrontierAnswer {
    const key = JSON.stringify([run, limit]);
    const known = this.#answers.get(key);
    if (known !== undefined && known.state !== 'failed') return known;
    const begun: FrontierAnswer = { points: [], state: 'running', error: null };
    this.#answers.set(key, begun);
    this.#last = this.#last.then(() => this.#trace(key, limit, args));
    // A failure is told once; who asks again tries again.
    return known ?? begun;
  }

  /** Ends what is running. */
  end(): void {
    this.#child?.kill('SIGTERM');
  }

  async #trace(key: string, limit: string, args: readonly string[]): Promise<void> {
    try {
      const { child, result } = runHemline(this.#hemline, [...args, '--frontier', limit]);
      this.#child = child;
      const { measure, points } = (await result) as FrontierResult;
      this.#answers.set(key, {
        points: points.flatMap(({ value, profit, unitsLeft }) =>
          value === null || profit === null
            ? []
            : [{ value, profit, discountRate: measure === 'discount-rate' ? value : null, unitsLeft }],
        ),
        state: 'done',
        error: null,
      });
    } catch (error) {
      this.#answers.set(key, {
        points: [],
        state: 'failed',
        error: error instanceof Error ? error.message : String(error),
      });
    } finally {
      this.#child = null;
    }
  }
}
