import type { Failure } from './state.ts';

/**
 * What a person wants to know of a failure: of a job's, the reason that it left, out of SageMaker's description of the job.
 * @param failure as Step Functions gives it
 * @returns one sentence
 */
export function failureReason({ Error: name, Cause: cause }: Failure): string {
  if (cause === undefined || cause === '') return name;
  try {
    const told = JSON.parse(cause) as Record<string, unknown>;
    const reason = told['FailureReason'] ?? told['ExitMessage'] ?? told['errorMessage'] ?? told['message'];
    if (typeof reason === 'string' && reason !== '') return reason.trim();
  } catch {
    // Plain text, then.
  }
  return `${name}: ${cause}`;
}
