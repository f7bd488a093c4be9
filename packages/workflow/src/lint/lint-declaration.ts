import { ConfigurationError, nearest, parseDiscountGrid, HemlineError } from '@hemline/core';
import { NO_FILE, type Declaration } from '../declaration/declaration.ts';
import { computeProblems } from './compute-rules.ts';
import { modelProblems } from './model-rules.ts';
import type { Problem } from './problem.ts';
import { stepProblems } from './step-rules.ts';

/**
 * Checks a declaration before anything is made of it.
 * @param declaration to check
 * @returns everything that is wrong, each with its remedy
 */
export function lintDeclaration(declaration: Declaration): Problem[] {
  return [
    ...modelProblems(declaration),
    ...computeProblems(declaration),
    ...declaration.workflows.flatMap((each) => (each.kind === 'models' ? stepProblems(each) : [])),
    ...workflowProblems(declaration),
    ...parameterProblems(declaration),
  ];
}

/**
 * Checks a declaration.
 * @param declaration to check
 * @throws ConfigurationError that names everything that is wrong
 */
export function checkDeclaration(declaration: Declaration): void {
  const problems = lintDeclaration(declaration);
  if (problems.length === 0) return;
  const lines = problems.map(({ where, problem, remedy }) => `\n- ${where}: ${problem}. ${remedy}`);
  throw new ConfigurationError(
    `the declaration of the workflows has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}`,
    {
      found: lines.join(''),
    },
  );
}

function workflowProblems({ workflows }: Declaration): Problem[] {
  const names = workflows.map(({ name }) => name);
  return workflows.flatMap((workflow, at): Problem[] => {
    const where = `workflow ${workflow.name}`;
    const problems: Problem[] = [];
    if (!/^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$/.test(workflow.name))
      problems.push({
        where,
        problem: 'a workflow cannot have this name',
        remedy: 'Take at most 31 small letters, digits and hyphens: it becomes a part of names in AWS.',
      });
    if (names.indexOf(workflow.name) !== at)
      problems.push({ where, problem: 'there is another of this name', remedy: 'Rename one of them.' });
    if (workflow.kind === 'models') return problems;
    if (workflow.chain.length === 0)
      problems.push({ where, problem: 'it chains nothing', remedy: 'Name the workflows, in order.' });
    for (const name of workflow.chain) {
      const position = names.indexOf(name);
      const close = nearest(name, names);
      if (position === -1)
        problems.push({
          where,
          problem: `it chains ${name}, which there is not`,
          remedy: close === undefined ? 'Declare it.' : `Did you mean ${close}?`,
        });
      else if (position >= at)
        problems.push({
          where,
          problem:
            name === workflow.name ? 'it chains itself' : `it chains ${name}, which is declared after it`,
          remedy: 'Chain workflows that are declared before: so there can be no circle.',
        });
      else if (workflows[position]!.kind === 'models' && isBacktest(workflows[position]!))
        problems.push({
          where,
          problem: `it chains ${name}, which runs on past cutoffs`,
          remedy: 'Start backtests by themselves.',
        });
    }
    return problems;
  });
}

function isBacktest(workflow: Declaration['workflows'][number]): boolean {
  return workflow.kind === 'models' && workflow.perCutoff === true;
}

function parameterProblems({ parameters, alerts, pricing }: Declaration): Problem[] {
  const problems: Problem[] = [];
  const whole = (name: string, text: string, least: number): void => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      problems.push({
        where: `parameter ${name}`,
        problem: `${text} is no whole number of at least ${least}`,
        remedy: 'Correct it.',
      });
  };
  whole('seed', parameters.seed, 0);
  whole('horizon', parameters.horizon, 1);
  try {
    parseDiscountGrid(parameters.discounts);
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    problems.push({
      where: 'parameter discounts',
      problem: error.message.replace(/\.$/, ''),
      remedy: 'Correct it.',
    });
  }
  if (parameters.limits !== NO_FILE && !/^s3:\/\/[^/]+\/.+/.test(parameters.limits))
    problems.push({
      where: 'parameter limits',
      problem: `${parameters.limits} is no file in S3`,
      remedy: `Name one, s3://bucket/limits.yaml, or ${NO_FILE}.`,
    });
  if (parameters.decisions !== NO_FILE && !/^s3:\/\/[^/]+\/.+/.test(parameters.decisions))
    problems.push({
      where: 'parameter decisions',
      problem: `${parameters.decisions} is no place in S3`,
      remedy: `Name the store of decisions, s3://bucket/prefix, or ${NO_FILE}.`,
    });
  const share = Number(parameters.explore);
  if (parameters.explore.trim() === '' || !(share >= 0 && share <= 1))
    problems.push({
      where: 'parameter explore',
      problem: `${parameters.explore} is no share of the articles`,
      remedy: 'Give a number from 0, which explores nothing, to 1.',
    });
  const { retries = 1 } = pricing ?? {};
  if (!Number.isInteger(retries) || retries < 0 || retries > 10)
    problems.push({
      where: 'pricing',
      problem: `a job cannot be started again ${retries} times`,
      remedy: 'Give retries as a whole number from 0 to 10.',
    });
  for (const [name, value] of Object.entries(alerts) as [string, number][])
    if (!(value > 0))
      problems.push({ where: `alert ${name}`, problem: `${value} is not above 0`, remedy: 'Correct it.' });
  return problems;
}
