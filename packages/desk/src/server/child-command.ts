import { spawn, type ChildProcess } from 'node:child_process';

/** How `hemline` is started: a program and its first arguments. */
export interface HemlineProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Home of its runs. */
  readonly home: string;
}

/** Characters of output that are kept of what has failed. */
const KEPT = 4000;

/** A child that runs, and how it ends. */
export interface RunningChild {
  readonly child: ChildProcess;
  /** Its standard output, parsed. */
  readonly result: Promise<unknown>;
}

/**
 * Runs `hemline` in a process of its own: it takes the time and memory that it needs, the page is answered meanwhile.
 * @param hemline how it is started
 * @param args of the command; `--json` is added
 * @param onProgress told of its last line
 * @returns what it prints
 */
export function runHemline(
  { program, args: first, home }: HemlineProgram,
  args: readonly string[],
  onProgress: (line: string) => void = () => undefined,
): RunningChild {
  const child = spawn(program, [...first, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HEMLINE_HOME: home },
  });
  const result = new Promise<unknown>((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-KEPT);
      const line = err
        .trimEnd()
        .split(/[\r\n]+/)
        .at(-1);
      if (line !== undefined && line !== '') onProgress(line);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) {
        try {
          return resolve(JSON.parse(out));
        } catch (cause) {
          return reject(new Error('hemline printed no JSON', { cause }));
        }
      }
      reject(new Error(err.trim() === '' ? `hemline ended with ${String(code ?? signal)}` : err.trim()));
    });
  });
  return { child, result };
}
