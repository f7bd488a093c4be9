#!/usr/bin/env bash
# aws-cdk-lib 2.276.0: of four ways to send to an encrypted topic or queue, two may not use its key.
#
# Expected: where a construct grants sending, it grants the key that sending takes (kms:GenerateDataKey*, kms:Decrypt) as well. Seen: a
# rule's target and the task SqsSendMessage do; the task SnsPublish and an alarm's SnsAction do not, and nothing says so. A run's or an
# alarm's message to people is then refused by KMS when it is sent, which nobody hears of.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '{"type":"module"}\n' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null

cat >granted.mjs <<'JS'
import * as cdk from 'aws-cdk-lib';

const { aws_stepfunctions: sfn, aws_stepfunctions_tasks: tasks } = cdk;
/** Whether anyone but the account's own users may make data keys, once something that sends has been added. */
function isGranted(addSender) {
  const app = new cdk.App({ outdir: `${process.cwd()}/${addSender.name}` });
  const stack = new cdk.Stack(app, 'Stack');
  const key = new cdk.aws_kms.Key(stack, 'Key');
  addSender(stack, key, new cdk.aws_sns.Topic(stack, 'Topic', { masterKey: key }));
  const { Resources } = app.synth().getStackByName('Stack').template;
  return Object.values(Resources)
    .flatMap(({ Properties: { PolicyDocument, KeyPolicy } = {} }) => (PolicyDocument ?? KeyPolicy)?.Statement ?? [])
    .some(({ Action }) => [Action].flat().includes('kms:GenerateDataKey*'));
}
const runs = (stack, state) =>
  new sfn.StateMachine(stack, 'Machine', { definitionBody: sfn.DefinitionBody.fromChainable(state) });
const input = sfn.TaskInput.fromText('text');

console.log('SnsPublish', isGranted(function task(stack, _key, topic) {
  runs(stack, new tasks.SnsPublish(stack, 'tell', { topic, message: input }));
}));
console.log('SnsAction', isGranted(function action(stack, _key, topic) {
  const metric = new cdk.aws_cloudwatch.Metric({ namespace: 'a', metricName: 'b' });
  new cdk.aws_cloudwatch.Alarm(stack, 'Alarm', { metric, threshold: 1, evaluationPeriods: 1 }).addAlarmAction(
    new cdk.aws_cloudwatch_actions.SnsAction(topic));
}));
console.log('SnsTopic', isGranted(function rule(stack, _key, topic) {
  new cdk.aws_events.Rule(stack, 'Rule', { schedule: cdk.aws_events.Schedule.cron({}) }).addTarget(
    new cdk.aws_events_targets.SnsTopic(topic));
}));
console.log('SqsSendMessage', isGranted(function queue(stack, key) {
  const to = new cdk.aws_sqs.Queue(stack, 'Queue', { encryptionMasterKey: key });
  runs(stack, new tasks.SqsSendMessage(stack, 'send', { queue: to, messageBody: input }));
}));
JS

found=$(node granted.mjs)
printf '%s\n' "$found"
expected='SnsPublish false
SnsAction false
SnsTopic true
SqsSendMessage true'
if [ "$found" != "$expected" ]; then
  printf 'changed: expected\n%s\n' "$expected" >&2
  exit 1
fi
