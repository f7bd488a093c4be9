import { HemlineError, type Blame } from '@hemline/core';
import { exitCodeFor, EXIT_CODES } from '@hemline/sagemaker';

/** Messages printed in full; the log has them all. */
const MESSAGES = 5;

/** A partition that could not be forecast. */
export interface PartitionFailure {
  readonly partition: string;
  readonly error: Error;
}

/** Partitions that failed; what is to blame is the gravest of their errors. */
export class PartitionsError extends HemlineError {
  override readonly code: string = 'PARTITIONS';
  override readonly blame: Blame;

  /**
   * @param failures at least one
   * @param total partitions that were to be forecast
   */
  constructor(failures: readonly PartitionFailure[], total: number) {
    const sorted = failures.toSorted((a, b) => (a.partition < b.partition ? -1 : 1));
    const more = sorted.slice(MESSAGES).map(({ partition }) => partition);
    const gravest = sorted.toSorted((a, b) => gravity(b.error) - gravity(a.error))[0]!.error;
    const named = sorted
      .slice(0, MESSAGES)
      .map(({ partition, error }) => `${partition}: ${error.message}`)
      .join(' | ');
    super(`${failures.length} of ${total} partitions failed; the others are committed`, {
      found: more.length === 0 ? named : `${named} | likewise ${more.join(', ')}`,
      remedy: 'Mend these and start the job again: it skips what is committed.',
      cause: gravest,
    });
    this.blame = gravest instanceof HemlineError ? gravest.blame : 'internal';
  }
}

/** A thread ended in the middle of its work. */
export class ThreadEndedError extends HemlineError {
  override readonly code: string = 'THREAD';
  override readonly blame: Blame;

  /**
   * @param during what it was at, a partition's name or null while it prepared itself
   * @param cause the error that ended it; undefined when it ended by itself
   * @param exitCode of the thread
   */
  constructor(during: string | null, cause: Error | undefined, exitCode: number) {
    const outOfMemory = (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    const at = during === null ? 'before its first partition' : 'while it forecast a partition';
    super(outOfMemory ? `a thread ran out of memory ${at}` : `a thread ended ${at}`, {
      found: outOfMemory ? undefined : (cause?.message ?? `process.exit(${exitCode})`).replace(/\.$/, ''),
      where: during === null ? {} : { partition: during },
      remedy: outOfMemory
        ? 'Start the job with fewer threads, smaller --batch-rows, a larger heap (--max-old-space-size), or on a larger instance.'
        : 'This is a defect of the model, or of a library that it uses: neither may end the process.',
      cause,
    });
    this.blame = outOfMemory ? 'platform' : 'internal';
  }
}

/**
 * Whether an error ends the whole job at once: what fails for one partition would fail for all, or must not go on.
 * @param error of a partition
 * @returns whether it does
 */
export function endsJob(error: unknown): boolean {
  return error instanceof HemlineError && (error.retryable || error.code === 'CONFLICT');
}

/** A platform that lacks something comes before a defect, a defect before bad data. */
function gravity(error: Error): number {
  return [EXIT_CODES.input, EXIT_CODES.internal, EXIT_CODES.platform].indexOf(
    exitCodeFor(error) as typeof EXIT_CODES.input,
  );
}
