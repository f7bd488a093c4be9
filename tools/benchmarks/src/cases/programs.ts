import { join } from 'node:path';
import type { Program } from '../harness/run-child.ts';

const CONTESTANTS = join(import.meta.dirname, '../contestants');

/**
 * @param script of the contestants' folder
 * @param args of it
 * @returns how to run it
 */
export function nodeProgram(script: string, args: readonly string[]): Program {
  return { file: process.execPath, args: [join(CONTESTANTS, script), ...args] };
}

/**
 * @param python interpreter
 * @param script of the contestants' folder
 * @param args of it
 * @returns how to run it, with one thread where libraries look at the environment
 */
export function pythonProgram(python: string, script: string, args: readonly string[]): Program {
  const environment = {
    POLARS_MAX_THREADS: '1',
    OMP_NUM_THREADS: '1',
    ARROW_NUM_THREADS: '1',
    // Threads that wait must not take the core from those that work.
    OMP_WAIT_POLICY: 'PASSIVE',
  };
  return { file: python, args: [join(CONTESTANTS, script), ...args], environment };
}
