import { expect, it } from 'vitest';
import { lintDefinition } from '../../src/lint/lint-definition.ts';

const task = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  TimeoutSeconds: 60,
  Parameters: { 'a.$': '$.a' },
  End: true,
};

it.each([
  ['JSONata', { ...task, Parameters: { a: '{% $x %}' } }, /it has JSONata/],
  ['variables', { ...task, Assign: { a: 1 } }, /Assign of a Task is not in the dialect/],
  [
    'a context that is not here',
    { ...task, Parameters: { 'a.$': '$$.State.RetryCount' } },
    /it reads \$\$\.State\.RetryCount/,
  ],
  ['a heartbeat', { ...task, HeartbeatSeconds: 1 }, /HeartbeatSeconds/],
  [
    'an API that a local run has not',
    { ...task, Resource: 'arn:aws:states:::dynamodb:putItem' },
    /it calls dynamodb:putItem/,
  ],
  ['a task without limit', { ...task, TimeoutSeconds: undefined }, /no TimeoutSeconds/],
  [
    'a misspelt field of a retry',
    { ...task, Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempt: 1 }] },
    /MaxAttempt of Retry/,
  ],
  [
    'a backoff that shrinks',
    { ...task, Retry: [{ ErrorEquals: ['States.ALL'], BackoffRate: 0.5 }] },
    /BackoffRate of Retry is 0\.5/,
  ],
  [
    'States.ALL before others',
    { ...task, Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] },
    /not alone and last/,
  ],
  [
    'a question that is not honoured',
    { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: false, Next: 'x' }], Default: 'x' },
    /not honoured here/,
  ],
  [
    'a choice without a way out',
    { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'x' }] },
    /no Default/,
  ],
  [
    'a map over objects in S3',
    {
      Type: 'Map',
      End: true,
      ItemReader: {},
      ItemProcessor: { StartAt: 't', States: { t: task }, ProcessorConfig: { Mode: 'DISTRIBUTED' } },
    },
    /ItemReader[^]*mode DISTRIBUTED/,
  ],
])('tells %s', (_what, state, told) => {
  const problems = lintDefinition('m', {
    StartAt: 'x',
    States: { x: JSON.parse(JSON.stringify(state)) as never },
  });
  expect(problems.map(({ where, problem, remedy }) => `${where}: ${problem}. ${remedy}`).join('\n')).toMatch(
    told,
  );
  expect(lintDefinition('m', { StartAt: 'x', States: { x: task } })).toEqual([]);
});
