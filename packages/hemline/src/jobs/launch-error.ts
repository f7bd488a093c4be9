import { HemlineError } from '@hemline/core';
import { EXIT_CODES } from '@hemline/sagemaker';
import type { JobStatus } from '@hemline/sagemaker/submit';

/** Codes that an entrypoint ends with; the platform tells them within its reason. */
const OF_ENTRYPOINT: readonly number[] = [
  EXIT_CODES.input,
  EXIT_CODES.internal,
  EXIT_CODES.retryable,
  EXIT_CODES.platform,
  EXIT_CODES.interrupted,
];

/** A job on SageMaker ended otherwise than complete. */
export class LaunchError extends HemlineError {
  override readonly code: string = 'JOB';
  /** That of the entrypoint where the platform tells it, else what comes nearest. */
  readonly exitCode: number;

  /** @param status of the job at its end */
  constructor(status: JobStatus) {
    const { kind, name, reason } = status;
    super(
      `${name} ${status.status === 'Stopped' ? 'was stopped' : 'failed'}${isTooLong(status) ? ': its time was up' : ''}`,
      {
        ...(reason === null ? {} : { found: reason.trim().replace(/\.$/, '') }),
        remedy: isTooLong(status)
          ? 'Give it more with --hours; a training on spare capacity resumes from its checkpoints.'
          : `Its log: hemline launch follow ${kind} ${name}`,
      },
    );
    this.exitCode = exitCodeOf(status);
  }
}

function exitCodeOf(status: JobStatus): number {
  if (isTooLong(status)) return EXIT_CODES.input;
  if (status.status === 'Stopped') return EXIT_CODES.interrupted;
  const reason = status.reason ?? '';
  const told = Number(/exit code:? (\d+)/i.exec(reason)?.[1]);
  if (OF_ENTRYPOINT.includes(told)) return told;
  // What the platform did wrong may pass.
  return /^(CapacityError|InternalServerError|ThrottlingError)/.test(reason)
    ? EXIT_CODES.retryable
    : EXIT_CODES.internal;
}

function isTooLong({ phase }: JobStatus): boolean {
  return phase === 'MaxRuntimeExceeded' || phase === 'MaxWaitTimeExceeded';
}
