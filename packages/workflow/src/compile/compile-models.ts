import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { QUANTITIES } from '@hemline/core';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import { beginning } from './beginning.ts';
import { checkTask, notification, smallStep, type Frame } from './frame.ts';
import { branchInput, branchesOf, modelBranch, type ModelBranch } from './model-branch.ts';
import { optimiseStep, optimiseTask } from './optimise-task.ts';
import { at } from './paths.ts';
import { CAUGHT, keepFailure, noTries, tryAgain } from './try-again.ts';

/**
 * Compiles a workflow of steps per model: begin, check the data unless that has been done, plan, the models, several at once,
 * register or price, complete, tell people.
 * @param frame where it stands
 * @param declared the workflow
 * @returns its first state, with all others behind it
 */
export function compileModels(frame: Frame, declared: ModelWorkflow): sfn.IChainable {
  const { scope } = frame;
  const branches = branchesOf(frame, declared);
  const work = eachModel(frame, branches);
  const register = registration(frame, declared, branches);
  if (register !== null) work.next(register);
  const optimise = optimiseStep(frame.declaration, declared);
  const priced = optimise === null ? null : pricing(frame, optimise[0]);
  if (priced !== null) work.next(priced.start);
  const last = register ?? work;

  const plan = smallStep(
    frame,
    'plan',
    {
      action: 'plan',
      state: at('$'),
      tables: frame.declaration.tables,
      models: branches.map(({ model }) => ({
        name: model.name,
        quantity: model.quantity,
        maturityWeeks: QUANTITIES[model.quantity].maturityWeeks,
        evaluationWeeks: QUANTITIES[model.quantity].evaluationWeeks,
      })),
      perCutoff: declared.perCutoff === true,
    },
    '$.planned',
  );
  const planned = new sfn.Pass(scope, 'planned', {
    parameters: {
      ...Object.fromEntries(KEPT.map((name) => [name, at(`$.${name}`)])),
      plan: at('$.planned.answer'),
      ...(optimise === null ? {} : { tries: noTries(['optimise']) }),
    },
  });
  const done = new sfn.Pass(scope, 'what the other made', { inputPath: '$.planned.answer.done' });
  done.next(new sfn.Succeed(scope, 'another run has done it'));
  plan.next(
    new sfn.Choice(scope, 'done by the other?')
      .when(sfn.Condition.isPresent('$.planned.answer.done'), done)
      .otherwise(planned),
  );
  planned.next(work);

  const lead = (next: sfn.IChainable): void => {
    if (priced === null) last.next(next);
    else priced.lead(next);
  };
  const { broken } = ending(frame, lead, produces(declared));
  const check = checkTask(frame);
  check.next(plan);
  tryAgain(scope, check, {
    step: 'check',
    retries: 1,
    failed: keepFailure(scope, 'check the data: why', broken),
  });
  for (const state of new Set([plan, work, last, ...(priced === null ? [] : [priced.start])]))
    state.addCatch(broken, { resultPath: '$.failure' });
  return beginning(frame, true, () =>
    new sfn.Choice(scope, 'data checked?').when(sfn.Condition.isNull('$.facts'), check).otherwise(plan),
  );
}

/**
 * The models, so many at once as the account bears: a branch each, which its name chooses. A branch whose step fails has ended well
 * for the map, so that no model stops another.
 */
function eachModel({ scope, platform }: Frame, branches: readonly ModelBranch[]): sfn.Map {
  const map = new sfn.Map(scope, 'models', {
    itemsPath: sfn.JsonPath.stringAt('$.plan.models'),
    maxConcurrency: platform.modelsAtOnce,
    itemSelector: branchInput(),
    resultPath: '$.models',
  });
  const which = new sfn.Choice(scope, 'which model?');
  for (const branch of branches)
    which.when(sfn.Condition.stringEquals('$.model', branch.model.name), modelBranch(branch));
  which.otherwise(
    new sfn.Fail(scope, 'no such model', {
      error: 'NoSuchModel',
      cause:
        'The state machines and the function of the small steps are not of one version: deploy them together.',
    }),
  );
  map.itemProcessor(which);
  return map;
}

/** What a workflow is there for, which decides how its end is told. */
export type Produces = 'versions' | 'forecasts' | 'scores' | 'chain';

function produces(declared: ModelWorkflow): Produces {
  if (declared.perCutoff === true) return 'scores';
  return Object.values(declared.steps).some(({ kind }) => kind === 'register') ? 'versions' : 'forecasts';
}

/** Registering waits for all models: one may have to be better than another. */
function registration(
  frame: Frame,
  declared: ModelWorkflow,
  branches: readonly ModelBranch[],
): sfn.Parallel | null {
  const found = Object.entries(declared.steps).find(([, step]) => step.kind === 'register');
  if (found === undefined) return null;
  const [name, step] = found;
  const all = new sfn.Parallel(frame.scope, 'register the models', { resultPath: '$.registered' });
  branches.forEach(({ model, settings }, i) => {
    const task = smallStep(frame, `${model.name}: ${name}`, {
      action: 'register',
      step,
      model: model.name,
      quantity: model.quantity,
      requirements: settings.requirements ?? {},
      run: at('$.run'),
      dataset: at('$.plan.dataset'),
      own: at(`$.models[${i}]`),
      all: at('$.models'),
    });
    task.addCatch(
      new sfn.Pass(frame.scope, `${model.name}: ${name} failed`, {
        parameters: { model: model.name, version: null, status: null, reasons: [], failure: at('$') },
      }),
    );
    all.branch(task);
  });
  return all;
}

/**
 * Prices what all models have forecast. The set of forecasts is completed before, so that nothing that befalls the pricing takes
 * anything from it: a job that fails leaves the reason in `$.optimise.failure`, and the run goes on to its end.
 */
function pricing(
  frame: Frame,
  name: string,
): { readonly start: sfn.TaskStateBase; lead(next: sfn.IChainable): void } {
  const { scope, workflow, declaration } = frame;
  const start = smallStep(
    frame,
    'the set of forecasts',
    { action: 'forecasts', workflow, state: at('$'), alerts: declaration.alerts },
    '$.set',
  );
  const task = optimiseTask(frame, name);
  const kept = new sfn.Pass(scope, `${name} failed`, {
    inputPath: CAUGHT,
    resultPath: '$.optimise.failure',
  });
  tryAgain(scope, task, { step: 'optimise', retries: declaration.pricing?.retries ?? 1, failed: kept });
  const whole = new sfn.Choice(scope, 'forecasts to price?');
  start.next(whole);
  return {
    start,
    lead: (next) => {
      task.next(next);
      kept.next(next);
      whole.when(sfn.Condition.stringEquals('$.set.answer.status', 'incomplete'), next).otherwise(task);
    },
  };
}

/** What every state of an execution carries on. */
export const KEPT = [
  'run',
  'workflow',
  'data',
  'parameters',
  'startedAt',
  'deadlineAt',
  'begunAt',
  'chain',
  'nested',
  'facts',
  'training',
  'late',
] as const;

/**
 * The states after the work: what came of it is put together, people are told where something went wrong, and an execution
 * that lacks forecasts fails.
 * @param frame of the workflow
 * @param lead makes the last states of the work lead on to another
 * @param produces what the workflow is there for
 * @returns where to go when the work itself breaks
 */
export function ending(
  frame: Frame,
  lead: (next: sfn.IChainable) => void,
  produces: Produces,
): { readonly broken: sfn.IChainable } {
  const { scope, workflow, declaration } = frame;
  const complete = smallStep(frame, 'complete', {
    action: 'complete',
    workflow,
    produces,
    state: at('$'),
    alerts: declaration.alerts,
  });
  complete.addRetry({ errors: [sfn.Errors.ALL], maxAttempts: 3 });
  lead(complete);
  const fail = new sfn.Fail(scope, 'incomplete', {
    errorPath: '$.status',
    causePath: '$.message',
  });
  const done = new sfn.Succeed(scope, 'done');
  const outcome = new sfn.Choice(scope, 'all there?')
    .when(
      sfn.Condition.and(
        sfn.Condition.stringEquals('$.status', 'incomplete'),
        sfn.Condition.booleanEquals('$.nested', false),
      ),
      fail,
    )
    .otherwise(done);
  const tell = notification(frame, 'tell people', `hemline: ${workflow} needs a look`, '$.message');
  tell.next(outcome);
  // A run is not lost over a message, nor is the message: where this step fails as well, the execution does, which has an alarm.
  const untold = smallStep(
    frame,
    'people were not told',
    { action: 'untold', workflow, failure: at('$.untold') },
    '$.untold',
  );
  untold.next(outcome);
  tell.addCatch(untold, { resultPath: '$.untold' });
  complete.next(
    new sfn.Choice(scope, 'all well?')
      .when(
        sfn.Condition.or(
          sfn.Condition.stringEquals('$.status', 'complete'),
          sfn.Condition.booleanEquals('$.nested', true),
        ),
        outcome,
      )
      .otherwise(tell),
  );
  return { broken: complete };
}
