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
