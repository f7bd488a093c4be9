import { availableParallelism, freemem } from 'node:os';

/** Memory that a job is counted with. */
const JOB_BYTES = 1.5 * 2 ** 30;
/** More at once gain little: most jobs use several cores themselves. */
const MOST_JOBS = 4;

/**
 * @returns jobs that cores and free memory of this machine bear at once
 */
export function jobsOfMachine(): number {
  return Math.max(1, Math.min(MOST_JOBS, availableParallelism(), Math.floor(freemem() / JOB_BYTES)));
}
