import { HemlineError, listing, nearest } from '@hemline/core';
import type { Declaration } from '../declaration/declaration.ts';
import type { ModelFacts } from '../declaration/model-facts.ts';
import { settingsOf, type ModelSettings } from '../declaration/settings.ts';
import { parseRequirements } from '../requirements/requirements.ts';
import type { Problem } from './problem.ts';

/** SageMaker takes 100; two are the workflow's own. */
const MOST_HYPERPARAMETERS = 98;
const LONGEST_VALUE = 256;
/** What the workflow sets itself. */
const RESERVED = ['cutoff', 'seed'];

/**
 * Checks the models of a declaration: that they exist, have their data, and can be required what they are.
 * @param declaration to check
 * @returns what is wrong
 */
export function modelProblems(declaration: Declaration): Problem[] {
  const settings = declaration.models.map(settingsOf);
  const names = settings.map(({ name }) => name);
  const problems: Problem[] = [];
  if (names.length === 0)
    problems.push({ where: 'models', problem: 'there are none', remedy: 'Name at least one.' });
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i)))
    problems.push({ where: `model ${name}`, problem: 'it is named twice', remedy: 'Name it once.' });
  for (const each of settings) {
    const facts = declaration.catalog.find(({ name }) => name === each.name);
    if (facts === undefined) problems.push(unknownModel(each.name, declaration));
    else problems.push(...missingTables(facts, declaration));
    problems.push(...hyperparameterProblems(each), ...requirementProblems(each, names, facts));
    const { retries = 1 } = each;
    if (!Number.isInteger(retries) || retries < 0 || retries > 10)
      problems.push({
        where: `model ${each.name}`,
        problem: `a job cannot be started again ${retries} times`,
        remedy: 'Give retries as a whole number from 0 to 10.',
      });
  }
  return problems;
}

function unknownModel(name: string, { catalog }: Declaration): Problem {
  const known = catalog.map((each) => each.name);
  const close = nearest(name, known);
  return {
    where: `model ${name}`,
    problem: 'there is no such model',
    remedy: close === undefined ? `There are ${listing(known, 20)}.` : `Did you mean ${close}?`,
  };
}

function missingTables({ name, fit, predict }: ModelFacts, { tables }: Declaration): Problem[] {
  const needs = [...new Set([...fit.required, ...predict.required])];
  const missing = needs.filter((table) => !tables.includes(table));
  if (missing.length === 0) return [];
  return [
    {
      where: `model ${name}`,
      problem: `it reads ${listing(missing)}, which the data does not have`,
      remedy: `Deliver ${missing.length === 1 ? 'the table' : 'the tables'} and add ${missing.length === 1 ? 'it' : 'them'} to tables, or leave the model out.`,
    },
  ];
}

function hyperparameterProblems({ name, hyperparameters = {} }: ModelSettings): Problem[] {
  const where = `model ${name}`;
  const entries = Object.entries(hyperparameters);
  const problems: Problem[] = [];
  if (entries.length > MOST_HYPERPARAMETERS)
    problems.push({
      where,
      problem: `it has ${entries.length} hyperparameters`,
      remedy: `SageMaker takes ${MOST_HYPERPARAMETERS} besides cutoff and seed: put them into a preset.`,
    });
  for (const [key, value] of entries) {
    if (RESERVED.includes(key))
      problems.push({
        where,
        problem: `the hyperparameter ${key} is the workflow's`,
        remedy: 'Leave it out: steps say their cutoff, an execution its seed.',
      });
    if (value.length > LONGEST_VALUE || /[\r\n]/.test(value))
      problems.push({
        where,
        problem: `the hyperparameter ${key} cannot be handed over`,
        remedy: `Keep it below ${LONGEST_VALUE} characters on one line.`,
      });
  }
  return problems;
}

function requirementProblems(
  { name, requirements }: ModelSettings,
  names: readonly string[],
  facts: ModelFacts | undefined,
): Problem[] {
  if (requirements === undefined) return [];
  const where = `model ${name}`;
  try {
    parseRequirements(requirements, name, facts?.metrics);
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    return [{ where, problem: error.message.replace(/\.$/, ''), remedy: 'Correct its requirements.' }];
  }
  const other = requirements.betterThan?.model;
  if (other === undefined) return [];
  if (other === name)
    return [
      {
        where,
        problem: 'it is required to be better than itself',
        remedy: 'Name another model in betterThan.',
      },
    ];
  if (names.includes(other)) return [];
  return [
    {
      where,
      problem: `it is required to be better than ${other}, which is not scored`,
      remedy: `Add ${other} to the models, or drop betterThan.`,
    },
  ];
}
