import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lintDefinition } from '../../src/lint/lint-definition.ts';
import type { AslMachine } from '../../src/local/definition.ts';
import { Executor } from '../../src/local/executor.ts';
import { type JobRunner, TaskFailed } from '@hemline/sagemaker/run';
import { Journal } from '../../src/local/journal.ts';
import type { StepServices } from '../../src/functions/step-services.ts';

let folder: string;
let count = 0;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hemline-dialect-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a graph; `job` is what its tasks do, by how often they have been called. */
async function run(
  machine: object,
  input: unknown = {},
  job: (request: Record<string, unknown>, call: number) => unknown = (request) => request,
): Promise<unknown> {
  const definition = machine as AslMachine;
  // The suite is about what the dialect allows: nothing else is promised to behave alike.
  expect(lintDefinition('m', definition)).toEqual([]);
  let calls = 0;
  const process = async (request: unknown): Promise<unknown> =>
    job(request as Record<string, unknown>, calls++);
  const executor = new Executor({
    machines: new Map([['m', { name: 'm', logicalId: 'M', definition: machine as Record<string, unknown> }]]),
    run: 'r',
    folder,
    runner: { process } as unknown as JobRunner,
    journal: new Journal(join(folder, String(count++)), 'v'),
    services: {} as StepServices,
    signal: new AbortController().signal,
    onEvent: () => undefined,
    retryDelay: 1,
  });
  const end = await executor.run('m', input);
  return end.error ?? end.output;
}

const RESOURCE = 'arn:aws:states:::sagemaker:createProcessingJob.sync';
const task = (more: object): object => ({ Type: 'Task', Resource: RESOURCE, TimeoutSeconds: 30, ...more });
const one = (state: object): object => ({ StartAt: 'S', States: { S: { End: true, ...state } } });
const boom = (): never => {
  throw new TaskFailed({ FailureReason: 'boom' });
};

// What is expected is what AWS documents: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
describe('the executor, on graphs of the dialect', () => {
  it.each<[string, object, unknown, unknown]>([
    [
      'Pass: ResultPath keeps the input',
      one({ Type: 'Pass', Result: 1, ResultPath: '$.a.b' }),
      { x: 2 },
      { x: 2, a: { b: 1 } },
    ],
    [
      'Pass: ResultPath null drops the result',
      one({ Type: 'Pass', Result: 1, ResultPath: null }),
      { x: 2 },
      { x: 2 },
    ],
    [
      'InputPath and OutputPath',
      one({ Type: 'Pass', InputPath: '$.a', OutputPath: '$.b' }),
      { a: { b: 3 } },
      3,
    ],
    [
      'Parameters: paths at any depth, also in lists of objects',
      one({ Type: 'Pass', Parameters: { 'a.$': '$.x', list: [{ 'b.$': '$.x' }], fixed: '$.x' } }),
      { x: 1 },
      { a: 1, list: [{ b: 1 }], fixed: '$.x' },
    ],
    [
      'keys with hyphens',
      one({ Type: 'Pass', Parameters: { 'a.$': "$.m['x-y'].z" } }),
      { m: { 'x-y': { z: 1 } } },
      { a: 1 },
    ],
    [
      'intrinsic functions',
      one({
        Type: 'Pass',
        Parameters: {
          'a.$': "States.Format('{}-{}', $.x, 'y')",
          'b.$': "States.Array('--a', $.x)",
          'c.$': 'States.StringToJson($.j)',
        },
      }),
      { x: 'v', j: '{"k":[1]}' },
      { a: 'v-y', b: ['--a', 'v'], c: { k: [1] } },
    ],
    [
      'the context object',
      one({ Type: 'Pass', Parameters: { 'id.$': '$$.Execution.Id', 'in.$': '$$.Execution.Input.x' } }),
      { x: 1 },
      { id: 'local:r/m', in: 1 },
    ],
    [
      'Choice: the first rule that holds',
      {
        StartAt: 'C',
        States: {
          C: {
            Type: 'Choice',
            Choices: [
              { Variable: '$.none', IsPresent: true, Next: 'A' },
              {
                And: [
                  { Variable: '$.s', StringMatches: 'a*c' },
                  { Not: { Variable: '$.n', NumericLessThan: 2 } },
                ],
                Next: 'B',
              },
            ],
            Default: 'A',
          },
          A: { Type: 'Pass', Result: 'A', End: true },
          B: { Type: 'Pass', Result: 'B', End: true },
        },
      },
      { s: 'abc', n: 2 },
      'B',
    ],
    [
      'Choice: IsNull',
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'A' }], Default: 'B' },
          A: { Type: 'Succeed' },
          B: { Type: 'Fail', Error: 'E' },
        },
      },
      { a: null },
      { a: null },
    ],
    [
      'Parallel: results in the order of the branches',
      one({
        Type: 'Parallel',
        Branches: [1, 2].map((n) => ({
          StartAt: `P${n}`,
          States: { [`P${n}`]: { Type: 'Pass', Result: n, End: true } },
        })),
        ResultSelector: { 'second.$': '$[1]' },
        ResultPath: '$.r',
      }),
      { x: 0 },
      { x: 0, r: { second: 2 } },
    ],
    [
      'Map: results in the order of the items',
      one({
        Type: 'Map',
        ItemsPath: '$.items',
        MaxConcurrency: 2,
        ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'x.$': '$.x' },
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      }),
      { x: 'k', items: ['a', 'b', 'c'] },
      ['a', 'b', 'c'].map((v, i) => ({ i, v, x: 'k' })),
    ],
    [
      'Fail: error and cause from the input',
      one({ Type: 'Fail', ErrorPath: '$.e', CausePath: '$.c', End: undefined }),
      { e: 'E', c: 'because' },
      { name: 'E', cause: 'because' },
    ],
  ])('%s', async (_what, machine, input, expected) => {
    expect(await run(JSON.parse(JSON.stringify(machine)) as object, input)).toEqual(expected);
  });

  it('Task: ResultSelector before ResultPath', async () => {
    const state = task({
      Parameters: { 'a.$': '$.x' },
      ResultSelector: { 'got.$': '$.a' },
      ResultPath: '$.r',
    });
    expect(await run(one(state), { x: 1 })).toEqual({ x: 1, r: { got: 1 } });
  });

  it('Retry: renders the parameters anew and stops at success', async () => {
    const names: unknown[] = [];
    const state = task({
      Parameters: { 'ProcessingJobName.$': "States.Format('p-{}', States.UUID())" },
      Retry: [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 3 }],
    });
    const result = await run(one(state), {}, ({ ProcessingJobName }, call) => {
      names.push(ProcessingJobName);
      return call < 2 ? boom() : 'done';
    });
    expect(result).toBe('done');
    expect(new Set(names).size).toBe(3);
  });

  it('Retry: gives up after MaxAttempts, then Catch has error and cause', async () => {
    let calls = 0;
    const machine = {
      StartAt: 'S',
      States: {
        S: task({
          Parameters: {},
          Retry: [{ ErrorEquals: ['Other'] }, { ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Caught' },
          ],
          Next: 'Wrong',
        }),
        Caught: { Type: 'Pass', End: true },
        Wrong: { Type: 'Fail', Error: 'Wrong' },
      },
    };
    const result = await run(machine, { x: 1 }, () => {
      calls++;
      return boom();
    });
    expect(calls).toBe(2);
    expect(result).toEqual({
      x: 1,
      failure: { Error: 'States.TaskFailed', Cause: '{"FailureReason":"boom"}' },
    });
  });

  it('Parallel: one branch that fails fails all, and Catch has its error', async () => {
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'T', States: { T: task({ Parameters: {}, End: true }) } },
            { StartAt: 'Q', States: { Q: { Type: 'Pass', End: true } } },
          ],
          Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.f', Next: 'C' }],
          End: true,
        },
        C: { Type: 'Pass', OutputPath: '$.f.Error', End: true },
      },
    };
    expect(await run(machine, {}, boom)).toBe('States.TaskFailed');
  });

  it('Task: TimeoutSeconds raises States.Timeout', async () => {
    const machine = {
      StartAt: 'S',
      States: {
        S: {
          ...task({
            Parameters: {},
            Catch: [{ ErrorEquals: ['States.Timeout'], ResultPath: '$.f', Next: 'C' }],
            End: true,
          }),
          TimeoutSeconds: 1,
        },
        C: { Type: 'Pass', OutputPath: '$.f.Error', End: true },
      },
    };
    expect(await run(machine, {}, () => new Promise((resolve) => setTimeout(resolve, 1500)))).toBe(
      'States.Timeout',
    );
  });
});
