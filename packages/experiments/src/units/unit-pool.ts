import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { EngineError, InterruptedError, unpackError } from '@hemline/core';
import type { UnitWorker, WorkerContext } from '../places/experiment-place.ts';
import type { Unit } from '../plan.ts';
import type { FromUnitProcess, ToUnitProcess } from './serve-units.ts';
import type { UnitScores } from './unit-journal.ts';

/** What processes of an experiment are given. */
export interface UnitPoolOptions extends Pick<WorkerContext, 'log' | 'onProgress' | 'onMemory' | 'signal'> {
  /** Module that a process starts with; it calls {@link serveUnits}. */
  readonly program: URL;
  readonly data: string;
  readonly descriptor: string | undefined;
}

/** The processes of an experiment, one a lane: a fit that runs out of memory takes its own process along, and no other's work. */
export class UnitPool implements UnitWorker {
  readonly #options: UnitPoolOptions;
  readonly #log: number;
  readonly #children: (ChildProcess | undefined)[] = [];

  /** @param options for all of them; none is started yet */
  constructor(options: UnitPoolOptions) {
    this.#options = options;
    this.#log = openSync(options.log, 'a');
    options.signal.addEventListener('abort', this.#kill);
  }

  /**
   * Fits and scores.
   * @param unit to do
   * @param lane whose process does it; it does one at a time
   * @returns the scores
   * @throws the error of the fit
   * @throws EngineError when the process died of it
   * @throws InterruptedError when the signal was raised
   */
  run(unit: Unit, lane: number): Promise<UnitScores> {
    const { onProgress, onMemory, signal, log } = this.#options;
    const child = (this.#children[lane] ??= this.#start());
    return new Promise<UnitScores>((resolve, reject) => {
      const settle = (): void => {
        child.off('message', take).off('exit', died);
      };
      const died = (code: number | null, killedBy: NodeJS.Signals | null): void => {
        settle();
        this.#children[lane] = undefined;
        if (signal.aborted)
          return reject(
            new InterruptedError('the experiment was asked to stop', {
              remedy: 'Start it again: finished fits are kept.',
            }),
          );
        reject(
          new EngineError('the process of a fit died', {
            found: killedBy ?? `exit code ${code}`,
            remedy: `Fewer at once (--parallel) take less memory. What it printed: ${log}`,
          }),
        );
      };
      const take = (message: FromUnitProcess): void => {
        if (message.kind === 'progress') return onProgress(unit, message.event);
        settle();
        if (message.kind === 'failed') return reject(unpackError(message.error));
        onMemory(unit, message.peakBytes);
        resolve(message.scores);
      };
      child.on('message', take).on('exit', died);
      send(child, { kind: 'unit', unit });
    });
  }

  /** A process that dies takes its own variant along: others may need less. */
  endsAll(): boolean {
    return false;
  }

  /** Ends all processes. */
  close(): void {
    this.#options.signal.removeEventListener('abort', this.#kill);
    this.#kill();
    closeSync(this.#log);
  }

  /** They hold nothing that could be lost. */
  #kill = (): void => {
    for (const child of this.#children) child?.kill('SIGKILL');
  };

  #start(): ChildProcess {
    const { program, data, descriptor } = this.#options;
    const child = fork(program, {
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
      // JSON would turn NaN to null.
      serialization: 'advanced',
    });
    // A message to a process that is dying: its exit is told.
    child.on('error', () => undefined);
    send(child, { kind: 'open', data, descriptor });
    return child;
  }
}

function send(child: ChildProcess, message: ToUnitProcess): void {
  child.send(message, () => undefined);
}
