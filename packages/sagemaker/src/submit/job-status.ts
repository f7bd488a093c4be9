import type { LaunchKind } from '../requests/job-request.ts';

/** Where a job stands. */
export interface JobStatus {
  readonly kind: LaunchKind;
  readonly name: string;
  readonly status: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  /** Finer, of a training: `Downloading`, `Training`, `MaxRuntimeExceeded`, … */
  readonly phase: string | null;
  /** Why it failed, in the platform's words, or the job's own. */
  readonly reason: string | null;
  readonly billableSeconds: number | null;
  /** Of a training that is complete: its `model.tar.gz`. */
  readonly artifact: string | null;
  /** Last values that the platform read from the log of a training. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * @param status of a job
 * @returns whether it can change no more
 */
export function hasEnded({ status }: JobStatus): boolean {
  return ['Completed', 'Failed', 'Stopped'].includes(status);
}
