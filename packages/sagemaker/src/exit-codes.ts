import { HemlineError } from '@hemline/core';

/** How an entrypoint ends. Only 75 and 143 are worth starting the same job again for. */
export const EXIT_CODES = {
  ok: 0,
  /** Arguments of the command line. */
  usage: 2,
  /** Data, hyperparameters or configuration are wrong: the same job fails again (sysexits EX_DATAERR). */
  input: 65,
  /** A defect of hemline (sysexits EX_SOFTWARE). */
  internal: 70,
  /** The platform failed in a way that may pass (sysexits EX_TEMPFAIL). */
  retryable: 75,
  /** The platform lacks something that it needs, such as a native library (sysexits EX_CONFIG). */
  platform: 78,
  /** Stopped by SIGTERM or SIGINT, after saving what could be saved. */
  interrupted: 143,
} as const;

/**
 * The exit code of an error.
 * @param error anything thrown
 * @returns one of {@link EXIT_CODES}
 */
export function exitCodeFor(error: unknown): number {
  if (!(error instanceof HemlineError)) return EXIT_CODES.internal;
  if (error.blame === 'interrupted') return EXIT_CODES.interrupted;
  if (error.retryable) return EXIT_CODES.retryable;
  if (error.blame === 'input') return EXIT_CODES.input;
  return error.blame === 'platform' ? EXIT_CODES.platform : EXIT_CODES.internal;
}

/**
 * How a reason ends that tells the exit code: as SageMaker ends that of a training. Workflows look for it to see whether to start a job
 * again.
 * @param code of the process
 * @returns text that follows a reason
 */
export function exitCodeText(code: number): string {
  return `, exit code: ${code}`;
}
