import {
  Duration,
  aws_events as events,
  aws_events_targets as targets,
  type aws_lambda as lambda,
  type aws_sqs as sqs,
  aws_stepfunctions as sfn,
  aws_stepfunctions_tasks as tasks,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { machineLogs, type StageLogs } from './stage-logs.ts';

/** How often it looks. */
const EVERY = Duration.minutes(15);
/** A call of a service takes seconds. */
const CALL = sfn.Timeout.duration(Duration.minutes(1));
/** Executions of a workflow that it looks at, the latest: an answer may have 256 kB. */
const MOST_RUNNING = 200;

/** What a watch works with. */
export interface WatchProps {
  readonly deployment: Deployment;
  /** By workflow. */
  readonly machines: ReadonlyMap<string, sfn.StateMachine>;
  /** The function of the small steps. */
  readonly steps: lambda.IFunction;
  /** Clock events that could not be delivered. */
  readonly deadLetters: sqs.IQueue;
  readonly logs: StageLogs;
}

/**
 * Looks for runs that are past their deadline: a state machine of the clock, which lists what is running and has it counted. A run
 * that hangs never reaches its own last step, which would tell.
 */
export class OverdueWatch extends Construct {
  readonly machine: sfn.StateMachine;

  /**
   * @param scope of the construct
   * @param id of it
   * @param props machines to watch
   */
  constructor(scope: Construct, id: string, props: WatchProps) {
    super(scope, id);
    const { deployment, machines, steps, deadLetters, logs } = props;
    const { stage, declaration } = deployment;
    const lists = [...machines].map(([workflow, { stateMachineArn }]) =>
      tasks.CallAwsService.jsonPath(this, `${workflow}: what is running`, {
        service: 'sfn',
        action: 'listExecutions',
        iamAction: 'states:ListExecutions',
        iamResources: [stateMachineArn],
        parameters: {
          StateMachineArn: stateMachineArn,
          StatusFilter: 'RUNNING',
          MaxResults: MOST_RUNNING,
        },
        resultSelector: { starts: sfn.JsonPath.listAt('$.Executions[*].StartDate') },
        resultPath: `$.${workflow}`,
        taskTimeout: CALL,
      }),
    );
    const count = new tasks.LambdaInvoke(this, 'count what is overdue', {
      lambdaFunction: steps,
      payload: sfn.TaskInput.fromObject({
        action: 'overdue',
        deadlineHours: declaration.alerts.deadlineHours,
        running: Object.fromEntries(
          [...machines.keys()].map((workflow) => [workflow, sfn.JsonPath.listAt(`$.${workflow}.starts`)]),
        ),
      }),
      outputPath: '$.Payload',
      taskTimeout: CALL,
    });
    const chain = lists.reduce<sfn.Chain | null>(
      (before, list) => (before === null ? sfn.Chain.start(list) : before.next(list)),
      null,
    )!;
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: `hemline-${stage}-watch`,
      comment: 'looks for runs that are past their deadline',
      // An execution of seconds, and of no interest once it has counted.
      stateMachineType: sfn.StateMachineType.EXPRESS,
      definitionBody: sfn.DefinitionBody.fromChainable(chain.next(count)),
      timeout: Duration.minutes(5),
      tracingEnabled: true,
      logs: {
        level: sfn.LogLevel.ALL,
        destination: logs.group(this, 'Logs', machineLogs(stage, 'watch')),
      },
    });
    new events.Rule(this, 'Clock', {
      ruleName: `hemline-${stage}-watch`,
      description: 'Looks for runs that are past their deadline',
      schedule: events.Schedule.rate(EVERY),
      targets: [
        new targets.SfnStateMachine(this.machine, {
          input: events.RuleTargetInput.fromObject({}),
          deadLetterQueue: deadLetters,
          // The next look makes up for one that is missed.
          retryAttempts: 2,
          maxEventAge: EVERY,
        }),
      ],
    });
  }
}
