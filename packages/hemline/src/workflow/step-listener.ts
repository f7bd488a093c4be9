import type { StepEvent } from '@hemline/workflow/local';
import type { WorkOptions } from '../work-options.ts';

/** Who is told of steps. */
interface StepListenerOptions extends WorkOptions {
  onStep?(event: StepEvent): void;
}

/** Hands events on. One that throws stops the run, which then ends with its error. */
export class StepListener {
  /** Raised by the caller, or by a listener that threw. */
  readonly signal: AbortSignal;
  /** What a listener threw. */
  broken: Error | null = null;
  readonly #options: StepListenerOptions;
  readonly #stop = new AbortController();

  /** @param options who is told, and the caller's own signal */
  constructor(options: StepListenerOptions) {
    this.#options = options;
    this.signal = AbortSignal.any([
      this.#stop.signal,
      ...(options.signal === undefined ? [] : [options.signal]),
    ]);
  }

  /** @param event of a step */
  tell(event: StepEvent): void {
    if (this.broken !== null) return;
    try {
      this.#options.onStep?.(event);
      if (event.kind === 'progress') this.#options.onProgress?.(event.step.state, event.progress);
      if (event.kind === 'finished') this.#options.onDone?.(event.step.state);
    } catch (error) {
      this.broken = error as Error;
      this.#stop.abort();
    }
  }
}
