import type { ChildProcess } from 'node:child_process';
import type { SolveState } from '../api/index.ts';
import { RefusedError } from '../decisions/refused-error.ts';
import { runHemline, type HemlineProgram } from './child-command.ts';

/** How a run is priced again. */
export interface SolverOptions {
  readonly hemline: HemlineProgram;
  /** Tells the store all decisions first: those that stand are planned around. */
  readonly before: () => Promise<void>;
  /** @returns arguments of `hemline price` */
  readonly args: () => readonly string[];
  /** Takes the new run up. */
  readonly after: (run: string) => Promise<void>;
}

/** Prices again with the decisions that stand, one at a time. */
export class Solver {
  readonly #options: SolverOptions;
  #state: SolveState = { state: 'idle', progress: null, error: null, run: null };
  #child: ChildProcess | null = null;

  /** @param options how */
  constructor(options: SolverOptions) {
    this.#options = options;
  }

  /** How far it has come. */
  get state(): SolveState {
    return this.#state;
  }

  /**
   * Begins; what comes of it is told by {@link state}.
   * @throws RefusedError while it is at it already
   */
  start(): void {
    if (this.#state.state === 'running')
      throw new RefusedError('conflict', 'the run is being priced again already', {
        remedy: 'Wait until it is done.',
      });
    this.#state = {
      state: 'running',
      progress: 'telling the store of all decisions',
      error: null,
      run: null,
    };
    void this.#solve().catch((error: unknown) => {
      this.#state = {
        state: 'failed',
        progress: null,
        error: error instanceof Error ? error.message : String(error),
        run: null,
      };
    });
  }

  /** Ends what is running. */
  end(): void {
    this.#child?.kill('SIGTERM');
  }

  async #solve(): Promise<void> {
    const { hemline, before, args, after } = this.#options;
    await before();
    const { child, result } = runHemline(hemline, args(), (progress) => {
      this.#state = { ...this.#state, progress };
    });
    this.#child = child;
    try {
      const { run } = (await result) as { readonly run: string };
      this.#state = { ...this.#state, progress: 'reading the list' };
      await after(run);
      this.#state = { state: 'done', progress: null, error: null, run };
    } finally {
      this.#child = null;
    }
  }
}
