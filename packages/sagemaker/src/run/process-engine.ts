import { spawn } from 'node:child_process';
import { sep } from 'node:path';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@hemline/core';
import type { Container, ContainerEngine, RunningContainer } from './container-engine.ts';
import { processesMarked, signalProcess } from './marked-processes.ts';

/** What stands for an image where there is no container: a program, and what its environment adds. */
export interface LocalProgram {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Milliseconds that an orphan is given to be gone after SIGKILL. */
const PATIENCE = 10_000;

/** Runs each container as a child process on its root, which moves by `SAGEMAKER_BASE_DIR`. */
export class ProcessEngine implements ContainerEngine {
  readonly name = 'process';
  readonly #programOf: (image: string, entrypoint: string) => LocalProgram | null;

  /** @param programOf what an image's entrypoint is on this machine; null for an image that is not known */
  constructor(programOf: (image: string, entrypoint: string) => LocalProgram | null) {
    this.#programOf = programOf;
  }

  start(container: Container, onLine: (line: string) => void): RunningContainer {
    const [entrypoint, ...texts] = container.command;
    const found = this.#programOf(container.image, entrypoint!);
    if (found === null)
      throw new ConfigurationError('no program on this machine stands for an image', {
        expected: 'the image of a model of the workspace',
        found: `${container.image}, entrypoint ${entrypoint}`,
        remedy: 'Run it with --engine docker or --engine buildah.',
      });
    const child = spawn(found.program, [...found.arguments, ...texts], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...found.environment,
        ...container.environment,
        SAGEMAKER_BASE_DIR: container.root,
      },
    });
    const closed = [child.stdout, child.stderr].map(
      (input) =>
        new Promise<void>((resolve) => createInterface({ input }).on('line', onLine).on('close', resolve)),
    );
    const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) =>
      child.on('error', reject).on('close', (code, signal) => resolve({ code, signal })),
    );
    return {
      kill: (signal) => void child.kill(signal),
      ended: ended.then(async (how) => {
        await Promise.all(closed);
        return how;
      }),
    };
  }

  /**
   * Processes carry their root in their environment, so that those of an executor that was killed can be found; where there is
   * no `/proc`, they are left to end by themselves.
   */
  async endOrphans(folder: string): Promise<number> {
    const orphans = processesBelow(folder);
    for (const pid of orphans) signalProcess(pid, 'SIGKILL');
    const deadline = Date.now() + PATIENCE;
    while (processesBelow(folder).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return orphans.length;
  }
}

function processesBelow(folder: string): number[] {
  return processesMarked('SAGEMAKER_BASE_DIR', (root) => root.startsWith(`${folder}${sep}`));
}
