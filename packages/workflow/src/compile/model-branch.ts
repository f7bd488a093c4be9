import { aws_stepfunctions as sfn } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import type { ModelFacts } from '../declaration/model-facts.ts';
import { settingsOf, type ModelSettings } from '../declaration/settings.ts';
import { modelJobs } from '../declaration/steps.ts';
import { retryService, type Frame } from './frame.ts';
import { jobTask, type StepContext } from './job-tasks.ts';
import { levelsOf, type NamedStep } from './levels.ts';
import { at } from './paths.ts';
import { hasStandIn, orStandIn, standInTries } from './stand-in.ts';
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
 * Compiles a model's jobs. A step that fails ends the branch, not the execution: the outcome then has `failure` and
 * `failedStep`.
 * @param branch model and workflow
 * @returns the branch, whose input is what {@link branchInput} tells
 */
export function modelBranch(branch: ModelBranch): sfn.IChainable {
  const { scope, declared, model } = branch;
  const start = new sfn.Pass(scope, `${model.name}`, {
    result: sfn.Result.fromObject(noTries(countedSteps(declared))),
    resultPath: '$.tries',
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

/**
 * A branch's input: what a model's steps read, and nothing of the other models.
 * @returns of a map over the models, what each of its items is made to
 */
export function branchInput(): Record<string, unknown> {
  return {
    model: at('$$.Map.Item.Value.model'),
    plan: at('$$.Map.Item.Value.plan'),
    run: at('$.run'),
    data: at('$.plan.dataset'),
    parameters: at('$.parameters'),
  };
}

/** Steps whose attempts are counted, each under its name. */
function countedSteps({ steps }: ModelWorkflow): string[] {
  return Object.entries(steps).flatMap(([name, step]) =>
    hasStandIn(step) ? [name, standInTries(name)] : [name],
  );
}

function usesApproved({ steps }: ModelWorkflow): boolean {
  return Object.values(steps).some(hasStandIn);
}

function sameFields(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, at(`$.${name}`)]));
}

function steps(branch: ModelBranch, scope: Construct): sfn.IChainable {
  const { declared, model } = branch;
  const levels = levelsOf(modelJobs(declared.steps, model.features));
  const places = new Map<string, string>();
  levels.forEach((level, i) => {
    for (const [name] of level) places.set(name, level.length === 1 ? `$.${name}` : `$.level${i}.${name}`);
  });
  const states = levels.map((level, i) => levelState(branch, scope, level, i, (name) => places.get(name)!));
  states.forEach(({ start }, i) => {
    if (i > 0) for (const state of states[i - 1]!.open) state.next(start);
  });
  return states[0]!.start;
}

/** States of one level. */
interface LevelStates {
  readonly start: sfn.IChainable;
  /** Those that lead on to the next level. */
  readonly open: readonly sfn.INextable[];
}

/** Steps of one level run at the same time. */
function levelState(
  branch: ModelBranch,
  scope: Construct,
  level: readonly NamedStep[],
  index: number,
  resultOf: (step: string) => string,
): LevelStates {
  const { model } = branch;
  if (level.length === 1) {
    const [name] = level[0]!;
    const end = failed(scope, model.name, name);
    return stepStates(branch, scope, level[0]!, resultOf, ({ id }) => keepFailure(scope, `${id}: why`, end));
  }
  const parallel = new sfn.Parallel(scope, `${model.name}: ${level.map(([name]) => name).join(' and ')}`, {
    resultSelector: Object.fromEntries(level.map(([name], i) => [name, at(`$[${i}].${name}`)])),
    resultPath: `$.level${index}`,
  });
  for (const step of level)
    parallel.branch(
      stepStates(branch, scope, step, resultOf, ({ id }) => failAlike(scope, `${id}: why`)).start,
    );
  parallel.addCatch(failed(scope, model.name, level.map(([name]) => name).join(' or ')), {
    resultPath: '$.failure',
  });
  return { start: parallel, open: [parallel] };
}

/** A step with what follows its failures, but for the last. */
function stepStates(
  branch: ModelBranch,
  scope: Construct,
  step: NamedStep,
  resultOf: (step: string) => string,
  failedTo: (task: sfn.TaskStateBase) => sfn.IChainable,
): LevelStates {
  const { retries = 1 } = branch.settings;
  const [name, declared] = step;
  const task = stepTask(branch, scope, step, resultOf);
  const standIn = hasStandIn(declared) ? stepTask(branch, scope, step, resultOf, true) : null;
  const last =
    standIn === null
      ? failedTo(task)
      : orStandIn(scope, task, standIn, { step: name, retries, failed: failedTo });
  tryAgain(scope, task, { step: name, retries, failed: last });
  return { start: task, open: standIn === null ? [task] : [task, standIn] };
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
  isStandIn = false,
): sfn.TaskStateBase {
  const { platform, workflow, declared, declaration, model, settings } = branch;
  const context: StepContext = {
    scope,
    id: `${model.name}: ${isStandIn ? `stand-in ${name}` : name}`,
    platform,
    workflow,
    perCutoff: declared.perCutoff === true,
    model,
    settings,
    tables: declaration.tables,
    name,
    isStandIn,
    resultOf,
  };
  const task = jobTask(step, context);
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
