import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { HemlineError, InterruptedError, type ProgressEvent } from '@hemline/core';
import { EXIT_CODES, parseTelemetryLine } from '@hemline/sagemaker';
import { modelPackage } from '../workspace.ts';

/** A job to start as a process of its own, exactly as a container would be. */
export interface EntrypointJob {
  readonly model: string;
  /** Module to start in place of the model's own. */
  readonly script?: string;
  readonly entrypoint: 'train' | 'process';
  /** Fabricated root; the job's log is written to `<root>/job.log`. */
  readonly root: string;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly onMetric?: (name: string, value: number) => void;
  /** Told the most memory that the process has had so far. */
  readonly onMemory?: (peakBytes: number) => void;
}

/** A job ended with another exit code than 0. */
export class JobError extends HemlineError {
  override readonly code: string = 'JOB';
  /** As the entrypoint gave it. */
  readonly exitCode: number;

  /**
   * @param job what was started
   * @param exitCode as the process gave it
   * @param reason the failure file's text
   */
  constructor(job: EntrypointJob, exitCode: number, reason: string) {
    super(`${job.entrypoint} of ${job.model} failed: ${reason.trim().replace(/\.$/, '')}`, {
      remedy: `Its log: ${join(job.root, 'job.log')}`,
    });
    this.exitCode = exitCode;
  }
}

/**
 * Runs an entrypoint to its end.
 * @param job what to start
 * @returns the metrics it printed, by name
 * @throws JobError with the reason from the job's failure file
 * @throws InterruptedError when the signal ended it
 */
export async function runEntrypoint(job: EntrypointJob): Promise<Record<string, number>> {
  const script = job.script ?? join(modelPackage(job.model).directory, 'src', `${job.entrypoint}.ts`);
  const child = spawn(process.execPath, [script, ...(job.arguments ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...job.environment, SAGEMAKER_BASE_DIR: job.root, HEMLINE_PROGRESS: 'json' },
  });
  const log = createWriteStream(join(job.root, 'job.log'), { flags: 'a' });
  const metrics: Record<string, number> = {};
  const take = (line: string): void => {
    log.write(`${line}\n`);
    const told = parseTelemetryLine(line);
    if (told?.kind === 'progress') job.onProgress?.(told.event);
    if (told?.kind === 'metric') {
      metrics[told.name] = told.value;
      job.onMetric?.(told.name, told.value);
    } else if (told?.peakMemoryBytes !== undefined) job.onMemory?.(told.peakMemoryBytes);
  };
  const streams = [child.stdout, child.stderr].map((input) => createInterface({ input }).on('line', take));
  const stop = (): void => void child.kill('SIGTERM');
  job.signal?.addEventListener('abort', stop, { once: true });
  try {
    if (job.signal?.aborted) stop();
    const [exitCode] = await Promise.all([
      new Promise<number>((resolve, reject) =>
        child
          .on('error', reject)
          .on('close', (code, signal) =>
            resolve(code ?? (signal === 'SIGTERM' ? EXIT_CODES.interrupted : EXIT_CODES.internal)),
          ),
      ),
      ...streams.map((stream) => new Promise((resolve) => stream.on('close', resolve))),
    ]);
    if (exitCode === EXIT_CODES.interrupted)
      throw new InterruptedError(`${job.entrypoint} of ${job.model} was stopped`, {
        remedy: 'Start it again to go on.',
      });
    if (exitCode !== 0) throw new JobError(job, exitCode, failureReason(job.root));
    return metrics;
  } finally {
    job.signal?.removeEventListener('abort', stop);
    await new Promise((resolve) => log.end(resolve));
  }
}

function failureReason(root: string): string {
  for (const name of ['failure', 'message']) {
    try {
      return readFileSync(join(root, 'output', name), 'utf8');
    } catch {
      // Not every way to die leaves a reason: the next place, then the log.
    }
  }
  return 'it left no reason';
}
