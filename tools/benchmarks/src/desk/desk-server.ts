import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../../../packages/cli/src/main.ts');

/** A desk in a process of its own, as a user starts it. */
export interface DeskServer {
  readonly port: number;
  /** From its start until it has said where it is. */
  readonly seconds: number;
  /** Greatest resident memory so far. */
  peakBytes(): number;
  /** Ends it, in order (SIGTERM) or not. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/**
 * Starts `hemline desk`.
 * @param home of the run
 * @param args further arguments
 * @returns the server, when it answers
 * @throws Error with the end of its complaints where it does not start
 */
export async function startDesk(home: string, args: readonly string[]): Promise<DeskServer> {
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN, 'desk', ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HEMLINE_HOME: home },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4000)));
  const exited = once(child, 'exit');
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      reject(new Error(`hemline desk ended with ${code ?? signal}: ${complaint.trim()}`)),
    );
  });
  const told = JSON.parse(line) as
    { readonly port: number } | { readonly error: { readonly message: string } };
  if ('error' in told) throw new Error(`hemline desk does not start: ${told.error.message}`);
  const { port } = told;
  return {
    ...{ port, seconds: (performance.now() - began) / 1000 },
    peakBytes: () => peakOf(child.pid!),
    end: async (signal) => {
      child.kill(signal);
      await exited;
    },
  };
}

/** Of another process: only Linux tells. */
function peakOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}
