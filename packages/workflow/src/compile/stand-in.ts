import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { APPROVED, type WorkflowStep } from '../declaration/steps.ts';
import { CAUGHT, tryAgain } from './try-again.ts';

/**
 * @param step of a workflow
 * @returns whether the approved version before may do it where the one that was chosen fails
 */
export function hasStandIn(step: WorkflowStep): boolean {
  return step.kind === 'forecast' && step.model === APPROVED;
}

/**
 * @param step name
 * @returns name under which the attempts of its stand-in are counted; no step has one with an underscore
 */
export function standInTries(step: string): string {
  return `${step}_standIn`;
}

/**
 * Lets the approved version before do what the chosen one has failed to do, where there is one. The first failure is kept in the step's
 * result, beside what the stand-in gives: `failure` and `standIn`.
 * @param scope of the states
 * @param task that fails
 * @param standIn the same with the version before
 * @param options `step`: its name; `retries`: how often the stand-in is started again; `failed`: what follows the last failure of a task
 * @returns what follows the failure of the task
 */
export function orStandIn(
  scope: Construct,
  task: sfn.TaskStateBase,
  standIn: sfn.TaskStateBase,
  {
    step,
    retries,
    failed,
  }: {
    readonly step: string;
    readonly retries: number;
    readonly failed: (task: sfn.TaskStateBase) => sfn.IChainable;
  },
): sfn.IChainable {
  const keep = new sfn.Pass(scope, `${task.id}: the version before stands in`, {
    inputPath: CAUGHT,
    resultPath: `$.${step}.failure`,
  });
  keep.next(standIn);
  tryAgain(scope, standIn, { step: standInTries(step), retries, failed: failed(standIn) });
  return new sfn.Choice(scope, `${task.id}: a version before?`)
    .when(sfn.Condition.isNull('$.plan.standIn'), failed(task))
    .otherwise(keep);
}
