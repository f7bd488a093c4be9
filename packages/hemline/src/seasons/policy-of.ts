import { pathToFileURL } from 'node:url';
import { ConfigurationError } from '@hemline/core';
import { NO_LIMITS, parseLimits } from '@hemline/pricing';
import { parseHyperparameters } from '@hemline/runtime';
import {
  flatPolicy,
  forecastPolicy,
  holdPolicy,
  oraclePolicy,
  plannerPolicy,
  type Policy,
  type SeasonModel,
} from '@hemline/seasons';
import { loadModel } from '../workspace.ts';
import { planningPolicy } from './policy-name.ts';
import { isModule, type SeasonRequest } from './season-request.ts';

/**
 * Makes a policy by its name.
 * @param name of it, or path of a module
 * @param request of the season
 * @param seed of the market, which is that of trainings too
 * @returns the policy
 * @throws ConfigurationError for a module that is no policy
 */
export async function policyOf(name: string, request: SeasonRequest, seed: number): Promise<Policy> {
  const { horizon, retrain, minimumGain, others } = request;
  const limits = request.limits === null ? NO_LIMITS : parseLimits(request.limits.text, request.limits.file);
  if (isModule(name)) return policyOfModule(name);
  if (name === 'hold') return holdPolicy();
  if (name === 'planner') return plannerPolicy();
  if (name.startsWith('flat-')) return flatPolicy(Number(name.slice('flat-'.length)));
  const { model, exploring } = planningPolicy(name)!;
  if (model === null) return oraclePolicy(limits, horizon, exploring, seed);
  return forecastPolicy({
    demand: await seasonModel(model, request),
    others: await Promise.all(others.map((each) => seasonModel(each, request))),
    ...{ retrain, seed, horizon, limits, minimumGain, explore: exploring },
  });
}

async function seasonModel(name: string, { hyperparameters }: SeasonRequest): Promise<SeasonModel> {
  const model = await loadModel(name);
  return { model, ...parseHyperparameters(model, hyperparameters[name] ?? {}) };
}

async function policyOfModule(path: string): Promise<Policy> {
  const { default: found } = (await import(pathToFileURL(path).href)) as {
    default?: Policy | (() => Policy);
  };
  const policy = typeof found === 'function' ? found() : found;
  if (typeof policy?.name === 'string' && typeof policy.decide === 'function') return policy;
  throw new ConfigurationError('the module is no policy', {
    expected: 'a default export with name and decide, or a function that makes one',
    found: found === undefined ? 'no default export' : typeof found,
    where: { file: path },
  });
}
