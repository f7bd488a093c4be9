import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseWeek, type Week } from '@hemline/core';

/** Options of every command that reads a dataset. */
export interface DataOptions {
  readonly data: string;
  readonly descriptor?: string;
  readonly json?: boolean;
}

/**
 * Adds `--data`, `--descriptor` and `--json`.
 * @param command to add to
 * @returns it
 */
export function withData(command: Command): Command {
  return command
    .requiredOption(
      '--data <dir>',
      'folder of the dataset (Parquet files, with a dataset.json or the default names)',
    )
    .option(
      '--descriptor <file>',
      'a dataset.json that lies elsewhere, for data whose folder is not ours to write to',
    )
    .option('--json', 'print the result as JSON');
}

/** The option of commands that leave a record. */
export interface MlflowOption {
  /** Where the run is shown as well; by default `MLFLOW_TRACKING_URI`. */
  readonly mlflow?: string;
}

/**
 * Adds `--mlflow`.
 * @param command that leaves a record
 * @returns it
 */
export function withMlflow(command: Command): Command {
  return command.option(
    '--mlflow <url>',
    'also show the run on this MLflow tracking server (default: MLFLOW_TRACKING_URI)',
  );
}

/** Options that set hyperparameters. */
export interface SetOptions {
  readonly set: Readonly<Record<string, string>>;
  readonly preset?: string;
}

/**
 * Adds `--set name=value`, may be given several times.
 * @param command to add to
 * @returns it
 */
export function withHyperparameters(command: Command): Command {
  return withSet(command).option('--seed <n>', 'seed of everything random', parseWhole, 1);
}

/**
 * Adds the options that set hyperparameters, without the seed.
 * @param command to add to
 * @returns the command
 */
export function withSet(command: Command): Command {
  return command
    .addOption(
      new Option('--set <name=value>', 'a hyperparameter; may be given several times')
        .argParser(collectPair)
        .default({}, 'defaults of the model'),
    )
    .option('--preset <name>', "one of the model's presets, such as tiny");
}

/**
 * Parser of names, separated by commas.
 * @param text as typed
 * @returns the names
 */
export function parseNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/**
 * Parser of whole positive numbers.
 * @param text as typed
 * @returns the number
 * @throws InvalidArgumentError for anything else
 */
export function parseWhole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return value;
}

/**
 * Parser of a week.
 * @param text as typed
 * @returns the week
 * @throws InvalidArgumentError when it is no date
 */
export function parseWeekOption(text: string): Week {
  try {
    return parseWeek(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/**
 * Parser of a comma-separated list of weeks.
 * @param text as typed
 * @returns the weeks in the order given
 * @throws InvalidArgumentError when one is no date
 */
export function parseWeekList(text: string): Week[] {
  return text.split(',').map(parseWeekOption);
}

/**
 * @param text whole numbers, separated by commas
 * @returns the numbers
 */
export function parseWholeList(text: string): number[] {
  return text.split(',').map(parseWhole);
}

/**
 * Collects `name=value` of an option that may be given several times.
 * @param text as typed
 * @param pairs before it
 * @returns all of them
 * @throws InvalidArgumentError when there is no name
 */
export function collectPair(text: string, pairs: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Expected name=value.');
  return { ...pairs, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Hyperparameters by model. */
export type ModelSettings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Collects `model.name=value` of an option that may be given several times.
 * @param text as typed
 * @param before settings before it
 * @returns all of them
 * @throws InvalidArgumentError when a part is missing
 */
export function collectSetting(text: string, before: ModelSettings): ModelSettings {
  const [, model, name, value] = /^([a-z0-9-]+)\.([^=]+)=(.*)$/.exec(text) ?? [];
  if (model === undefined || name === undefined || value === undefined)
    throw new InvalidArgumentError('Expected model.name=value.');
  return { ...before, [model]: { ...before[model], [name]: value } };
}

/**
 * @param text a share: `5%`, or `0.05`
 * @returns it as a fraction
 * @throws InvalidArgumentError for what is none above 0, and 1 at most
 */
export function parseShare(text: string): number {
  const [, percent] = /^(.+?)\s*%$/.exec(text.trim()) ?? [];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  if (!(value > 0 && value <= 1))
    throw new InvalidArgumentError('Expected a share above 0, and 1 at most, such as 5% or 0.05.');
  return value;
}

/**
 * Parser of a fraction, which may be above 1.
 * @param text as typed
 * @returns the number
 * @throws InvalidArgumentError for anything else
 */
export function parseFraction(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < Infinity) || text.trim() === '')
    throw new InvalidArgumentError('Expected a number from 0.');
  return value;
}
