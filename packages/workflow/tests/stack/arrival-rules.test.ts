import { App, aws_lambda as lambda } from 'aws-cdk-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { APP_CONTEXT } from '../../src/stack/app-context.ts';
import { HemlineStack } from '../../src/stack/hemline-stack.ts';
import { templateOf } from '../../src/stack/synthesize.ts';
import type { Template } from '../../src/stack/template.ts';
import { toyDeployment } from '../fixtures/toys.ts';
import { matchesPattern } from './match-pattern.ts';

let template: Template;
beforeAll(() => {
  const app = new App({ context: APP_CONTEXT, analyticsReporting: false });
  new HemlineStack(app, 'hemline-test', toyDeployment(), lambda.Code.fromInline('// not here'));
  template = templateOf(app.synth(), 'hemline-test');
}, 240_000);

const event = (key: string, more: object = {}): object => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'the bucket' }, object: { key, size: 0 } },
  ...more,
});

/** Names of the rules that an event starts. */
function started(found: object): string[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .map(({ Properties }) => Properties as { Name: string; EventPattern?: unknown })
    .filter(({ EventPattern }) => {
      if (EventPattern === undefined) return false;
      // The bucket has no name before it is deployed.
      const text = JSON.stringify(EventPattern).replace(
        /"name":\[\{"Ref":"[^"]+"\}\]/,
        '"name":["the bucket"]',
      );
      return matchesPattern(JSON.parse(text), found);
    })
    .map(({ Name }) => Name);
}

describe('rules of arrivals', () => {
  it.each([
    ['training/2026-w48/_SUCCESS', ['hemline-test-training-data']],
    ['training/a/b/_SUCCESS', ['hemline-test-training-data']],
    ['inference/2026-w48/_SUCCESS', ['hemline-test-inference-data']],
    // What waits for the clock starts nothing by itself.
    ['weekly/2026-w48/_SUCCESS', []],
    ['training/2026-w48/weekly.parquet', []],
    ['training/2026-w48/_SUCCESS.tmp', []],
    ['elsewhere/training/2026-w48/_SUCCESS', []],
  ])('%s starts %j', (key, rules) => {
    expect(started(event(key))).toEqual(rules);
  });

  it('neither other events nor other buckets start anything', () => {
    const key = 'training/x/_SUCCESS';
    expect(started(event(key, { source: 'aws.ec2' }))).toEqual([]);
    expect(started(event(key, { 'detail-type': 'Object Deleted' }))).toEqual([]);
    expect(started(event(key, { detail: { bucket: { name: 'other' }, object: { key } } }))).toEqual([]);
  });
});
