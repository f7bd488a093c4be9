import { EXIT_CODES } from '@hemline/sagemaker';
import type { Failure } from './state.ts';

/** Exit codes after which the same job fails again: a wrong input, a defect, an engine that is missing. */
export const FINAL_EXIT_CODES = [
  EXIT_CODES.usage,
  EXIT_CODES.input,
  EXIT_CODES.internal,
  EXIT_CODES.platform,
] as const;

/**
 * Whether a job that failed would fail again, by the exit code that its reason tells. One that was killed, timed out or was not started for
 * want of machines tells none.
 * @param failure as Step Functions gives it
 * @returns whether it is for good
 */
export function isFinalFailure({ Cause: cause = '' }: Failure): boolean {
  const codes = [...cause.matchAll(/exit code: (\d+)/g)].map(([, code]) => Number(code));
  return codes.some((code) => (FINAL_EXIT_CODES as readonly number[]).includes(code));
}
