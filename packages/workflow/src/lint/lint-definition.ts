import { ConfigurationError } from '@hemline/core';
import { statesOf, type AslMachine, type AslState } from '../local/definition.ts';
import type { Problem } from './problem.ts';

/** Fields of a state that mean the same on AWS and here. Others would be passed over on one side without a word. */
const COMMON = ['Type', 'Comment', 'Next', 'End', 'InputPath', 'OutputPath'];
const CATCHING = ['Retry', 'Catch', 'ResultPath', 'ResultSelector', 'Parameters'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...COMMON, ...CATCHING, 'Resource', 'TimeoutSeconds'],
  Parallel: [...COMMON, ...CATCHING, 'Branches'],
  Map: [...COMMON, ...CATCHING, 'ItemProcessor', 'ItemsPath', 'ItemSelector', 'MaxConcurrency'],
  Pass: [...COMMON, 'Result', 'ResultPath', 'Parameters'],
  Choice: ['Type', 'Comment', 'InputPath', 'OutputPath', 'Choices', 'Default'],
  Wait: [...COMMON, 'Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'],
  Succeed: ['Type', 'Comment', 'InputPath', 'OutputPath'],
  Fail: ['Type', 'Comment', 'Error', 'Cause', 'ErrorPath', 'CausePath'],
};
const RETRY = [
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
];
const CATCH = ['ErrorEquals', 'ResultPath', 'Next'];
/** What tasks may call: these the local executor does too. */
const RESOURCES = [
  'sagemaker:createTrainingJob.sync',
  'sagemaker:createProcessingJob.sync',
  'lambda:invoke',
  'sns:publish',
  'states:startExecution.sync:2',
  'aws-sdk:sfn:describeExecution',
] as const;
/** The context object of an execution here has only these. */
const CONTEXT =
  /^\$\$\.(Execution\.(Id|Name|Input|StartTime)|Map\.Item\.(Index|Value)|StateMachine\.(Id|Name))/;

/**
 * Checks that a definition keeps to the dialect that behaves the same on AWS and on this machine. That it is valid at all is
 * asl-validator's to say, which the tests ask of every definition: it takes a second each.
 * @param name of the state machine
 * @param machine its definition
 * @returns what is wrong
 */
export function lintDefinition(name: string, machine: AslMachine): Problem[] {
  const problems: Problem[] = [];
  const add = (where: string, problem: string, remedy: string): void =>
    void problems.push({
      where: `state machine ${name}${where === '' ? '' : `, state ${where}`}`,
      problem,
      remedy,
    });
  if (machine['QueryLanguage'] !== undefined && machine['QueryLanguage'] !== 'JSONPath')
    add('', `its query language is ${String(machine['QueryLanguage'])}`, 'Use JSONPath.');
  const states = statesOf(machine);
  const names = states.map((each) => each.name);
  for (const twice of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    add(twice, 'there are two states of this name', 'Rename one.');
  for (const { name: where, state } of states)
    for (const [problem, remedy] of stateProblems(state)) add(where, problem, remedy);
  return problems;
}

/**
 * Checks a definition.
 * @param name of the state machine
 * @param machine its definition
 * @throws ConfigurationError that names everything that is wrong
 */
export function checkDefinition(name: string, machine: AslMachine): void {
  const problems = lintDefinition(name, machine);
  if (problems.length === 0) return;
  throw new ConfigurationError(`the definition of ${name} leaves the dialect that runs here as in AWS`, {
    found: problems.map(({ where, problem, remedy }) => `\n- ${where}: ${problem}. ${remedy}`).join(''),
  });
}

type Finding = readonly [problem: string, remedy: string];

function stateProblems(state: AslState): Finding[] {
  const allowed = FIELDS[state.Type];
  if (allowed === undefined)
    return [[`its type is ${state.Type}`, `Use one of ${Object.keys(FIELDS).join(', ')}.`]];
  const found: Finding[] = Object.keys(state)
    .filter(
      (field) => !allowed.includes(field) && !(field === 'QueryLanguage' && state[field] === 'JSONPath'),
    )
    .map((field) => [
      `${field} of a ${state.Type} is not in the dialect`,
      'Do without it: only one side would heed it.',
    ]);
  found.push(...pathProblems(state), ...errorProblems(state));
  if (state.Type === 'Task') {
    const resource = state.Resource?.replace(/^arn:[^:]+:states:::/, '') ?? '';
    if (!(RESOURCES as readonly string[]).includes(resource))
      found.push([`it calls ${resource}`, `Call one of ${RESOURCES.join(', ')}.`]);
    if (typeof state['TimeoutSeconds'] !== 'number')
      found.push(['it has no TimeoutSeconds', 'Give it one: AWS waits for ever without, others a minute.']);
  }
  if (state.Type === 'Choice') {
    if (state['Default'] === undefined)
      found.push(['it has no Default', 'Say what happens when no rule holds.']);
    if (/"Is[A-Z]\w+":false/.test(JSON.stringify(state['Choices'])))
      found.push([
        'it asks whether something is not so',
        'Ask the other way round: Is… with false is not honoured here.',
      ]);
  }
  const mode = (state.ItemProcessor?.['ProcessorConfig'] as { Mode?: string } | undefined)?.Mode;
  if (state.Type === 'Map' && mode !== undefined && mode !== 'INLINE')
    found.push([`it is a map of mode ${mode}`, 'Use INLINE; spread data over the hosts of a job instead.']);
  return found;
}

function pathProblems(state: AslState): Finding[] {
  const { Branches, ItemProcessor, Iterator, ...own } = state;
  void [Branches, ItemProcessor, Iterator];
  const text = JSON.stringify(own);
  const found: Finding[] = [];
  for (const [path] of text.matchAll(/\$\$\.[A-Za-z.]+/g))
    if (!CONTEXT.test(path))
      found.push([`it reads ${path}`, 'Do without it: the context object has no such field here.']);
  if (text.includes('{%'))
    found.push(['it has JSONata', 'Use JSONPath: JSONata is passed over without a word here.']);
  return found;
}

function errorProblems(state: AslState): Finding[] {
  const found: Finding[] = [];
  for (const [field, fields] of [
    ['Retry', RETRY],
    ['Catch', CATCH],
  ] as const) {
    const list = (state[field] ?? []) as readonly Record<string, unknown>[];
    list.forEach((each, at) => {
      for (const key of Object.keys(each))
        if (!fields.includes(key))
          found.push([`${key} of ${field} is not known`, `There are ${fields.join(', ')}.`]);
      const errors = (each['ErrorEquals'] ?? []) as readonly string[];
      if (errors.includes('States.ALL') && (errors.length > 1 || at < list.length - 1))
        found.push([`States.ALL of ${field} is not alone and last`, 'Put it by itself at the end.']);
      const least = { IntervalSeconds: 1, MaxAttempts: 0, BackoffRate: 1, MaxDelaySeconds: 1 };
      for (const [key, value] of Object.entries(least))
        if (typeof each[key] === 'number' && (each[key] as number) < value)
          found.push([`${key} of ${field} is ${String(each[key])}`, `Give at least ${value}.`]);
    });
  }
  return found;
}
