import type { Failure } from './state.ts';
import type { StepServices } from './step-services.ts';

/** A message of a run that could not be sent. */
export interface UntoldRequest {
  readonly workflow: string;
  /** Why. */
  readonly failure: Failure;
}

/**
 * Notes that people were not told of a run that needs a look: another way to tell them is set on the metric.
 * @param request of the state machine
 * @param services of the place
 * @returns the failure, for whoever reads the execution
 */
export function untold(
  { workflow, failure }: UntoldRequest,
  { metric }: Pick<StepServices, 'metric'>,
): Failure {
  metric('UntoldRuns', 1, { workflow });
  return failure;
}
