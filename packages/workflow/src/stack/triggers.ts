import {
  aws_events as events,
  aws_events_targets as targets,
  aws_sqs as sqs,
  Duration,
  type aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Storage } from './storage.ts';

/** Key prefix of the data that a workflow waits for; below `weekly/` it waits for the clock, which takes the newest of all. */
export const ARRIVALS = { training: 'training/', inference: 'inference/', weekly: 'weekly/' } as const;

/** What starts a workflow by itself: `_SUCCESS` objects, and the clock. */
export class Triggers extends Construct {
  /** Events that no execution could be started for. */
  readonly deadLetters: sqs.Queue;

  /**
   * @param scope of the construct
   * @param id of it
   * @param deployment which triggers there are
   * @param storage the bucket that data arrives in
   * @param machines by workflow
   */
  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    storage: Storage,
    machines: ReadonlyMap<string, sfn.StateMachine>,
  ) {
    super(scope, id);
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', {
      encryption: sqs.QueueEncryption.KMS,
      encryptionMasterKey: storage.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const { triggers, stage } = deployment;
    for (const [workflow, isOn] of [
      ['training', triggers.onTrainingData],
      ['inference', triggers.onInferenceData],
    ] as const) {
      const machine = machines.get(workflow);
      if (!isOn || machine === undefined) continue;
      new events.Rule(this, `On-${workflow}-data`, {
        ruleName: `hemline-${stage}-${workflow}-data`,
        description: `Data for ${workflow} is complete`,
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: {
            bucket: { name: [storage.data.bucketName] },
            // A folder that has arrived ends with this object: nothing before it is read.
            object: { key: [{ wildcard: `${ARRIVALS[workflow]}*/_SUCCESS` }] },
          },
        },
        targets: [this.#target(machine)],
      });
    }
    const weekly = machines.get('weekly');
    if (triggers.weekly !== undefined && weekly !== undefined)
      new events.Rule(this, 'Weekly', {
        ruleName: `hemline-${stage}-weekly`,
        description: 'The week begins, on the newest delivery that is complete',
        schedule: events.Schedule.cron(triggers.weekly),
        targets: [
          this.#target(
            weekly,
            events.RuleTargetInput.fromObject({
              newestOf: Object.values(ARRIVALS).map((prefix) => `s3://${storage.data.bucketName}/${prefix}`),
            }),
          ),
        ],
      });
  }

  #target(machine: sfn.StateMachine, input?: events.RuleTargetInput): targets.SfnStateMachine {
    return new targets.SfnStateMachine(machine, {
      deadLetterQueue: this.deadLetters,
      retryAttempts: 20,
      maxEventAge: Duration.hours(6),
      ...(input === undefined ? {} : { input }),
    });
  }
}
