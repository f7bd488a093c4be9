import { spawn } from 'node:child_process';

/** A program to run as a process of its own. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 * @param program what to run
 * @returns what it printed
 * @throws Error with the end of its complaints when it fails
 */
export function runChild(program: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program.file, program.args, {
      env: { ...process.env, ...program.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new Error(
            `${program.file} ${program.args.join(' ')} ended with ${code ?? signal}: ${complaint.trim()}`,
          ),
        );
    });
  });
}
