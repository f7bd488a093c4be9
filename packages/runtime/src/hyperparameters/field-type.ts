import type { z } from 'zod';

/** What a hyperparameter takes: read off its schema. */
export type FieldType =
  | { readonly kind: 'string' | 'number' | 'boolean' }
  | { readonly kind: 'enum'; readonly options: readonly string[] }
  | { readonly kind: 'list'; readonly of: 'string' | 'number' };

/** A schema with what zod keeps of it. */
interface Introspected {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly values?: readonly unknown[];
}

const WRAPPERS = new Set(['default', 'prefault', 'optional', 'nullable', 'nonoptional', 'readonly', 'catch']);

/**
 * The kind of value that a field of a hyperparameter schema takes.
 * @param schema of the field; defaults, options and pipes are looked through
 * @returns its kind
 * @throws TypeError for a schema that text cannot stand for
 */
export function fieldType(schema: z.ZodType): FieldType {
  const definition = schema.def as unknown as Introspected;
  if (WRAPPERS.has(definition.type)) return fieldType(definition.innerType!);
  switch (definition.type) {
    case 'pipe':
      return fieldType(definition.in!);
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: definition.type };
    case 'enum':
      return { kind: 'enum', options: Object.values(definition.entries!) };
    case 'literal':
      return { kind: 'enum', options: definition.values!.map(String) };
    case 'array': {
      const element = fieldType(definition.element!);
      if (element.kind === 'string' || element.kind === 'number') return { kind: 'list', of: element.kind };
      break;
    }
  }
  throw new TypeError(
    `a hyperparameter of type ${definition.type} cannot be given as text: use string, number, boolean, enum, or a list of strings or numbers`,
  );
}

/**
 * The type for people.
 * @param type of a field
 * @returns for example `last | seasonal | mean`
 */
export function showFieldType(type: FieldType): string {
  if (type.kind === 'enum') return type.options.join(' | ');
  return type.kind === 'list' ? `${type.of}, ${type.of}, …` : type.kind;
}
