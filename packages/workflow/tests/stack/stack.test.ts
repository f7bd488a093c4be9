/* eslint-disable @typescript-eslint/no-explicit-any -- a template is JSON of many shapes */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import validate from 'asl-validator';
import { App, Validations, aws_lambda as lambda } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCATIONS } from '../../src/declaration/locations.ts';
import { lintDefinition } from '../../src/lint/lint-definition.ts';
import type { AslMachine } from '../../src/local/definition.ts';
import { APP_CONTEXT } from '../../src/stack/app-context.ts';
import { HemlineStack } from '../../src/stack/hemline-stack.ts';
import { inlineDefinitions } from '../../src/stack/inline-definitions.ts';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import type { Template } from '../../src/stack/template.ts';
import { toyDeployment } from '../fixtures/toys.ts';
import { FINDINGS, ON_EVERYTHING, WILDCARDS } from './acknowledged.ts';

const HAS_CFN_LINT = spawnSync('cfn-lint', ['--version']).status === 0;
let folder: string;
let template: Template;
let report: { readonly pluginReports: readonly { readonly violations: readonly Violation[] }[] };

interface Violation {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-stack-'));
  const deployment = toyDeployment();
  const app = new App({ outdir: folder, context: APP_CONTEXT, analyticsReporting: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  new HemlineStack(
    app,
    'hemline-test',
    {
      ...deployment,
      triggers: { ...deployment.triggers, weekly: { weekDay: 'MON', hour: '4', minute: '0' } },
    },
    lambda.Code.fromInline('// not here'),
  );
  // It throws, and has written templates and report before: every finding is looked at below.
  expect(() => app.synth()).toThrow(/AwsSolutions/);
  template = inlineDefinitions(
    JSON.parse(readFileSync(join(folder, 'hemline-test.template.json'), 'utf8')) as Template,
    folder,
  );
  report = JSON.parse(readFileSync(join(folder, 'validation-report.json'), 'utf8')) as typeof report;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const resources = (type: string): [string, Record<string, any>][] =>
  Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties }]) => [id, Properties as Record<string, any>]);

describe('the stack', () => {
  it.skipIf(!HAS_CFN_LINT)('passes cfn-lint (W3005: DependsOn that the CDK adds)', () => {
    const { stdout, status } = spawnSync(
      'cfn-lint',
      ['--ignore-checks', 'W3005', '--', join(folder, 'hemline-test.template.json')],
      { encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([0, '']);
  });

  it('passes cdk-nag but for findings that are acknowledged with a reason', () => {
    const found = report.pluginReports
      .flatMap(({ violations }) => violations)
      .flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({
          // The rule has the wildcard in brackets, in nag's own notation.
          wildcard: /^AwsSolutions-IAM5\[Resource::(.+)\]$/.exec(ruleName)?.[1] ?? null,
          told: `${ruleName}${ruleName === 'AwsSolutions-IAM5[Resource::*]' ? '' : ` ${constructPath}`}`,
        })),
      );
    expect(found.length).toBeGreaterThan(10);
    const unknown = found.filter(
      ({ wildcard, told }) =>
        !FINDINGS.some(({ pattern }) => pattern.test(told)) &&
        !(wildcard !== null && WILDCARDS.some(({ pattern }) => pattern.test(wildcard))),
    );
    expect(unknown).toEqual([]);
    const unused = FINDINGS.filter(({ pattern }) => !found.some(({ told }) => pattern.test(told)));
    expect(unused).toEqual([]);
  });

  it('has no wildcard in a policy that is not on the annotated list', () => {
    const used = new Set<object | string>();
    const unknown: string[] = [];
    let statements = 0;
    for (const [id, { PolicyDocument }] of [
      ...resources('AWS::IAM::Policy'),
      ...resources('AWS::IAM::ManagedPolicy'),
    ])
      for (const { Action, Resource } of PolicyDocument.Statement as {
        Action: unknown;
        Resource: unknown;
      }[]) {
        statements++;
        const actions = [Action].flat() as string[];
        for (const action of actions) if (action.includes('*')) unknown.push(`${id}: ${action}`);
        for (const resource of [Resource].flat().map(render)) {
          if (!resource.includes('*')) continue;
          if (resource === '*') {
            for (const action of actions)
              if (action in ON_EVERYTHING) used.add(action);
              else unknown.push(`${id}: ${action} on everything`);
            continue;
          }
          const entry = WILDCARDS.find(({ pattern }) => pattern.test(resource));
          if (entry === undefined) unknown.push(`${id}: ${resource}`);
          else used.add(entry);
        }
      }
    expect(statements).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
    // Nor does the list hold what there is not.
    expect([...WILDCARDS, ...Object.keys(ON_EVERYTHING)].filter((each) => !used.has(each))).toEqual([]);
  });

  it('has definitions that are valid, and in the dialect that runs here as in AWS', () => {
    const machines = resolveMachines(template);
    expect([...machines.keys()].sort()).toEqual(
      ['backtest', 'inference', 'training', 'weekly'].map((name) => `hemline-test-${name}`),
    );
    for (const [name, { definition }] of machines) {
      expect(validate(definition).errors, name).toEqual([]);
      expect(lintDefinition(name, definition as unknown as AslMachine)).toEqual([]);
    }
  });

  it('starts workflows when data is complete, and at the week’s begin', () => {
    const rules: Record<string, any> = Object.fromEntries(
      resources('AWS::Events::Rule').map(([, rule]) => [rule['Name'], rule]),
    );
    expect(rules['hemline-test-training-data']).toMatchObject({
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ wildcard: 'training/*/_SUCCESS' }] } },
      },
    });
    expect(rules['hemline-test-inference-data'].EventPattern.detail.object.key).toEqual([
      { wildcard: 'inference/*/_SUCCESS' },
    ]);
    expect(rules['hemline-test-weekly'].ScheduleExpression).toBe('cron(0 4 ? * MON *)');
    // Where deliveries go, and nowhere else.
    const { newestOf } = JSON.parse(render(rules['hemline-test-weekly'].Targets[0].Input)) as {
      newestOf: string[];
    };
    expect(newestOf.map((uri) => uri.replace(/^s3:\/\/<StorageData\w+>\//, ''))).toEqual([
      'training/',
      'inference/',
      'weekly/',
    ]);
    for (const rule of Object.values(rules)) expect(rule.Targets[0].DeadLetterConfig).toBeDefined();
  });

  it('keeps data encrypted, versioned and private', () => {
    const buckets = resources('AWS::S3::Bucket');
    expect(buckets).toHaveLength(3);
    for (const [id, bucket] of buckets) {
      expect(bucket['PublicAccessBlockConfiguration'], id).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket['LifecycleConfiguration'], id).toBeDefined();
      if (id.includes('AccessLogs')) continue;
      expect(bucket['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
      const [rule] = bucket['BucketEncryption'].ServerSideEncryptionConfiguration;
      expect(rule.ServerSideEncryptionByDefault.SSEAlgorithm).toBe('aws:kms');
    }
  });

  it('has a clock that looks for overdue runs of every workflow', () => {
    const [[, watch]] = resources('AWS::StepFunctions::StateMachine').filter(
      ([, { StateMachineType }]) => StateMachineType === 'EXPRESS',
    ) as [[string, any]];
    const definition = JSON.parse(
      render(watch.DefinitionString).replaceAll('<AWS::Partition>', 'aws'),
    ) as AslMachine;
    expect(validate(definition as never).errors).toEqual([]);
    const listed = Object.values(definition.States).flatMap((state) => {
      const { StateMachineArn, StatusFilter } = state['Parameters'] as Record<string, string>;
      return StateMachineArn === undefined ? [] : [`${StatusFilter} ${StateMachineArn.slice(0, -9)}`];
    });
    expect(listed.sort()).toEqual(
      ['backtest', 'inference', 'training', 'weekly'].map((workflow) => `RUNNING <${workflow}Machine`),
    );
    const [[, clock]] = resources('AWS::Events::Rule').filter(
      ([, { Name }]) => Name === 'hemline-test-watch',
    ) as [[string, any]];
    expect(clock.ScheduleExpression).toBe('rate(15 minutes)');
    expect(render(clock.Targets[0].Arn)).toMatch(/^<WatchMachine/);
  });

  it('encrypts its logs with its key, and keeps them as long as the deployment says', () => {
    const groups = resources('AWS::Logs::LogGroup');
    expect(groups.map(([, { LogGroupName }]) => LogGroupName as string).sort()).toEqual([
      ...['backtest', 'inference', 'training', 'watch', 'weekly'].map(
        (name) => `/aws/vendedlogs/states/hemline-test-${name}`,
      ),
      '/hemline/test/steps',
    ]);
    for (const [, { KmsKeyId, RetentionInDays }] of groups) {
      expect(render(KmsKeyId)).toMatch(/^<StorageKey\w+\.Arn>$/);
      expect(RetentionInDays).toBe(90);
    }
  });

  it('keeps what runs leave as long as the deployment says, and versions without an end', () => {
    const [, artifacts] = resources('AWS::S3::Bucket').find(([id]) => id.startsWith('StorageArtifacts'))!;
    const rules = artifacts['LifecycleConfiguration'].Rules as Record<string, any>[];
    const ending = rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined);
    expect(ending.map(({ Prefix, ExpirationInDays }) => `${Prefix} ${ExpirationInDays}`).sort()).toEqual([
      'checkpoints/ 90',
      'claims/ 90',
      'forecasts/ 90',
      'recommendations/ 90',
      'runs/ 90',
    ]);
    // No location of a run is forgotten, and no model lies where something ends.
    const kept = ['versions', 'state'];
    for (const location of Object.values(LOCATIONS)) {
      const folder = location.slice(0, location.indexOf('/'));
      expect([...kept, ...ending.map(({ Prefix }) => (Prefix as string).slice(0, -1))]).toContain(folder);
    }
    const outputs = JSON.stringify(resolveMachines(template).get('hemline-test-training')!.definition);
    expect(outputs).toMatch(/"S3OutputPath\.\$":"States\.Format\('s3:\/\/\{\}\/versions\//);
    expect(outputs).not.toMatch(/"S3OutputPath\.\$":"States\.Format\('s3:\/\/\{\}\/runs\//);
    expect(rules.every(({ Status }) => Status === 'Enabled')).toBe(true);
    expect(rules.find(({ NoncurrentVersionExpiration }) => NoncurrentVersionExpiration)).toMatchObject({
      NoncurrentVersionExpiration: { NoncurrentDays: 90 },
    });
  });

  it('watches what has to be told, and tags what costs', () => {
    const alarms = resources('AWS::CloudWatch::Alarm').map(([, alarm]) => alarm);
    const byName = new Map(
      alarms.map((alarm) => [(alarm['AlarmName'] as string).replace('hemline-test-', ''), alarm]),
    );
    // Whether silence is good news: an event that has not happened, or a count that nobody makes.
    const expected: Record<string, 'breaching' | 'notBreaching'> = {
      'weekly-unstarted': 'breaching',
      'weekly-missing': 'breaching',
      undelivered: 'notBreaching',
      'ape-drift': 'notBreaching',
      'bee-drift': 'notBreaching',
      ...Object.fromEntries(
        ['training', 'inference', 'backtest', 'weekly'].flatMap((workflow) => [
          [`${workflow}-overdue`, 'breaching'],
          ...['failed', 'timed-out', 'aborted', 'throttled'].map((end) => [
            `${workflow}-${end}`,
            'notBreaching',
          ]),
          ...['fallback', 'stale', 'deadline', 'late', 'untold'].map((told) => [
            `${workflow}-${told}`,
            'notBreaching',
          ]),
        ]),
      ),
    };
    expect(
      Object.fromEntries([...byName].map(([name, alarm]) => [name, alarm['TreatMissingData'] as string])),
    ).toEqual(expected);
    const metricOf = (name: string): unknown => {
      const { MetricName, Namespace, Statistic, Dimensions } = byName.get(name)!;
      const [{ Name, Value }] = Dimensions as { Name: string; Value: any }[];
      return [MetricName, Namespace, Statistic, Name, Value['Ref']?.replace(/[A-F0-9]{8}$/, '') ?? Value];
    };
    for (const [end, metric] of [
      ['failed', 'ExecutionsFailed'],
      ['timed-out', 'ExecutionsTimedOut'],
      ['aborted', 'ExecutionsAborted'],
      ['throttled', 'ExecutionThrottled'],
      ['unstarted', 'ExecutionsStarted'],
    ])
      expect(metricOf(`weekly-${end}`)).toEqual([
        metric,
        'AWS/States',
        'Sum',
        'StateMachineArn',
        'weeklyMachine',
      ]);
    expect(metricOf('weekly-overdue')).toEqual(['OverdueRuns', 'hemline', 'Maximum', 'stage', 'test']);
    expect(metricOf('weekly-untold')).toEqual(['UntoldRuns', 'hemline', 'Sum', 'stage', 'test']);
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
    for (const [, machine] of resources('AWS::StepFunctions::StateMachine')) {
      expect(machine['Tags']).toContainEqual({ Key: 'team', Value: 'pricing' });
      expect(machine['LoggingConfiguration'].Level).toBe('ALL');
      expect(machine['TracingConfiguration']).toEqual({ Enabled: true });
    }
    const groups = resources('AWS::SageMaker::ModelPackageGroup').map(
      ([, group]) => group['ModelPackageGroupName'] as string,
    );
    expect(groups).toEqual(['hemline-test-ape', 'hemline-test-bee']);
  });
});

/** A resource of a policy as text. */
function render(value: any): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join'] !== undefined)
    return (value['Fn::Join'][1] as unknown[]).map(render).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt'] !== undefined) return `<${(value['Fn::GetAtt'] as string[]).join('.')}>`;
  if (value['Ref'] !== undefined) return `<${value['Ref']}>`;
  return JSON.stringify(value);
}
