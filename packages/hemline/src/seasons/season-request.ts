import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  ConfigurationError,
  DEFAULT_DISCOUNTS,
  QUANTITIES,
  isSystemError,
  systemError,
  type QuantityName,
} from '@hemline/core';
import type { MarketOptions } from '@hemline/market-simulator';
import { DEFAULT_MINIMUM_GAIN } from '@hemline/pricing';
import { parseHyperparameters } from '@hemline/runtime';
import type { SeasonFacts } from '@hemline/seasons';
import { readLimits } from '../pricing/given-limits.ts';
import { loadModel, modelPackage, modelPackages } from '../workspace.ts';
import { planningPolicy } from './policy-name.ts';
import { settingsText, type Settings } from '../work-options.ts';
import { sourceVersion } from '../workflow/source-version.ts';

/** What is not as in the plain market. */
export type SeasonWorld = Pick<
  MarketOptions,
  'pool' | 'competition' | 'aging' | 'vat' | 'overstock' | 'residual'
>;

/** Of what a season is played, and by what. */
export interface SeasonSettings extends SeasonWorld {
  /**
   * `hold`, `flat-N` (N % for everything), `planner` (the market's own rule of stock cover), `price:MODEL`, `oracle`, either of these two
   * with `+explore-N` (N % of the articles by lot), or a module whose default export is a policy or makes one.
   */
  readonly policies?: readonly string[];
  /** Seeds of the markets, `[21]` by default. */
  readonly seeds?: readonly number[];
  /** 400 by default. */
  readonly articles?: number;
  /** 2 by default. */
  readonly markets?: number;
  /** Weeks that are played, 26 by default. */
  readonly weeks?: number;
  /** Weeks before them, priced by the market's own planner; 104 by default. */
  readonly history?: number;
  /** Weeks after them at most, in which the planner sells on; 39 by default. */
  readonly runOut?: number;
  /** Weeks from one training to the next, 4 by default. */
  readonly retrain?: number;
  /** Weeks ahead that are forecast and planned, at most; 26 by default. */
  readonly horizon?: number;
  /** File of limits, YAML or JSON. */
  readonly limits?: string;
  /** Least gain of a change, of policies that price by forecasts; {@link DEFAULT_MINIMUM_GAIN} by default. */
  readonly minimumGain?: number;
  /** Hyperparameters by model, `preset` among them. */
  readonly hyperparameters?: Readonly<Record<string, Settings>>;
}

/** A season as it is played: plain data, that a process can be sent. */
export interface SeasonRequest {
  readonly policies: readonly string[];
  readonly seeds: readonly number[];
  readonly articles: number;
  readonly markets: number;
  readonly weeks: number;
  readonly history: number;
  readonly runOut: number;
  readonly discounts: string;
  readonly world: SeasonWorld;
  readonly retrain: number;
  readonly horizon: number;
  readonly minimumGain: number;
  /** Path and text of the limits; null where nothing is limited. */
  readonly limits: { readonly file: string; readonly text: string } | null;
  /** By model; text by name. */
  readonly hyperparameters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Models of the quantities besides demand. */
  readonly others: readonly string[];
  /** SHA-256 of each policy that is a module, by its path. */
  readonly modules: Readonly<Record<string, string>>;
  /** Version of the code that plays. */
  readonly code: string;
}

/** What is played where nothing else is said. */
export const SEASON_DEFAULTS = {
  policies: ['planner', 'price:demand-blend', 'oracle'],
  seeds: [21],
  ...{ articles: 400, markets: 2, weeks: 26, history: 104, runOut: 39, retrain: 4, horizon: 26 },
} as const;

/** Bounds of each number. */
const NUMBERS = {
  articles: [1, 1_000_000],
  markets: [1, 25],
  weeks: [1, 104],
  history: [14, 520],
  runOut: [0, 104],
  retrain: [1, 104],
  horizon: [1, 104],
} as const;

/**
 * Fills in defaults, and checks everything that can be checked before a market is made.
 * @param given settings
 * @returns the request
 * @throws ConfigurationError for numbers out of range, policies twice, and limits that are wrong
 * @throws UnsupportedError for a policy or model that there is not
 * @throws HyperparameterError for values that a model does not take
 */
export async function seasonRequest(given: SeasonSettings): Promise<SeasonRequest> {
  const { policies = SEASON_DEFAULTS.policies, seeds = SEASON_DEFAULTS.seeds } = given;
  const numbers = numbersOf(given);
  checkOnce('policy', policies);
  checkOnce('seed', seeds.map(String));
  const odd = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  if (odd !== undefined)
    throw new ConfigurationError('a seed is a whole number from 0', {
      expected: 'such as 21',
      found: String(odd),
    });
  const modules: Record<string, string> = {};
  const named = policies.map((policy) => (isModule(policy) ? resolve(policy) : policy));
  for (const policy of named) {
    if (isModule(policy)) modules[policy] = await digestOf(policy);
    else await checkPolicy(policy);
  }
  const others = named.some((policy) => policy.startsWith('price:')) ? await otherModels() : [];
  const hyperparameters = Object.fromEntries(
    Object.entries(given.hyperparameters ?? {}).map(([model, values]) => [model, settingsText(values)]),
  );
  const played = [...named.flatMap((policy) => planningPolicy(policy)?.model ?? []), ...others];
  for (const [model, values] of Object.entries(hyperparameters)) {
    modelPackage(model);
    if (!played.includes(model))
      throw new ConfigurationError(`hyperparameters of ${model} are given, which no policy asks`, {
        expected: `models that are trained: ${played.filter((name) => modelPackages().some((each) => each.name === name)).join(', ') || 'none'}`,
        found: model,
        remedy: `Leave them out, or add price:${model} to the policies.`,
      });
    parseHyperparameters(await loadModel(model), values);
  }
  const limits = given.limits === undefined ? null : await readLimits(given.limits);
  return {
    ...{
      policies: named,
      seeds: [...seeds],
      ...numbers,
      discounts: DEFAULT_DISCOUNTS,
      world: worldOf(given),
    },
    minimumGain: given.minimumGain ?? DEFAULT_MINIMUM_GAIN,
    limits: limits === null ? null : { file: given.limits!, text: limits.text },
    ...{ hyperparameters, others, modules, code: sourceVersion(['market-simulator']) },
  };
}

/**
 * @param request of a season
 * @returns what decides its result, as JSON by name
 */
export function factsOf(request: SeasonRequest): SeasonFacts {
  return Object.fromEntries(Object.entries(request).map(([name, value]) => [name, JSON.stringify(value)]));
}

/**
 * @param facts of a season
 * @returns 16 hexadecimal digits that tell it from others
 */
export function factsKey(facts: SeasonFacts): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

/**
 * @param policy as it was named
 * @returns whether it is a module of somebody's own
 */
export function isModule(policy: string): boolean {
  return /\.[mc]?[jt]s$/.test(policy);
}

/** Without what is as in the plain market: the same season has the same folder, however it is asked for. */
function worldOf({ pool, competition, aging, vat, overstock, residual }: SeasonWorld): SeasonWorld {
  return {
    ...(pool === true ? { pool } : {}),
    ...(competition === undefined || competition === 0 ? {} : { competition }),
    ...(aging === undefined || aging === 0 ? {} : { aging }),
    ...(vat === true ? { vat } : {}),
    ...(overstock === undefined || overstock === 0 ? {} : { overstock }),
    ...(residual === undefined || residual === 1 ? {} : { residual }),
  };
}

function numbersOf(given: SeasonSettings): Record<keyof typeof NUMBERS, number> {
  const wrong: string[] = [];
  const numbers = {} as Record<keyof typeof NUMBERS, number>;
  for (const [name, [least, most]] of Object.entries(NUMBERS) as [
    keyof typeof NUMBERS,
    readonly [number, number],
  ][]) {
    const value = given[name] ?? SEASON_DEFAULTS[name];
    numbers[name] = value;
    if (!Number.isSafeInteger(value) || value < least || value > most)
      wrong.push(`${name} ${value} (a whole number from ${least} to ${most})`);
  }
  if (wrong.length === 0) return numbers;
  throw new ConfigurationError('the season cannot be played', {
    expected: 'every number in its range',
    found: wrong.join('; '),
  });
}

async function checkPolicy(policy: string): Promise<void> {
  if (['hold', 'planner'].includes(policy) || /^flat-\d{1,2}$/.test(policy)) return;
  const plans = planningPolicy(policy);
  if (plans === null)
    throw new ConfigurationError(`there is no policy ${policy}`, {
      expected:
        'hold, flat-N for N %, planner, price:MODEL, oracle, the last two also with +explore-N for N % of the articles (0 to 100) or +explore-NxK for up to K levels, or the path of a module (.ts, .js)',
      found: policy,
    });
  const { model } = plans;
  if (model === null) return;
  modelPackage(model);
  const { quantity } = await loadModel(model);
  if (quantity === 'demand') return;
  throw new ConfigurationError(`${model} does not forecast demand`, {
    expected: 'a model of demand, to price by',
    found: `one of the ${quantity.replace('-', ' ')}`,
    remedy: 'The models of the other quantities are trained with every model of demand.',
  });
}

/** Of each quantity besides demand one model: the first that is no baseline, where there is one. */
async function otherModels(): Promise<string[]> {
  const found = new Map<QuantityName, { readonly name: string; readonly isBaseline: boolean }>();
  for (const { name, baseline } of modelPackages()) {
    const { quantity } = await loadModel(name);
    if (found.get(quantity)?.isBaseline !== false)
      found.set(quantity, { name, isBaseline: baseline === quantity });
  }
  return (Object.keys(QUANTITIES) as QuantityName[]).flatMap((quantity) =>
    quantity === 'demand' ? [] : (found.get(quantity)?.name ?? []),
  );
}

async function digestOf(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, path, 'read') : cause;
  }
}

function checkOnce(what: string, values: readonly string[]): void {
  if (values.length === 0)
    throw new ConfigurationError(`a season needs a ${what}`, { expected: 'one or more', found: 'none' });
  const again = values.find((value, index) => values.indexOf(value) !== index);
  if (again === undefined) return;
  throw new ConfigurationError(`a ${what} is given twice`, {
    expected: `every ${what} once`,
    found: `${again} again`,
    remedy: 'Leave it out the second time.',
  });
}
