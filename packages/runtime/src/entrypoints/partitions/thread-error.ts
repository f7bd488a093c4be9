import { HemlineError, type Blame } from '@hemline/core';

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
