import { rm } from 'node:fs/promises';
import { HemlineError, InterruptedError, explained } from '@hemline/core';
import { EXIT_CODES, exitCodeFor, exitCodeText, leaveReason } from '@hemline/sagemaker';
import manifest from '../../package.json' with { type: 'json' };
import type { Telemetry } from '../telemetry/telemetry.ts';

/** The platform kills 120 s after SIGTERM: before that the process leaves by itself, saying so. */
const GRACE_MILLISECONDS = 105_000;

/** What a job takes from its process; given apart so that it can be run in a test. */
export interface JobProcess {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  /** Module that threads are started on, the one that started the job; without it there are none. */
  readonly entry?: string;
}

/**
 * The version of the code that runs: the image's build sets `HEMLINE_CODE_VERSION` (a commit), else it is the package's.
 * @param environment of the process
 * @returns the version
 */
export function codeVersion(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment['HEMLINE_CODE_VERSION'];
  if (given !== undefined && given !== '') return given;
  return manifest.version;
}

/** What an entrypoint wraps its work in. */
export interface EntrypointFrame {
  readonly telemetry: Telemetry;
  /** Where the reason of a failure belongs. */
  readonly reasonPath: string;
  /** Whether the reason tells the exit code: that of a training is followed by it anyway, that of a processing job by nothing. */
  readonly tellsExitCode: boolean;
}

/**
 * Runs the work of an entrypoint: SIGTERM and SIGINT raise the signal, a failure is logged, its reason left for the
 * platform, and the exit code set.
 * @param frame telemetry and place of the reason
 * @param work what to do
 */
export async function runEntrypoint(
  frame: EntrypointFrame,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) return;
    frame.telemetry.warn(`${name}: saving what can be saved, then leaving`);
    controller.abort(new Error(name));
    deadline = setTimeout(() => {
      frame.telemetry.error(
        `the work did not stop within ${GRACE_MILLISECONDS / 1000} s of ${name}: leaving without it`,
      );
      process.exit(EXIT_CODES.interrupted);
    }, GRACE_MILLISECONDS);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  try {
    // A root that is used again must not show the reason of an earlier start.
    await rm(frame.reasonPath, { force: true });
    await work(controller.signal);
  } catch (error) {
    // Libraries that were told to stop throw errors of their own.
    const stopped = controller.signal.aborted && !(error instanceof HemlineError);
    const told = stopped
      ? new InterruptedError('the job was asked to stop', {
          remedy: 'Start it again.',
          cause: error,
        })
      : explained(error);
    await reportFailure(frame, told);
    process.exitCode = exitCodeFor(told);
  } finally {
    clearTimeout(deadline);
    process.off('SIGTERM', stop).off('SIGINT', stop);
    frame.telemetry.close();
  }
}

/** The message of an error that was foreseen; for others the message too, with the stack in the log. */
async function reportFailure(
  { telemetry, reasonPath, tellsExitCode }: EntrypointFrame,
  error: unknown,
): Promise<void> {
  const foreseen = error instanceof HemlineError;
  const message = error instanceof Error ? error.message : String(error);
  const reason = foreseen ? message : `hemline has a defect: ${message}`;
  telemetry.error(
    reason,
    foreseen
      ? { code: error.code, retryable: error.retryable }
      : { stack: error instanceof Error ? error.stack : undefined },
  );
  const [text, end] = tellsExitCode
    ? [reason.replace(/\.$/, ''), exitCodeText(exitCodeFor(error))]
    : [reason, ''];
  await leaveReason(reasonPath, text, end).catch((cause: Error) =>
    telemetry.error(`the reason could not be left at ${reasonPath}: ${cause.message}`),
  );
}
