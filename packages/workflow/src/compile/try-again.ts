import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FINAL_EXIT_CODES } from '../functions/final-failure.ts';
import { at } from './paths.ts';

/** Where a failure of a job is put before it is known whether it is the last. */
export const CAUGHT = '$.caught';

/**
 * @param steps names of jobs
 * @returns how often each has been started again, at first
 */
export function noTries(steps: readonly string[]): Record<string, { readonly count: number }> {
  return Object.fromEntries(steps.map((step) => [step, { count: 0 }]));
}

/**
 * Whether a job's description, as the cause of its failure, tells one of the exit codes after which it would fail again. Of a training
 * SageMaker writes `AlgorithmError: …, exit code: 65`; of a processing job it hands on the message that the container left, which ends
 * alike. A job that was killed tells none of them. A code of one digit also begins others, so the quote that ends the text goes with it.
 * @param path of the failure, with `Cause`
 * @returns the condition
 */
function isFinal(path: string): sfn.Condition {
  const cause = `${path}.Cause`;
  return sfn.Condition.and(
    sfn.Condition.isPresent(cause),
    sfn.Condition.or(
      ...FINAL_EXIT_CODES.map((code) =>
        sfn.Condition.stringMatches(cause, `*exit code: ${code}${code < 10 ? '"' : ''}*`),
      ),
    ),
  );
}

/**
 * Starts a job again that failed for a reason that may pass, and goes on to `failed` where it may not, or has been tried often enough.
 * A state machine's Retry cannot do it: it sees the error's name, which is the same for all that befalls a job.
 * @param scope of the states
 * @param task of the job
 * @param options `step`: its name in `$.tries`; `retries`: how often; `failed`: what follows the last failure, which it finds in
 * `$.caught`
 */
export function tryAgain(
  scope: Construct,
  task: sfn.TaskStateBase,
  {
    step,
    retries,
    failed,
  }: { readonly step: string; readonly retries: number; readonly failed: sfn.IChainable },
): void {
  const tries = `$.tries.${step}`;
  const again = new sfn.Pass(scope, `${task.id}: again`, {
    parameters: { count: sfn.JsonPath.mathAdd(sfn.JsonPath.numberAt(`${tries}.count`), 1) },
    resultPath: tries,
  });
  again.next(task);
  const decide = new sfn.Choice(scope, `${task.id}: for good?`)
    .when(
      sfn.Condition.or(sfn.Condition.numberGreaterThanEquals(`${tries}.count`, retries), isFinal(CAUGHT)),
      failed,
    )
    .when(sfn.Condition.stringEquals(`${CAUGHT}.Error`, sfn.Errors.TASKS_FAILED), again)
    .otherwise(failed);
  task.addCatch(decide, { resultPath: CAUGHT });
}

/**
 * Keeps what was caught as the branch's failure, and goes on.
 * @param scope of the state
 * @param id name of the state
 * @param next what follows
 * @returns the state
 */
export function keepFailure(scope: Construct, id: string, next: sfn.IChainable): sfn.IChainable {
  return new sfn.Pass(scope, id, { inputPath: CAUGHT, resultPath: '$.failure' }).next(next);
}

/**
 * Fails as the job did: for a job beside others, whose failure is caught where they come together.
 * @param scope of the state
 * @param id name of the state
 * @returns the state
 */
export function failAlike(scope: Construct, id: string): sfn.Fail {
  return new sfn.Fail(scope, id, { errorPath: at(`${CAUGHT}.Error`), causePath: at(`${CAUGHT}.Cause`) });
}
