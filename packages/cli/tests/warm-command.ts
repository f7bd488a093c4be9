import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Ended } from './command.ts';

const script = fileURLToPath(new URL('./warm-process.ts', import.meta.url));

/** What to run. */
export interface WarmRequest {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Written to both outputs when the command has come to its end. */
  readonly mark: string;
}

/** How it ended. */
export interface WarmAnswer {
  readonly code: number;
  /** What would have kept a process of its own from ending. */
  readonly left: readonly string[];
}

/**
 * A process that runs one command line after the other as `hemline` would, for tests of many commands that do little: a start takes a
 * second of computing before it does anything. Tests of signals, of users and of work that goes from command to command start
 * processes of their own.
 */
export class WarmCommand {
  readonly #child: ChildProcess;
  readonly #died: Promise<never>;
  #last: Promise<unknown> = Promise.resolve();
  #asked = 0;

  /** @param cwd folder that the commands run in */
  constructor(cwd: string) {
    this.#child = fork(script, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#died = once(this.#child, 'exit').then(([code, signal]) => {
      throw new Error(`the process that runs commands ended with ${String(code ?? signal)}`);
    });
    // Who waits for a command hears of it.
    this.#died.catch(() => undefined);
  }

  /**
   * @param args of the command line
   * @param environment besides that of the tests
   * @returns how the command ended
   * @throws Error where it leaves something open that would have kept its process from ending
   */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const ended = this.#last.then(() => this.#run(args, environment));
    this.#last = ended.catch(() => undefined);
    return ended;
  }

  async #run(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
    const mark = `\0end of command ${++this.#asked}\0`;
    const { stdout, stderr } = this.#child;
    const told = [until(stdout!, mark), until(stderr!, mark)] as const;
    const answered = once(this.#child, 'message') as Promise<[WarmAnswer]>;
    this.#child.send({ args, environment, mark } satisfies WarmRequest);
    const all = Promise.all([answered, ...told]);
    const [[{ code, left }], out, err] = await Promise.race([all, this.#died]);
    if (left.length > 0)
      throw new Error(`${args.join(' ')} has ended and its process would not: ${left.join(', ')} left open`);
    return { code, stdout: out, stderr: err };
  }

  /** Lets the process end by itself: it has nothing more to do. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#died.catch(() => undefined);
  }
}

function until(stream: NodeJS.ReadableStream, mark: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const listen = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!text.endsWith(mark)) return;
      stream.off('data', listen);
      resolve(text.slice(0, -mark.length));
    };
    stream.on('data', listen);
  });
}
