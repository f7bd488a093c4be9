import { createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootPaths } from '../container/root.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { parseTelemetryLine, type TelemetryLine } from '../telemetry/telemetry-lines.ts';
import type { Container, ContainerEngine } from './container-engine.ts';
import type { JobEnd } from './task-failed.ts';

/** The platform kills this long after it has asked a job to stop. */
const GRACE_MILLISECONDS = 120_000;
/** A timer takes no more, which is 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** How a container is run. */
export interface RunOptions {
  /** Longest time that it may run. */
  readonly seconds: number;
  /** Stops it when it is raised. */
  readonly signal?: AbortSignal;
  /** Takes what the lines say that it prints. */
  readonly onTold: (told: TelemetryLine) => void;
}

/**
 * Runs one container of a job to its end, keeping what it prints in `job.log` of its root.
 * @param engine that runs it
 * @param container on a root that is laid out
 * @param options deadline, signal, listener
 * @returns null when it went well, else how it ended
 * @throws what the listener threw, when the container has ended
 */
export async function runContainer(
  engine: ContainerEngine,
  container: Container,
  { seconds, signal, onTold }: RunOptions,
): Promise<JobEnd | null> {
  const { root } = container;
  mkdirSync(root, { recursive: true });
  const file = join(root, 'job.log');
  const log = createWriteStream(file, { flags: 'a' });
  try {
    // A listener that throws ends the job with its error, which nobody could catch where lines come in.
    const broken: unknown[] = [];
    const running = engine.start(container, (line) => {
      log.write(`${line}\n`);
      const told = parseTelemetryLine(line);
      if (told === null || broken.length > 0) return;
      try {
        onTold(told);
      } catch (error) {
        broken.push(error);
        stop();
      }
    });
    const timers: NodeJS.Timeout[] = [];
    let isLate = false;
    const stop = (): void => {
      running.kill('SIGTERM');
      timers.push(setTimeout(() => running.kill('SIGKILL'), GRACE_MILLISECONDS));
    };
    const giveUp = (): void => {
      isLate = true;
      stop();
    };
    timers.push(setTimeout(giveUp, Math.min(seconds * 1000, LONGEST_TIMER)));
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true) stop();
    const { code, signal: by } = await running.ended.finally(() => {
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
    if (broken.length > 0) throw broken[0];
    if (code === 0) return null;
    const ended = code === null ? `it was ended by ${by}` : `exit code: ${code}`;
    return {
      exitCode: code ?? (by === 'SIGTERM' ? EXIT_CODES.interrupted : EXIT_CODES.internal),
      reason: readReason(root),
      how: isLate ? `it was stopped after ${seconds} s, the longest that it may run` : ended,
      log: file,
    };
  } finally {
    await new Promise((resolve) => log.end(resolve));
  }
}

/** Trainings leave their reason as a failure, processing jobs as a message; not every way to die leaves one. */
function readReason(root: string): string | null {
  const { failure, message } = rootPaths({ SAGEMAKER_BASE_DIR: root });
  const file = [failure, message].find((each) => existsSync(each));
  return (
    (file === undefined
      ? ''
      : readFileSync(file, 'utf8')
          .trim()
          .replace(/\.?(, exit code: \d+)?$/, '')) || null
  );
}
