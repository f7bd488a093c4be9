import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.ts';

/** How to run a program. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called a few times a second while it runs. */
  readonly onTick?: () => void;
}

/**
 * Runs a program and keeps the end of what it prints for the message, should it fail.
 * @param program to run
 * @param args its arguments
 * @param options where, with which environment
 * @returns what it printed to standard output
 * @throws SetupError when it cannot be started or fails
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let tail = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      tail = (tail + text).slice(-2000);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-2000)));
    const stop = (): void => void child.kill('SIGTERM');
    process.once('exit', stop);
    const timer = setInterval(() => options.onTick?.(), 200);
    const done = (): void => {
      clearInterval(timer);
      process.off('exit', stop);
    };
    child.on('error', (error) => {
      done();
      reject(new SetupError(`${program} cannot be started: ${error.message}`));
    });
    child.on('close', (code, signal) => {
      done();
      if (code === 0) resolve(output);
      else
        reject(
          new SetupError(
            `${program} ${args.slice(0, 3).join(' ')} … failed (${signal ?? `exit code ${code}`}): ${lastLines(tail)}`,
          ),
        );
    });
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' | ');
}
