import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  copyInput,
  JobRunner,
  TaskFailed,
  type Container,
  type ContainerEngine,
  type RunningContainer,
} from '@hemline/sagemaker/run';
import type { ContainerProgram } from '../container/container-program.ts';
import { ImageTestError } from './image-test-error.ts';
import { stepRequest, type JobStep, type StepJobs } from './job-steps.ts';

/** Lines of a log that an error shows. */
const SHOWN_LINES = 3;

/**
 * Runs the jobs of a test, one after the other, each on a root of its own with a copy of its data.
 * @param steps in the order in which they need each other
 * @param jobs what they have in common
 * @param engine that runs them
 * @throws ImageTestError for the first that fails
 */
export async function runSteps(
  steps: readonly JobStep[],
  jobs: StepJobs,
  engine: ContainerEngine,
): Promise<void> {
  const runner = new JobRunner({ engine, place: copyInput, leavesOutputs: true });
  for (const step of steps) {
    try {
      await runner.run(stepRequest(step, jobs), join(jobs.folder, step.program));
    } catch (error) {
      if (!(error instanceof TaskFailed) || error.end === null) throw error;
      const { how, log } = error.end;
      const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-SHOWN_LINES);
      throw new ImageTestError(`${step.program} failed in ${jobs.folder}`, {
        expected: 'exit code 0',
        found: `${how}: ${lines.join(' | ')}`,
        cause: error,
      });
    }
  }
}

/** Runs jobs as containers that may do nothing but what the platform lets them: read-only, without a network, as some user. */
export class StrictEngine implements ContainerEngine {
  readonly name: string;
  readonly #program: ContainerProgram;
  readonly #user: number;

  /**
   * @param program docker or buildah
   * @param user and group, as a number
   */
  constructor(program: ContainerProgram, user: number) {
    this.name = program.name;
    this.#program = program;
    this.#user = user;
  }

  start(container: Container, onLine: (line: string) => void): RunningContainer {
    const { image: reference, command, root, environment } = container;
    openToAll(root);
    const running = this.#program.run({ reference, command, root, user: this.#user, environment });
    return {
      // A job of a test has no deadline, and nobody to stop it.
      kill: () => undefined,
      ended: running.then(({ code, output, complaint }) => {
        for (const line of `${output}${complaint}`.split('\n')) onLine(line);
        return { code, signal: null };
      }),
    };
  }

  endOrphans(): Promise<number> {
    return Promise.resolve(0);
  }
}

/** Whichever user a container runs as may write, as on the platform. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o777);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else chmodSync(path, 0o666);
  }
}
