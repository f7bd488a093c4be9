import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { EngineError, InterruptedError, unpackError, type ProgressEvent } from '@hemline/core';
import type { SeasonRequest } from './season-request.ts';
import type { FromSeasonProcess, SeasonTask, ToSeasonProcess } from './serve-seasons.ts';

/** What processes of seasons are given. */
export interface SeasonPoolOptions {
  readonly request: SeasonRequest;
  /** File that takes what they print. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onProgress: (task: SeasonTask, event: ProgressEvent) => void;
}

/** What playing took. */
export interface PlayedSeason {
  /** By part; `all` of them. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakBytes: number;
}

/** The processes of a season, one a lane. Nothing that they hold is lost with them: every week is in a journal. */
export class SeasonPool {
  readonly #options: SeasonPoolOptions;
  readonly #log: number;
  readonly #children: (ChildProcess | undefined)[] = [];

  /** @param options for all of them; none is started yet */
  constructor(options: SeasonPoolOptions) {
    this.#options = options;
    this.#log = openSync(options.log, 'a');
    options.signal.addEventListener('abort', this.#kill);
  }

  /**
   * Plays.
   * @param task to do
   * @param lane whose process does it; it does one at a time
   * @returns what it took; the season is in its journal
   * @throws the error of the season
   * @throws EngineError when the process died of it
   * @throws InterruptedError when the signal was raised
   */
  play(task: SeasonTask, lane: number): Promise<PlayedSeason> {
    const { onProgress, signal, log } = this.#options;
    const child = (this.#children[lane] ??= this.#start());
    return new Promise<PlayedSeason>((resolve, reject) => {
      const settle = (): void => void child.off('message', take).off('exit', died);
      const died = (code: number | null, killedBy: NodeJS.Signals | null): void => {
        settle();
        this.#children[lane] = undefined;
        if (signal.aborted)
          return reject(
            new InterruptedError('the season was asked to stop', {
              remedy: 'Start it again: weeks that were played are kept.',
            }),
          );
        reject(
          new EngineError('the process of a season died', {
            found: killedBy ?? `exit code ${code}`,
            remedy: `Start it again: weeks that were played are kept. Fewer at once (--parallel) take less memory. What it printed: ${log}`,
          }),
        );
      };
      const take = (message: FromSeasonProcess): void => {
        if (message.kind === 'progress') return onProgress(task, message.event);
        settle();
        if (message.kind === 'failed') return reject(unpackError(message.error));
        resolve({ seconds: message.seconds, peakBytes: message.peakBytes });
      };
      child.on('message', take).on('exit', died);
      send(child, { kind: 'play', task });
    });
  }

  /** Ends all processes. */
  close(): void {
    this.#options.signal.removeEventListener('abort', this.#kill);
    this.#kill();
    closeSync(this.#log);
  }

  #kill = (): void => {
    for (const child of this.#children) child?.kill('SIGKILL');
  };

  #start(): ChildProcess {
    const child = fork(new URL('season-process.ts', import.meta.url), {
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
      serialization: 'advanced',
    });
    // A message to a process that is dying: its exit is told.
    child.on('error', () => undefined);
    send(child, { kind: 'open', request: this.#options.request });
    return child;
  }
}

function send(child: ChildProcess, message: ToSeasonProcess): void {
  child.send(message, () => undefined);
}
