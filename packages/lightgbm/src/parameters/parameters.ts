import { availableParallelism } from 'node:os';
import { LightgbmError } from '../lightgbm-error.ts';

/** A value of a parameter; lists are joined by commas. */
export type ParameterValue = string | number | boolean | readonly (string | number)[];

/** Parameters by LightGBM's own names and aliases: `{ objective: 'binary', num_leaves: 31 }`. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

const THREADS = ['num_threads', 'num_thread', 'nthread', 'nthreads', 'n_jobs'];
const VERBOSITY = ['verbosity', 'verbose'];

/**
 * Writes parameters as LightGBM reads them. Threads are always said: as many as there are cores to use, unless set. And it is
 * told to be quiet, unless set: what it has to say of errors comes as an error.
 * @param parameters by name
 * @returns for example `objective=binary num_leaves=31 num_threads=2 verbosity=-1`
 * @throws LightgbmError when a name or value could not be told apart from the next one
 */
export function formatParameters(parameters: Parameters): string {
  const pairs = Object.entries(parameters).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(',') : String(value);
    if (/[\s=#]/.test(name) || /\s/.test(text) || text === '' || name === '')
      throw new LightgbmError(`the parameter ${name} cannot be passed on`, {
        expected: 'a name and a value without white space',
        found: JSON.stringify(text),
      });
    return `${name}=${text}`;
  });
  if (!THREADS.some((name) => name in parameters)) pairs.push(`num_threads=${availableParallelism()}`);
  if (!VERBOSITY.some((name) => name in parameters)) pairs.push('verbosity=-1');
  return pairs.join(' ');
}

/**
 * Joins the parameters that a dataset was made with and those of a training.
 * @param made of the dataset
 * @param asked of the training
 * @returns both
 * @throws LightgbmError when the training asks for what the dataset was not made with
 */
export function joinParameters(made: Parameters, asked: Parameters): Parameters {
  for (const [name, value] of Object.entries(made)) {
    if (name in asked && String(asked[name]) !== String(value))
      throw new LightgbmError(`the dataset was made with another ${name}`, {
        expected: `${name}=${String(asked[name])}`,
        found: `${name}=${String(value)}`,
        remedy: 'Make the dataset with it, or leave it out of the training.',
      });
  }
  return { ...asked, ...made };
}
