import { availableParallelism } from 'node:os';
import { LightgbmError } from '../lightgbm-error.ts';
import { nearestName } from './nearest-name.ts';
import { PARAMETER_NAMES, type ParameterName } from './parameter-names.ts';
import { uselessness } from './parameter-uses.ts';
import { formatValue, type ParameterValue } from './parameter-value.ts';

/** Parameters by LightGBM's own names and aliases: `{ objective: 'binary', num_leaves: 31 }`. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** Parameters by their first names, values as LightGBM reads them. */
export type ResolvedParameters = Readonly<Partial<Record<ParameterName, string>>>;

/** First names, by all names. */
const FIRST_NAMES: ReadonlyMap<string, ParameterName> = new Map(
  Object.entries(PARAMETER_NAMES).flatMap(([first, others]) =>
    [first, ...others].map((name) => [name, first as ParameterName] as const),
  ),
);

/**
 * Finds the first names of parameters, and writes their values. LightGBM itself passes over names that it does not know, and takes
 * one of two values where a parameter is given by two of its names.
 * @param parameters by any of their names
 * @returns values by first name
 * @throws LightgbmError when a name is not known, is the second one of a parameter, or means nothing here
 */
export function resolveParameters(parameters: Parameters): ResolvedParameters {
  const resolved: Partial<Record<ParameterName, string>> = {};
  const given = new Map<ParameterName, string>();
  for (const [name, value] of Object.entries(parameters)) {
    const first = FIRST_NAMES.get(name);
    if (first === undefined) throw unknownName(name);
    const twin = given.get(first);
    if (twin !== undefined)
      throw new LightgbmError(`${twin} and ${name} are two names of one parameter`, {
        expected: 'one of them',
        found: 'both',
      });
    given.set(first, name);
    const advice = uselessness(first);
    if (advice !== null)
      throw new LightgbmError(`the parameter ${name} would do nothing here`, { remedy: advice });
    resolved[first] = formatValue(name, value);
  }
  return resolved;
}

function unknownName(name: string): LightgbmError {
  const meant = nearestName(name, [...FIRST_NAMES.keys()]);
  return new LightgbmError(`LightGBM has no parameter ${JSON.stringify(name)}`, {
    remedy: meant === null ? 'Its documentation lists those that there are.' : `Did you mean ${meant}?`,
  });
}

/**
 * Writes parameters as LightGBM reads them.
 * @param parameters by first name
 * @returns for example `objective=binary num_leaves=31`
 */
export function joinParameters(parameters: ResolvedParameters): string {
  return Object.entries(parameters)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ');
}

/**
 * Writes parameters as LightGBM reads them. Threads are always said: as many as there are cores to use, unless set. And it is
 * told to be quiet, unless set: what it has to say of errors comes as an error.
 * @param parameters by first name
 * @returns for example `num_threads=2 verbosity=-1 objective=binary`
 */
export function formatParameters(parameters: ResolvedParameters): string {
  return joinParameters({ num_threads: String(availableParallelism()), verbosity: '-1', ...parameters });
}
