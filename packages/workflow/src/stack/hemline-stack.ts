import {
  ArnFormat,
  Stack,
  Tags,
  type aws_lambda as lambda,
  aws_iam as iam,
  aws_sagemaker as sagemaker,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
  aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { LONGEST_RUN, compileChain } from '../compile/compile-chain.ts';
import { compileModels } from '../compile/compile-models.ts';
import type { Platform } from '../compile/platform.ts';
import { settingsOf } from '../declaration/settings.ts';
import { checkDeclaration } from '../lint/lint-declaration.ts';
import { modelsAtOnceOf, type Deployment } from './deployment.ts';
import { Images } from './images.ts';
import { JobRoles } from './job-roles.ts';
import { OverdueWatch } from './overdue-watch.ts';
import { StageLogs, machineLogs } from './stage-logs.ts';
import { StepFunction, registryPrefix } from './step-function.ts';
import { Monitoring } from './monitoring.ts';
import { storedMachine } from './stored-machine.ts';
import { Storage } from './storage.ts';
import { Triggers } from './triggers.ts';

/** Everything that one stage of hemline needs in AWS. */
export class HemlineStack extends Stack {
  readonly storage: Storage;
  readonly topic: sns.Topic;
  /** By name of the workflow. */
  readonly machines: ReadonlyMap<string, sfn.StateMachine>;

  /**
   * @param scope the app
   * @param id name of the stack
   * @param deployment what differs between stages
   * @param code bundle of the function of small steps
   */
  constructor(scope: Construct, id: string, deployment: Deployment, code: lambda.Code) {
    super(scope, id, {
      env: { account: deployment.account, region: deployment.region },
      description: `hemline ${deployment.stage}: forecasts for markdown pricing`,
      terminationProtection: !deployment.disposable,
    });
    const { declaration, stage } = deployment;
    checkDeclaration(declaration);
    this.storage = new Storage(this, 'Storage', deployment);
    const logs = new StageLogs(deployment, this.storage);
    const roles = new JobRoles(this, 'Jobs', deployment, this.storage);
    const images = new Images(deployment);
    const steps = new StepFunction(this, 'Steps', {
      deployment,
      storage: this.storage,
      logs,
      code,
      images,
    });
    this.topic = new sns.Topic(this, 'Alerts', {
      displayName: `hemline ${stage}`,
      masterKey: this.storage.key,
      enforceSSL: true,
    });
    // A topic with a policy of its own lets nobody in whom it does not name: alarms have no role to be allowed by.
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowAlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    for (const email of deployment.emails)
      this.topic.addSubscription(new subscriptions.EmailSubscription(email));
    for (const { name } of declaration.models.map(settingsOf))
      new sagemaker.CfnModelPackageGroup(this, `Registry-${name}`, {
        modelPackageGroupName: `${registryPrefix(stage)}${name}`,
        modelPackageGroupDescription: `Versions of ${name}`,
      });
    const machines = new Map<string, sfn.StateMachine>();
    const platform: Platform = {
      artifactsBucket: this.storage.artifacts.bucketName,
      key: this.storage.key,
      trainingRole: roles.training,
      processingRole: roles.processing,
      ...(deployment.network === undefined ? {} : { network: deployment.network }),
      steps: steps.function,
      topic: this.topic,
      imageUri: (image, instanceType) => images.uri(image, instanceType),
      machine: (name) => machines.get(name)!,
      executions: this.formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `hemline-${stage}-*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      modelsAtOnce: modelsAtOnceOf(deployment),
      tags: { ...deployment.costTags, 'hemline:stage': stage },
    };
    for (const workflow of declaration.workflows) {
      const inside = new Construct(this, workflow.name);
      const frame = { scope: inside, workflow: workflow.name, platform, declaration };
      const definition =
        workflow.kind === 'chain' ? compileChain(frame, workflow) : compileModels(frame, workflow);
      machines.set(
        workflow.name,
        storedMachine(inside, 'Machine', {
          stateMachineName: `hemline-${stage}-${workflow.name}`,
          comment: workflow.description,
          start: definition,
          timeout: LONGEST_RUN,
          tracingEnabled: true,
          logs: {
            level: sfn.LogLevel.ALL,
            includeExecutionData: true,
            destination: logs.group(inside, 'Logs', machineLogs(stage, workflow.name)),
          },
        }),
      );
    }
    this.machines = machines;
    const { deadLetters } = new Triggers(this, 'Triggers', deployment, this.storage, machines);
    new OverdueWatch(this, 'Watch', { deployment, machines, steps: steps.function, deadLetters, logs });
    new Monitoring(this, 'Monitoring', deployment, machines, this.topic, deadLetters);
    // Who publishes to an encrypted topic encrypts: the CDK grants the sending alone (aws/aws-cdk#32303).
    for (const machine of machines.values())
      machine.addToRolePolicy(
        new iam.PolicyStatement({
          actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
          resources: [this.storage.key.keyArn],
        }),
      );
    // Alarms and the bus are services of AWS that must be able to encrypt what they send, for this account alone.
    this.storage.key.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AllowAlarmsAndEventsOfThisAccount',
        principals: ['cloudwatch', 'events'].map((name) => new iam.ServicePrincipal(`${name}.amazonaws.com`)),
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    for (const [key, value] of Object.entries(platform.tags))
      Tags.of(this).add(key, value, { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] });
  }
}
