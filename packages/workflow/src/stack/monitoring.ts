import {
  Duration,
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as actions,
  type aws_sns as sns,
  type aws_sqs as sqs,
  type aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { settingsOf } from '../declaration/settings.ts';
import type { MetricName } from '../functions/step-services.ts';
import type { Deployment } from './deployment.ts';

/** A run of a week has to be there within this time. */
const WEEK = Duration.days(7);
const HOUR = Duration.hours(1);

/** Alarms, and a dashboard that shows what they watch. */
export class Monitoring extends Construct {
  readonly #stage: string;
  readonly #topic: sns.ITopic;
  readonly #alarms: cloudwatch.Alarm[] = [];

  /**
   * @param scope of the construct
   * @param id of it
   * @param deployment stage, models, what is told
   * @param machines by workflow
   * @param topic that people are subscribed to
   * @param deadLetters events that started nothing
   */
  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    machines: ReadonlyMap<string, sfn.StateMachine>,
    topic: sns.ITopic,
    deadLetters: sqs.IQueue,
  ) {
    super(scope, id);
    this.#stage = deployment.stage;
    this.#topic = topic;
    const { alerts, models, workflows } = deployment.declaration;
    for (const [workflow, machine] of machines) this.#ends(workflow, machine);
    for (const { name: workflow } of workflows) {
      const about = { workflow };
      this.#alarm(
        `${workflow}-fallback`,
        `A ${workflow} run is not as it should be: an earlier model forecasts`,
        this.#metric('FallbackRuns', about),
      );
      this.#alarm(
        `${workflow}-stale`,
        `A ${workflow} run has used a model that is too old`,
        this.#metric('StaleModels', about),
      );
      this.#alarm(
        `${workflow}-deadline`,
        `A ${workflow} run will probably miss its deadline`,
        this.#metric('DeadlineAtRisk', about),
      );
      this.#alarm(
        `${workflow}-late`,
        `A ${workflow} run has missed its deadline`,
        this.#metric('MissedDeadlines', about),
      );
      this.#alarm(
        `${workflow}-untold`,
        `A ${workflow} run needs a look, and its message could not be sent: see the step "tell people" of its execution`,
        this.#metric('UntoldRuns', about),
      );
      this.#alarm(
        `${workflow}-overdue`,
        `A ${workflow} run is past its deadline and not at its end, or nobody looks: the state machine hemline-${this.#stage}-watch has not counted for an hour`,
        this.#metric('OverdueRuns', about, 'Maximum'),
        // It is counted every quarter of an hour, none too.
        { missing: cloudwatch.TreatMissingData.BREACHING },
      );
    }
    const names = models.map(settingsOf).map(({ name }) => name);
    for (const model of names)
      this.#alarm(
        `${model}-drift`,
        `The error of ${model} has grown by more than ${100 * alerts.errorDrift} %`,
        this.#metric('ErrorDrift', { model }, 'Maximum'),
        { threshold: alerts.errorDrift },
      );
    this.#alarm(
      'undelivered',
      'Data has arrived, and nothing could be started for it',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: HOUR }),
    );
    const weekly = machines.get('weekly');
    if (deployment.triggers.weekly !== undefined && weekly !== undefined) {
      this.#unstarted(weekly);
      this.#missing();
    }
    this.#dashboard(names, machines);
  }

  /** However an execution ends that does not end well: Step Functions counts each way by itself, and says nothing where there was none. */
  #ends(workflow: string, machine: sfn.StateMachine): void {
    const ofHour = { period: HOUR };
    this.#alarm(`${workflow}-failed`, `A ${workflow} run has failed`, machine.metricFailed(ofHour));
    this.#alarm(
      `${workflow}-timed-out`,
      `A ${workflow} run has been ended after its longest time`,
      machine.metricTimedOut(ofHour),
    );
    this.#alarm(
      `${workflow}-aborted`,
      `A ${workflow} run has been stopped by somebody`,
      machine.metricAborted(ofHour),
    );
    this.#alarm(
      `${workflow}-throttled`,
      `Steps of a ${workflow} run wait: the account starts too many at once`,
      machine.metricThrottled(ofHour),
    );
  }

  /** A clock that does not tick fails nothing. */
  #unstarted(weekly: sfn.StateMachine): void {
    const alarm = new cloudwatch.Alarm(this, 'weekly-unstarted', {
      alarmName: `hemline-${this.#stage}-weekly-unstarted`,
      alarmDescription: 'No weekly run has begun within the last seven days',
      metric: weekly.metricStarted({ period: Duration.days(1) }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: WEEK.toDays(),
      datapointsToAlarm: WEEK.toDays(),
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    this.#tell(alarm);
  }

  /** That nothing has gone wrong is no news when nothing has run. */
  #missing(): void {
    const ran = ['CompleteRuns', 'FallbackRuns'].map((name, i) => [
      `m${i}`,
      this.#metric(name as MetricName, { workflow: 'weekly' }, 'Sum', Duration.days(1)),
    ]);
    const alarm = new cloudwatch.Alarm(this, 'weekly-missing', {
      alarmName: `hemline-${this.#stage}-weekly-missing`,
      alarmDescription: 'There is no weekly run of the last seven days',
      metric: new cloudwatch.MathExpression({
        expression: 'FILL(m0, 0) + FILL(m1, 0)',
        usingMetrics: Object.fromEntries(ran) as Record<string, cloudwatch.IMetric>,
        period: Duration.days(1),
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: WEEK.toDays(),
      datapointsToAlarm: WEEK.toDays(),
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
    this.#tell(alarm);
  }

  #alarm(
    name: string,
    description: string,
    metric: cloudwatch.IMetric,
    { threshold = 0, missing = cloudwatch.TreatMissingData.NOT_BREACHING } = {},
  ): void {
    const alarm = new cloudwatch.Alarm(this, name, {
      alarmName: `hemline-${this.#stage}-${name}`,
      alarmDescription: description,
      metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold,
      evaluationPeriods: 1,
      treatMissingData: missing,
    });
    this.#tell(alarm);
  }

  #tell(alarm: cloudwatch.Alarm): void {
    alarm.addAlarmAction(new actions.SnsAction(this.#topic));
    this.#alarms.push(alarm);
  }

  #metric(
    metricName: MetricName,
    dimensions: Readonly<Record<string, string>>,
    statistic = 'Sum',
    period = HOUR,
  ): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'hemline',
      metricName,
      dimensionsMap: { stage: this.#stage, ...dimensions },
      statistic,
      period,
    });
  }

  #dashboard(models: readonly string[], machines: ReadonlyMap<string, sfn.StateMachine>): void {
    const runs = [...machines].flatMap(([workflow]) =>
      (['CompleteRuns', 'FallbackRuns', 'IncompleteRuns'] as const).map((name) =>
        this.#metric(name, { workflow }, 'Sum', Duration.days(1)),
      ),
    );
    new cloudwatch.Dashboard(this, 'Dashboard', {
      dashboardName: `hemline-${this.#stage}`,
      defaultInterval: Duration.days(90),
      widgets: [
        [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: this.#alarms, width: 24 })],
        [
          new cloudwatch.GraphWidget({ title: 'Runs a day', left: runs, stacked: true, width: 12 }),
          new cloudwatch.GraphWidget({
            title: 'Duration of runs',
            left: [...machines.values()].map((machine) => machine.metricTime({ statistic: 'Maximum' })),
            width: 12,
          }),
        ],
        [
          new cloudwatch.GraphWidget({
            title: 'Error on held-out weeks',
            left: models.map((model) => this.#metric('ModelError', { model }, 'Average', Duration.days(1))),
            width: 24,
          }),
        ],
      ],
    });
  }
}
