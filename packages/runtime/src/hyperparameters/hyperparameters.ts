import type { z } from 'zod';
import { HyperparameterError, issueText, nearest, parseWeek, type AnyModel, type Week } from '@hemline/core';
import { fieldType, showFieldType, type FieldType } from './field-type.ts';

/** Settings of the runtime that travel among the hyperparameters, and the model's own, typed. */
export interface ParsedHyperparameters {
  /** Of the model, with its defaults. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  /** Last week to know; null: the last known week of the data. */
  readonly cutoff: Week | null;
  readonly seed: number;
}

/** One hyperparameter, for people. */
export interface HyperparameterDescription {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly description: string;
}

/** Names that the runtime takes for itself. */
const RUNTIME_NAMES = ['cutoff', 'seed', 'preset'];
/** Limits of the platform (its documents disagree; these are the safe ones). */
const MOST_PARAMETERS = 100;
const LONGEST_VALUE = 256;

/**
 * Reads a job's hyperparameters. All values are strings and are parsed by the model's schema: `true` stays text where
 * text is wanted. Values that a client encoded as JSON strings are decoded. The platform's own are passed over.
 * @param model whose schema holds
 * @param raw as the platform hands them over
 * @returns typed values
 * @throws HyperparameterError that names every unknown name and every wrong value
 */
export function parseHyperparameters(
  model: AnyModel,
  raw: Readonly<Record<string, string>>,
): ParsedHyperparameters {
  const problems: string[] = [];
  const given = Object.entries(raw)
    .filter(([name]) => !name.startsWith('sagemaker_') && name !== '_tuning_objective_metric')
    .map(([name, value]) => [name, decodeJsonString(value)] as const);
  const shape = model.hyperparameters.shape as Readonly<Record<string, z.ZodType>>;
  const values: Record<string, unknown> = {};
  const preset = given.find(([name]) => name === 'preset')?.[1];
  if (preset !== undefined && !Object.hasOwn(model.presets, preset)) {
    problems.push(
      `preset: expected one of ${Object.keys(model.presets).join(', ') || 'none'}, found ${preset}`,
    );
  } else if (preset !== undefined) Object.assign(values, model.presets[preset]);
  for (const [name, text] of given) {
    if (RUNTIME_NAMES.includes(name)) continue;
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (schema === undefined) problems.push(unknownName(name, Object.keys(shape)));
    else values[name] = parseText(name, text, fieldType(schema), problems);
  }
  const cutoff = runtimeValue(given, 'cutoff', parseWeek, problems);
  const seed = runtimeValue(given, 'seed', parseSeed, problems);
  const parsed = model.hyperparameters.strict().safeParse(values);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      // What could not even be read as its type has been told already.
      if (values[name] !== UNREADABLE)
        problems.push(`${name}: ${issueText(issue.message)}, found ${JSON.stringify(values[name])}`);
    }
  }
  if (problems.length > 0 || !parsed.success) {
    throw new HyperparameterError(`the hyperparameters of ${model.name} are not valid`, {
      found: problems.join('; '),
      remedy: `"hemline models ${model.name}" lists what there is.`,
    });
  }
  return { hyperparameters: parsed.data as Record<string, unknown>, cutoff: cutoff ?? null, seed: seed ?? 1 };
}

/**
 * Writes typed hyperparameters as the platform takes them: the inverse of {@link parseHyperparameters}.
 * @param values flat, typed
 * @returns strings
 * @throws HyperparameterError when there are more, or longer ones, than the platform takes
 */
export function encodeHyperparameters(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const encoded = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    // Text that looks like a JSON string is encoded once more, so that decoding gives it back; text with line breaks is
    // encoded because the platform takes none.
    .map(
      ([name, value]) =>
        [
          name,
          typeof value === 'string' && !/^"|[\r\n]/.test(value) ? value : JSON.stringify(value),
        ] as const,
    );
  const long = encoded.find(([name, value]) => name.length > LONGEST_VALUE || value.length > LONGEST_VALUE);
  if (encoded.length > MOST_PARAMETERS || long !== undefined) {
    throw new HyperparameterError('the platform does not take these hyperparameters', {
      expected: `at most ${MOST_PARAMETERS}, names and values of at most ${LONGEST_VALUE} characters`,
      found: long === undefined ? String(encoded.length) : `${long[0]} with ${long[1].length} characters`,
    });
  }
  return Object.fromEntries(encoded);
}

/**
 * A model's hyperparameters for people.
 * @param model any model
 * @returns name, type, default and meaning of each
 */
export function describeHyperparameters(model: AnyModel): HyperparameterDescription[] {
  const defaults = model.hyperparameters.safeParse({});
  return Object.entries(model.hyperparameters.shape as Readonly<Record<string, z.ZodType>>).map(
    ([name, schema]) => {
      const value = defaults.success ? (defaults.data as Record<string, unknown>)[name] : undefined;
      return {
        name,
        type: showFieldType(fieldType(schema)),
        default: value === undefined ? null : String(value),
        description: schema.description ?? '',
      };
    },
  );
}

/** Stands in for a value that could not be read; no schema accepts it. */
const UNREADABLE = Symbol('unreadable');

function parseText(name: string, text: string, type: FieldType, problems: string[]): unknown {
  const unreadable = (expected: string): unknown => {
    problems.push(`${name}: expected ${expected}, found ${JSON.stringify(text)}`);
    return UNREADABLE;
  };
  switch (type.kind) {
    case 'string':
    case 'enum':
      return text;
    case 'number':
      return parseNumber(text) ?? unreadable('a number');
    case 'boolean':
      if (/^(true|1)$/i.test(text)) return true;
      return /^(false|0)$/i.test(text) ? false : unreadable('true or false');
    case 'list': {
      const items = listItems(text);
      if (type.of === 'string') return items;
      const numbers = items.map(parseNumber);
      return numbers.includes(null) ? unreadable('numbers separated by commas') : numbers;
    }
  }
}

function listItems(text: string): string[] {
  if (text.trim().startsWith('[')) {
    try {
      return (JSON.parse(text) as unknown[]).map(String);
    } catch {
      // Not JSON after all: a plain list whose first item begins with a bracket.
    }
  }
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}

function parseNumber(text: string): number | null {
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : value;
}

function parseSeed(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`expected a whole number of at least 0, found ${JSON.stringify(text)}`);
  return value;
}

function runtimeValue<T>(
  given: readonly (readonly [string, string])[],
  name: string,
  parse: (text: string) => T,
  problems: string[],
): T | undefined {
  const text = given.find(([each]) => each === name)?.[1];
  if (text === undefined) return undefined;
  try {
    return parse(text);
  } catch (error) {
    problems.push(`${name}: ${(error as Error).message.replace(/\.$/, '')}`);
    return undefined;
  }
}

function decodeJsonString(value: string): string {
  if (!/^".*"$/s.test(value)) return value;
  try {
    const decoded = JSON.parse(value) as unknown;
    return typeof decoded === 'string' ? decoded : value;
  } catch {
    // A text that merely begins and ends with quotes.
    return value;
  }
}

function unknownName(name: string, known: readonly string[]): string {
  const close = nearest(name, [...known, ...RUNTIME_NAMES]);
  return `${name}: there is no such hyperparameter${close === undefined ? ` (there are ${known.join(', ') || 'none'})` : `, did you mean ${close}?`}`;
}
