import { spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = resolve(dirname(fileURLToPath(import.meta.url)), '../../packages/cli/bin/hemline.mjs');

/**
 * Runs the `hemline` command as a process of its own, as a terminal would: what it starts are the jobs of production.
 * @param args of the command line
 * @returns what it prints with `--json`
 * @throws Error with what it says where it fails
 */
export function hemline<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const child = spawn('node', [COMMAND, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(JSON.parse(out) as T);
      else fail(new Error(`hemline ${args.join(' ')} ended with ${code}:\n${said}`));
    });
  });
}
