import { ConfigurationError, nearest, type ErrorOptions } from '@hemline/core';
import { z } from 'zod';
import { past, type Covariate } from './covariate.ts';

/** What a kind of feature is made of: any covariate, one that is planned ahead, or none. */
export type MadeOf = 'any' | 'planned' | null;

/** The options of a kind: what is validated, what types are derived from, and what the README's table is made of. */
export interface KindOptions<S extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly of: MadeOf;
  readonly schema: S;
}

/** What the function of a kind takes. */
export type OptionsOf<O extends KindOptions> = Readonly<z.input<O['schema']>>;

/** JSON Schema, as far as zod writes it of options. */
interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  /** Said by hand, where the schema's own words would not do. */
  readonly values?: string;
}

/** An option, for people. */
export interface OptionText {
  readonly name: string;
  /** What it may be, such as `a whole number of at least 1`. */
  readonly values: string;
  /** As it is written in code; null where there is none. */
  readonly default: string | null;
  readonly isRequired: boolean;
  readonly description: string;
}

/**
 * Declares the options of a kind. Each is described, and has a default unless it has to be given.
 * @param kind its name
 * @param of what it is made of
 * @param shape the options
 * @returns the declaration
 */
export function kindOptions<S extends z.ZodRawShape>(
  kind: string,
  of: MadeOf,
  shape: S,
): KindOptions<z.ZodObject<S, z.core.$strict>> {
  return { kind, of, schema: z.strictObject(shape) };
}

/**
 * Reads the options of a kind. Called without types, or out of a file, they may be anything.
 * @param declared the options that there are
 * @param given those of a feature
 * @param of what the feature is made of
 * @returns the options, defaults filled in
 * @throws ConfigurationError that names everything that is wrong
 */
export function readOptions<S extends z.ZodObject>(
  { kind, of: madeOf, schema }: KindOptions<S>,
  given: unknown,
  of?: unknown,
): z.output<S> {
  if (madeOf !== null) checkCovariate(kind, of, madeOf);
  const read = schema.safeParse(given ?? {});
  if (read.success) return read.data;
  const texts = new Map(optionTexts({ kind, of: madeOf, schema }).map((text) => [text.name, text]));
  const values = (given ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : [],
  );
  const wrong = [
    ...new Set(read.error.issues.flatMap(({ path }) => (path.length === 0 ? [] : String(path[0])))),
  ];
  if (wrong.length + unknown.length === 0)
    throw noSense(kind, {
      expected: `an object of options: ${[...texts.keys()].join(', ') || 'none'}`,
      found: JSON.stringify(given) ?? 'nothing',
    });
  const expected = wrong.map((name) => `${name}: ${texts.get(name)!.values}`);
  if (unknown.length > 0) expected.push(`options ${[...texts.keys()].join(', ') || 'none'}`);
  const found = [...wrong, ...unknown].map((name) =>
    values[name] === undefined ? `no ${name}` : `${name}: ${written(values[name])}`,
  );
  const meant = unknown.flatMap((name) => nearest(name, [...texts.keys()]) ?? []);
  const remedy = [
    ...wrong.flatMap((name) => remedyOf(name, values[name], schema.shape[name])),
    ...(meant.length > 0 ? [`Did you mean ${meant.join(', ')}?`] : []),
  ].join(' ');
  throw noSense(kind, {
    expected: expected.join('; '),
    found: found.join('; '),
    ...(remedy === '' ? {} : { remedy }),
  });
}

/**
 * @param kind of feature
 * @param options what was expected and found
 * @returns the error to throw
 */
export function noSense(kind: string, options: Omit<ErrorOptions, 'where'>): ConfigurationError {
  return new ConfigurationError('a feature has an option that makes no sense', {
    ...options,
    where: { column: kind },
  });
}

/**
 * @param declared options of a kind
 * @returns what is to be said of each, in the order of the schema
 */
export function optionTexts({ schema }: KindOptions): OptionText[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const value = property as ValueSchema;
    return {
      name,
      values: valuesOf(value),
      default: value.default === undefined ? null : written(value.default),
      isRequired: required.includes(name),
      description: value.description ?? '',
    };
  });
}

function valuesOf({ values, type, enum: names, minimum, exclusiveMinimum, maximum }: ValueSchema): string {
  if (values !== undefined) return values;
  if (names !== undefined) return `one of ${names.join(', ')}`;
  const most = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : `, at most ${maximum}`;
  if (type === 'integer') return `a whole number of at least ${minimum}${most}`;
  if (type === 'number')
    return `a number ${exclusiveMinimum === undefined ? `of at least ${minimum}` : `above ${exclusiveMinimum}`}${most}`;
  return 'text';
}

function written(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  const { column, known } = (value ?? {}) as Partial<Covariate>;
  if (column !== undefined && known !== undefined) return `${known}('${column}')`;
  return JSON.stringify(value) ?? String(value);
}

function remedyOf(name: string, value: unknown, type: unknown): string[] {
  if (name === 'lag' && value === 0)
    return ['A week may not see itself; what is planned ahead can be read with current(future(…)).'];
  const names = type instanceof z.ZodEnum ? type.options.map(String) : [];
  const close = typeof value === 'string' ? nearest(value, names) : undefined;
  return close === undefined ? [] : [`Did you mean ${close}?`];
}

function checkCovariate(kind: string, of: unknown, madeOf: 'any' | 'planned'): void {
  const { column, known } = (of ?? {}) as { column?: unknown; known?: unknown };
  const isCovariate = typeof column === 'string' && (known === 'past' || known === 'future');
  if (isCovariate && (madeOf === 'any' || known === 'future')) return;
  const name = typeof of === 'string' ? of : typeof column === 'string' ? column : 'discount';
  throw new ConfigurationError(
    isCovariate
      ? 'a feature of the week itself is of what nobody knows ahead'
      : 'a feature does not say what it is of',
    {
      expected:
        madeOf === 'any'
          ? `of: past('…') or future('…'), in a file { "column": …, "known": "past" or "future" }`
          : `of: future('…'), a column that is planned, in a file { "column": …, "known": "future" }`,
      found: isCovariate ? `past('${name}')` : (JSON.stringify(of) ?? 'nothing'),
      where: { column: kind },
      remedy: isCovariate
        ? `Write lag(past('${name}')), or future('${name}') if the dataset declares it under futureCovariates.`
        : `Write ${kind}(${madeOf === 'any' ? 'past' : 'future'}('${name}')${madeOf === 'any' ? ', …' : ''}).`,
    },
  );
}

/** Weeks that a feature looks back: of most kinds. */
export const LAG_OPTION = z
  .int()
  .min(1)
  .default(1)
  .describe(
    'weeks before its own that a week looks back to when it is the next one; 1 is the last known week',
  );

/**
 * @param least allowed, and the default
 * @returns the option that says how many values there must be
 */
export function minSamplesOption(least = 1): z.ZodDefault<z.ZodInt> {
  return z.int().min(least).default(least).describe('values that there must be, else the feature is missing');
}

/** Attributes that make a group. */
export const BY_OPTION = z
  .array(z.string().min(1))
  .min(1)
  .refine((names) => new Set(names).size === names.length)
  .readonly()
  .meta({
    values: "a list of attributes, each once, such as ['group', 'market']",
    description: 'what the series of a group have in common',
  });

/**
 * @param column that is meant unless another is given
 * @param description what it is for
 * @returns an option that is a covariate
 */
export function covariateOption(column: string, description: string) {
  return COVARIATE.default(past(column)).meta({ values: "past('…') or future('…')", description });
}

const COVARIATE = z.union([
  z.strictObject({ column: z.string().min(1), known: z.literal('past') }),
  z.strictObject({ column: z.string().min(1), known: z.literal('future') }),
]);
