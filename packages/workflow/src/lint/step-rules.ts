import { listing, nearest } from '@hemline/core';
import { APPROVED, dependencies, type CutoffName, type WorkflowStep } from '../declaration/steps.ts';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import type { Problem } from './problem.ts';

/**
 * Checks the steps of a workflow: that each gets what it takes, from a step of the right kind, in an order that there is.
 * @param workflow to check
 * @returns what is wrong
 */
export function stepProblems(workflow: ModelWorkflow): Problem[] {
  const { steps, name } = workflow;
  const entries = Object.entries(steps);
  const problems: Problem[] = [];
  if (entries.length === 0)
    problems.push({ where: `workflow ${name}`, problem: 'it has no step', remedy: 'Give it one.' });
  for (const [step, declared] of entries) {
    const where = `workflow ${name}, step ${step}`;
    if (!/^[a-z][a-zA-Z0-9]*$/.test(step) || step === APPROVED || TAKEN.includes(step))
      problems.push({
        where,
        problem: 'a step cannot have this name',
        remedy: `Take letters and digits, the first a small letter, and none of ${listing([APPROVED, ...TAKEN], 20)}.`,
      });
    problems.push(...referenceProblems(where, declared, steps), ...cutoffProblems(where, declared, workflow));
  }
  const registers = entries.filter(([, step]) => step.kind === 'register');
  if (registers.length > 1)
    problems.push({
      where: `workflow ${name}`,
      problem: `it registers ${registers.length} times: ${registers.map(([step]) => step).join(', ')}`,
      remedy: 'Keep one of these steps.',
    });
  const priced = entries.filter(([, step]) => step.kind === 'optimise');
  if (priced.length > 1)
    problems.push({
      where: `workflow ${name}`,
      problem: `it prices ${priced.length} times: ${priced.map(([step]) => step).join(', ')}`,
      remedy: 'Keep one of these steps.',
    });
  const circle = circleOf(steps);
  if (circle !== null)
    problems.push({
      where: `workflow ${name}`,
      problem: `steps wait for each other: ${circle.join(' → ')}`,
      remedy: 'Let one of them take what an earlier step gives.',
    });
  return problems;
}

/** Fields that the state of a branch has anyway. */
const TAKEN = [
  'model',
  'run',
  'data',
  'parameters',
  'plan',
  'each',
  'failure',
  'failed',
  'cutoffs',
  'tries',
  'caught',
];

function referenceProblems(
  where: string,
  step: WorkflowStep,
  steps: Readonly<Record<string, WorkflowStep>>,
): Problem[] {
  const wanted: [field: string, name: string, kind: WorkflowStep['kind']][] = [];
  if ((step.kind === 'evaluate' || step.kind === 'forecast') && step.model !== APPROVED)
    wanted.push(['model', step.model, 'train']);
  if (step.kind === 'evaluate' && step.model === APPROVED)
    return [
      {
        where,
        problem: 'an approved version knows the weeks that it would be scored on',
        remedy: 'Score a step that trains as of an earlier week.',
      },
    ];
  if (step.kind === 'register')
    wanted.push(['model', step.model, 'train'], ['scores', step.scores, 'evaluate']);
  if (step.kind === 'optimise') wanted.push(['forecasts', step.forecasts, 'forecast']);
  return wanted.flatMap(([field, name, kind]): Problem[] => {
    const found = steps[name];
    const others = Object.keys(steps).filter((each) => steps[each]!.kind === kind);
    const close = nearest(name, others);
    const remedy =
      close !== undefined
        ? `Did you mean ${close}?`
        : others.length === 0
          ? `Add a step of kind ${kind}.`
          : `Name one of ${listing(others)}.`;
    if (found === undefined)
      return [{ where, problem: `its ${field} is the step ${name}, which there is not`, remedy }];
    if (found.kind !== kind)
      return [
        { where, problem: `its ${field} is ${name}, a step of kind ${found.kind}, not ${kind}`, remedy },
      ];
    return [];
  });
}

function cutoffProblems(
  where: string,
  step: WorkflowStep,
  { steps, perCutoff = false }: ModelWorkflow,
): Problem[] {
  if (step.kind === 'optimise') return pricingProblems(where, step, steps, perCutoff);
  if (step.kind === 'register')
    return perCutoff
      ? [{ where, problem: 'a backtest registers nothing', remedy: 'Register in a workflow of its own.' }]
      : [];
  const problems: Problem[] = [];
  const isEach = step.cutoff === 'each';
  if (isEach !== perCutoff)
    problems.push({
      where,
      problem: perCutoff ? `its cutoff is ${step.cutoff}` : 'there is no cutoff to take each of',
      remedy: perCutoff ? 'Let it be each.' : 'Take latest or held-out, or set perCutoff.',
    });
  if (step.kind === 'forecast' && step.model === APPROVED && perCutoff)
    problems.push({
      where,
      problem: 'an approved version knows the weeks after a past cutoff',
      remedy: 'Let it take a step that trains as of each cutoff.',
    });
  if (step.kind === 'evaluate' && knowsMore(steps[step.model], step.cutoff))
    problems.push({
      where,
      problem: `its model ${step.model} has seen the weeks that it is scored on`,
      remedy: `Train ${step.model} as of ${step.cutoff}.`,
    });
  if (step.kind === 'evaluate' && step.cutoff === 'latest')
    problems.push({
      where,
      problem: 'nothing has been observed after the latest week',
      remedy: 'Score as of held-out.',
    });
  return problems;
}

/** Prices are of weeks to come, by what has been checked and approved. */
function pricingProblems(
  where: string,
  { forecasts }: Extract<WorkflowStep, { kind: 'optimise' }>,
  steps: ModelWorkflow['steps'],
  perCutoff: boolean,
): Problem[] {
  if (perCutoff)
    return [
      {
        where,
        problem: 'a backtest sets no price: its weeks are over',
        remedy: 'Price in a workflow that forecasts the latest weeks.',
      },
    ];
  const problems: Problem[] = [];
  const step = steps[forecasts];
  if (step?.kind === 'forecast' && step.model !== APPROVED)
    problems.push({
      where,
      problem: `it prices by ${step.model}, which nobody has approved`,
      remedy: 'Forecast with the approved version: model APPROVED.',
    });
  if (Object.values(steps).some(({ kind }) => kind === 'register'))
    problems.push({
      where,
      problem: 'the workflow registers versions as well, and ends with these',
      remedy: 'Price in a workflow of its own, and chain them.',
    });
  return problems;
}

function knowsMore(trained: WorkflowStep | undefined, cutoff: CutoffName): boolean {
  return trained?.kind === 'train' && trained.cutoff === 'latest' && cutoff === 'held-out';
}

/** A way from a step back to itself. */
function circleOf(steps: Readonly<Record<string, WorkflowStep>>): string[] | null {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const step = steps[name];
    if (step === undefined || done.has(name)) return null;
    for (const next of dependencies(step)) {
      const circle = walk(next, [...path, name]);
      if (circle !== null) return circle;
    }
    done.add(name);
    return null;
  };
  for (const name of Object.keys(steps)) {
    const circle = walk(name, []);
    if (circle !== null) return circle;
  }
  return null;
}
