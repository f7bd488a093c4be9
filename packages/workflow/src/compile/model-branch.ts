import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import type { ModelFacts } from '../declaration/model-facts.ts';
import { settingsOf, type ModelSettings } from '../declaration/settings.ts';
import { APPROVED, type ModelStep } from '../declaration/steps.ts';
import { retryService, type Frame } from './frame.ts';
import { jobTask, type StepContext } from './job-tasks.ts';
import { levelsOf, type NamedStep } from './levels.ts';
import { at } from './paths.ts';
import { failAlike, noTries, keepFailure, tryAgain } from './try-again.ts';

/** Cutoffs of one model at the same time. */
export const CUTOFFS_AT_ONCE = 2;

/** A branch: a model's steps up to the point where all models are needed. */
export interface ModelBranch extends Frame {
  readonly declared: ModelWorkflow;
  readonly model: ModelFacts;
  readonly settings: ModelSettings;
}

/**
 * The branches' common input: what a model's steps read, and nothing of the other models.
 * @param model name
 * @param steps of the workflow
 * @returns parameters of a Pass
 */
function narrow(model: string, steps: readonly string[]): Record<string, unknown> {
  return {
    model,
    run: at('$.run'),
    data: at('$.plan.dataset'),
    parameters: at('$.parameters'),
    plan: at(`$.plan.models['${model}']`),
    tries: noTries(steps),
  };
}

/**
 * Compiles a model's jobs. A step that fails ends the branch, not the execution: the outcome then has `failure` and
 * `failedStep`.
 * @param branch model and workflow
 * @returns the branch
 */
export function modelBranch(branch: ModelBranch): sfn.IChainable {
  const { scope, declared, model } = branch;
  const start = new sfn.Pass(scope, `${model.name}`, {
    parameters: narrow(model.name, Object.keys(declared.steps)),
  });
  if (declared.perCutoff === true) {
    const map = new sfn.Map(scope, `${model.name}: cutoffs`, {
      itemsPath: sfn.JsonPath.stringAt('$.plan.cutoffs'),
      maxConcurrency: CUTOFFS_AT_ONCE,
      itemSelector: {
        ...sameFields(['model', 'run', 'data', 'parameters', 'plan', 'tries']),
        each: at('$$.Map.Item.Value'),
      },
      resultPath: '$.cutoffs',
    });
    map.itemProcessor(steps(branch, scope));
    return start.next(map);
  }
  const work = steps(branch, scope);
  if (!usesApproved(declared)) return start.next(work);
  return start.next(
    new sfn.Choice(scope, `${model.name}: approved?`)
      .when(
        sfn.Condition.isNull('$.plan.approved'),
        new sfn.Pass(scope, `${model.name}: no approved version`, {
          result: sfn.Result.fromObject({ step: 'approved' }),
          resultPath: '$.failed',
        }),
      )
      .otherwise(work),
  );
}

function usesApproved({ steps }: ModelWorkflow): boolean {
  return Object.values(steps).some((step) => step.kind === 'forecast' && step.model === APPROVED);
}

function sameFields(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, at(`$.${name}`)]));
}

function steps(branch: ModelBranch, scope: Construct): sfn.IChainable {
  const { declared, model } = branch;
  const jobs = Object.fromEntries(
    Object.entries(declared.steps).filter(
      ([, step]) => step.kind !== 'register' && (step.kind !== 'features' || model.features),
    ),
  );
  const levels = levelsOf(jobs);
  const places = new Map<string, string>();
  levels.forEach((level, i) => {
    for (const [name] of level) places.set(name, level.length === 1 ? `$.${name}` : `$.level${i}.${name}`);
  });
  const tasks = levels.map((level, i) => levelState(branch, scope, level, i, (name) => places.get(name)!));
  tasks.forEach((task, i) => {
    if (i > 0) tasks[i - 1]!.next(task);
  });
  return tasks[0]!;
}

/** Steps of one level run at the same time. */
function levelState(
  branch: ModelBranch,
  scope: Construct,
  level: readonly NamedStep[],
  index: number,
  resultOf: (step: string) => string,
): sfn.State & sfn.INextable {
  const { model } = branch;
  const { retries = 1 } = branch.settings;
  if (level.length === 1) {
    const [name] = level[0]!;
    const task = stepTask(branch, scope, level[0]!, resultOf);
    const end = failed(scope, model.name, name);
    tryAgain(scope, task, { step: name, retries, failed: keepFailure(scope, `${task.id}: why`, end) });
    return task;
  }
  const parallel = new sfn.Parallel(scope, `${model.name}: ${level.map(([name]) => name).join(' and ')}`, {
    resultSelector: Object.fromEntries(level.map(([name], i) => [name, at(`$[${i}].${name}`)])),
    resultPath: `$.level${index}`,
  });
  for (const step of level) {
    const task = stepTask(branch, scope, step, resultOf);
    tryAgain(scope, task, { step: step[0], retries, failed: failAlike(scope, `${task.id}: why`) });
    parallel.branch(task);
  }
  parallel.addCatch(failed(scope, model.name, level.map(([name]) => name).join(' or ')), {
    resultPath: '$.failure',
  });
  return parallel;
}

function failed(scope: Construct, model: string, step: string): sfn.Pass {
  return new sfn.Pass(scope, `${model}: ${step} failed`, {
    result: sfn.Result.fromObject({ step }),
    resultPath: '$.failed',
  });
}

function stepTask(
  branch: ModelBranch,
  scope: Construct,
  [name, step]: NamedStep,
  resultOf: (step: string) => string,
): sfn.TaskStateBase {
  const { platform, workflow, declared, declaration, model, settings } = branch;
  const context: StepContext = {
    scope,
    id: `${model.name}: ${name}`,
    platform,
    workflow,
    perCutoff: declared.perCutoff === true,
    model,
    settings,
    tables: declaration.tables,
    name,
    resultOf,
  };
  const task = jobTask(step as Exclude<ModelStep, { kind: 'register' }>, context);
  retryService(task);
  return task;
}

/**
 * The models of a declaration, each with what is known and what is special about it.
 * @param frame of the workflow
 * @param declared workflow
 * @returns a branch a model
 */
export function branchesOf(frame: Frame, declared: ModelWorkflow): ModelBranch[] {
  const { models, catalog } = frame.declaration;
  return models.map(settingsOf).map((settings) => ({
    ...frame,
    declared,
    settings,
    model: catalog.find(({ name }) => name === settings.name)!,
  }));
}
