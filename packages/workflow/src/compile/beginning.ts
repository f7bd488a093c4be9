import { Duration, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks } from 'aws-cdk-lib';
import { smallStep, type Frame } from './frame.ts';
import { at } from './paths.ts';

/** How often an execution looks whether the one that it waits for is over. */
const LOOK = Duration.minutes(5);
/** Where a look says how the other one stands. */
const STANDS = '$.waitsFor.stands';

/**
 * The states before the work: the execution is named and claimed, so that two arrivals of the same data give one run; and where another
 * is at the same work, it waits for that one.
 * @param frame of the workflow
 * @param works whether its work is its own, and not that of the workflows that it starts
 * @param next makes what follows
 * @returns the first state
 */
export function beginning(frame: Frame, works: boolean, next: () => sfn.IChainable): sfn.IChainable {
  const { scope, workflow, declaration } = frame;
  const payload = {
    action: 'begin',
    workflow,
    execution: at('$$.Execution.Id'),
    input: at('$'),
    defaults: declaration.parameters,
    alerts: declaration.alerts,
    works,
  };
  const begin = smallStep(frame, 'begin', payload);
  const first = new sfn.Choice(scope, 'first to claim it?').when(
    sfn.Condition.booleanEquals('$.claimed', true),
    next(),
  );
  begin.next(first);
  const nothing = new sfn.Succeed(scope, 'another run has it', { comment: 'the same data arrived twice' });
  if (!works) {
    first.otherwise(nothing);
    return begin;
  }
  const again = smallStep(frame, 'begin after the other', payload);
  again.next(first);
  first.when(sfn.Condition.isPresent('$.waitsFor'), waiting(frame, again)).otherwise(nothing);
  return begin;
}

/** Looks every few minutes how the other execution stands, until it is over. */
function waiting({ scope, platform }: Frame, over: sfn.IChainable): sfn.IChainable {
  const look = tasks.CallAwsService.jsonPath(scope, 'is the other under way?', {
    service: 'sfn',
    action: 'describeExecution',
    iamAction: 'states:DescribeExecution',
    iamResources: [platform.executions],
    parameters: { ExecutionArn: at('$.waitsFor.execution') },
    resultSelector: { status: at('$.Status') },
    resultPath: STANDS,
    taskTimeout: sfn.Timeout.duration(Duration.minutes(1)),
  });
  look.addRetry({ errors: [sfn.Errors.ALL], maxAttempts: 5, backoffRate: 3 });
  // Of one that nobody knows any more: better done twice than never.
  look.addCatch(over, { resultPath: STANDS });
  const wait = new sfn.Wait(scope, 'wait for the other', { time: sfn.WaitTime.duration(LOOK) });
  wait.next(look);
  look.next(
    new sfn.Choice(scope, 'over?')
      .when(
        sfn.Condition.or(
          sfn.Condition.stringEquals(`${STANDS}.status`, 'RUNNING'),
          sfn.Condition.stringEquals(`${STANDS}.status`, 'PENDING_REDRIVE'),
        ),
        wait,
      )
      .otherwise(over),
  );
  return look;
}
