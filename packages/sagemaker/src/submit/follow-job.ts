import { setTimeout as pause } from 'node:timers/promises';
import { HemlineError } from '@hemline/core';
import type { LogLine, JobLogs } from './job-logs.ts';
import type { LaunchKind } from '../requests/job-request.ts';
import { hasEnded, type JobStatus } from './job-status.ts';
import type { SageMakerJobs } from './sagemaker-jobs.ts';

/** How a job is followed. */
export interface FollowOptions {
  /** Raised when the person wants to leave; the job goes on. */
  readonly signal: AbortSignal;
  /** Between two looks. */
  readonly pollMilliseconds: number;
  readonly onStatus: (status: JobStatus) => void;
  readonly onLine: (line: LogLine) => void;
  /** A look that failed for a reason that may pass; the next one follows. */
  readonly onFailure: (error: HemlineError) => void;
}

/** Looks that may fail in a row: a laptop that slept, a line that is down. */
const MOST_FAILURES = 60;

/** Lines come some seconds after they are printed: so many looks without a new one after the end, then there are no more. */
const QUIET_LOOKS = 2;

/**
 * Follows a job to its end: every change of its status, every line that it prints.
 * @param jobs of SageMaker
 * @param logs of the job; null where nobody reads what it prints
 * @param job kind and name
 * @param options signal, pace, listeners
 * @returns the status at its end; null when the signal was raised before
 * @throws HemlineError when it cannot be followed: at once where that cannot pass, else after many looks
 */
export async function followJob(
  jobs: Pick<SageMakerJobs, 'describe'>,
  logs: Pick<JobLogs, 'read'> | null,
  job: { readonly kind: LaunchKind; readonly name: string },
  options: FollowOptions,
): Promise<JobStatus | null> {
  const { signal, pollMilliseconds, onStatus, onLine, onFailure } = options;
  let told = '';
  for (let quiet = 0, failures = 0; !signal.aborted;) {
    try {
      const status = await jobs.describe(job.kind, job.name);
      const now = `${status.status} ${status.phase}`;
      if (now !== told) onStatus(status);
      told = now;
      if (logs === null && hasEnded(status)) return status;
      const lines = (await logs?.read()) ?? [];
      for (const line of lines) onLine(line);
      failures = 0;
      if (hasEnded(status)) {
        quiet = lines.length === 0 ? quiet + 1 : 0;
        if (quiet >= QUIET_LOOKS) return status;
      }
    } catch (error) {
      if (!(error instanceof HemlineError) || !error.retryable || ++failures > MOST_FAILURES) throw error;
      onFailure(error);
    }
    await pause(pollMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/**
 * Tells a job to stop; one that has ended meanwhile is left as it is.
 * @param sageMaker where it runs
 * @param sageMaker.jobs of it
 * @param kind of the job
 * @param name of it
 */
export async function stopJob(
  { jobs }: { readonly jobs: Pick<SageMakerJobs, 'describe' | 'stop'> },
  kind: LaunchKind,
  name: string,
): Promise<void> {
  try {
    await jobs.stop(kind, name);
  } catch (error) {
    if (!hasEnded(await jobs.describe(kind, name))) throw error;
  }
}
