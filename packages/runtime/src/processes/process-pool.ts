import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { EngineError, InterruptedError, unpackError, type ProgressEvent } from '@hemline/core';
import type { FromProcess, ToProcess } from './serve-tasks.ts';

/** What the processes of a pool are given, and how it is told what becomes of them. */
export interface ProcessPoolOptions<Opening, Task> {
  /** Module that a process starts with: it calls `serveTasks`. */
  readonly program: URL;
  /** What each is given first. */
  readonly opening: Opening;
  /** File that takes what they print. */
  readonly log: string;
  readonly signal: AbortSignal;
  readonly onProgress: (task: Task, event: ProgressEvent) => void;
  /** What is done, as in `the process of a fit died`: `a fit`. */
  readonly does: string;
  /** What was asked to stop, as in `the experiment was asked to stop`: `the experiment`. */
  readonly stops: string;
  /** What to do when it was stopped: what is kept. */
  readonly again: string;
  /** What to do when a process died, before where its output is told. */
  readonly remedy: string;
}

/** What came of a task. */
export interface DoneTask<Result> {
  readonly result: Result;
  /** Most memory that its process has had. */
  readonly peakBytes: number;
}

/** Processes for tasks, one a lane: a task that runs out of memory takes its own process along, and no other's work. */
export class ProcessPool<Opening, Task, Result> {
  readonly #options: ProcessPoolOptions<Opening, Task>;
  readonly #log: number;
  readonly #children: (ChildProcess | undefined)[] = [];

  /** @param options for all of them; none is started yet */
  constructor(options: ProcessPoolOptions<Opening, Task>) {
    this.#options = options;
    this.#log = openSync(options.log, 'a');
    options.signal.addEventListener('abort', this.#kill);
  }

  /**
   * Does a task.
   * @param task to do
   * @param lane whose process does it, which is started if there is none; it does one at a time
   * @returns what came of it
   * @throws the error of the task
   * @throws EngineError when the process died of it
   * @throws InterruptedError when the signal was raised
   */
  run(task: Task, lane: number): Promise<DoneTask<Result>> {
    const { onProgress, signal, log, does, stops, again, remedy } = this.#options;
    const child = (this.#children[lane] ??= this.#start());
    return new Promise<DoneTask<Result>>((resolve, reject) => {
      const settle = (): void => void child.off('message', take).off('exit', died);
      const died = (code: number | null, killedBy: NodeJS.Signals | null): void => {
        settle();
        this.#children[lane] = undefined;
        if (signal.aborted)
          return reject(new InterruptedError(`${stops} was asked to stop`, { remedy: again }));
        reject(
          new EngineError(`the process of ${does} died`, {
            found: killedBy ?? `exit code ${code}`,
            remedy: `${remedy} What it printed: ${log}`,
          }),
        );
      };
      const take = (message: FromProcess<Result>): void => {
        if (message.kind === 'progress') return onProgress(task, message.event);
        settle();
        if (message.kind === 'failed') return reject(unpackError(message.error));
        resolve({ result: message.result, peakBytes: message.peakBytes });
      };
      child.on('message', take).on('exit', died);
      this.#send(child, { kind: 'task', task });
    });
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
    const { program, opening } = this.#options;
    const child = fork(program, {
      stdio: ['ignore', this.#log, this.#log, 'ipc'],
      // JSON would turn NaN to null.
      serialization: 'advanced',
    });
    // A message to a process that is dying: its exit is told.
    child.on('error', () => undefined);
    this.#send(child, { kind: 'open', opening });
    return child;
  }

  #send(child: ChildProcess, message: ToProcess<Opening, Task>): void {
    child.send(message, () => undefined);
  }
}
