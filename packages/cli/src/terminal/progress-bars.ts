import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { ProgressEvent } from '@hemline/core';

/** Without a terminal a line is written when a phase begins and when it ends, not in between. */
interface Line {
  phase: string;
  ended: boolean;
}

/** Progress of several jobs at once: a bar each on a terminal, a line a phase elsewhere. Writes to standard error. */
export class ProgressBars {
  readonly #multi: MultiBar | null;
  readonly #bars = new Map<string, SingleBar>();
  readonly #lines = new Map<string, Line>();

  /** @param isTerminal whether standard error is one */
  constructor(isTerminal: boolean = process.stderr.isTTY === true) {
    this.#multi = isTerminal
      ? new MultiBar(
          {
            format: '{job} {bar} {done}/{all} {unit}  {phase}',
            hideCursor: true,
            stopOnComplete: false,
            clearOnComplete: true,
            stream: process.stderr,
          },
          Presets.shades_classic,
        )
      : null;
  }

  /**
   * Shows how far a job has come.
   * @param job its name
   * @param event what it said last
   */
  update(job: string, event: ProgressEvent): void {
    if (this.#multi === null) this.#writeLine(job, event);
    else this.#draw(this.#multi, job, event);
  }

  /**
   * Writes a line above the bars.
   * @param text without line end
   */
  log(text: string): void {
    if (this.#multi === null) process.stderr.write(`${text}\n`);
    else this.#multi.log(`${text}\n`);
  }

  /**
   * Takes a finished job's bar away.
   * @param job its name
   */
  end(job: string): void {
    const bar = this.#bars.get(job);
    if (bar !== undefined) this.#multi?.remove(bar);
    this.#bars.delete(job);
  }

  /** Leaves the terminal as it was. */
  stop(): void {
    this.#multi?.stop();
  }

  #draw(multi: MultiBar, job: string, event: ProgressEvent): void {
    let bar = this.#bars.get(job);
    if (bar === undefined) {
      bar = multi.create(1, 0, { job: job.padEnd(24), done: '', all: '', unit: '', phase: '' });
      this.#bars.set(job, bar);
    }
    const total = event.total ?? Math.max(1, event.done * 2);
    bar.setTotal(Math.max(1, total));
    bar.update(Math.min(event.done, total), {
      done: event.done.toLocaleString('en'),
      all: event.total?.toLocaleString('en') ?? '?',
      unit: event.unit,
      phase: event.phase,
    });
  }

  #writeLine(job: string, event: ProgressEvent): void {
    let line = this.#lines.get(job);
    if (line?.phase !== event.phase) {
      line = { phase: event.phase, ended: false };
      this.#lines.set(job, line);
      process.stderr.write(`${job}: ${event.phase}\n`);
    }
    if (!line.ended && event.total !== null && event.done >= event.total) {
      line.ended = true;
      process.stderr.write(
        `${job}: ${event.phase} done, ${event.total.toLocaleString('en')} ${event.unit}\n`,
      );
    }
  }
}
