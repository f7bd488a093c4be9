import { isDeepStrictEqual } from 'node:util';
import { ConfigurationError, type AnyModel } from '@hemline/core';
import { encodeHyperparameters, parseHyperparameters } from '@hemline/runtime';
import type { VariantSet } from './declaration.ts';
import { drawVariants, type GivenValues } from './draw-variants.ts';

/** A model with hyperparameters that is tried. */
export interface Variant {
  /** The model, and the hyperparameters in which it differs from other variants of it. */
  readonly name: string;
  readonly model: string;
  /** All of them, typed. */
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** A variant that has no name yet. */
export type UnnamedVariant = Omit<Variant, 'name'>;

/**
 * A variant from the values that are given for it.
 * @param model of the variant
 * @param given values; the others have those of the preset, else the defaults
 * @param preset of the model
 * @returns the variant
 * @throws HyperparameterError that names every unknown name and every wrong value
 */
export function variantOf(model: AnyModel, given: GivenValues, preset?: string): UnnamedVariant {
  const raw = { ...encodeHyperparameters(given), ...(preset === undefined ? {} : { preset }) };
  return { model: model.name, hyperparameters: parseHyperparameters(model, raw).hyperparameters };
}

/**
 * The variants of a declaration, in its order.
 * @param entries of the declaration
 * @param modelOf the definition of a model
 * @returns the variants
 * @throws HyperparameterError for values that the model does not take
 * @throws ConfigurationError when two are the same
 */
export async function expandVariants(
  entries: readonly VariantSet[],
  modelOf: (name: string) => Promise<AnyModel>,
): Promise<UnnamedVariant[]> {
  const variants: UnnamedVariant[] = [];
  for (const entry of entries) {
    const model = await modelOf(entry.model);
    for (const given of drawVariants(entry)) {
      const variant = variantOf(model, given, entry.preset);
      if (variants.some((each) => isDeepStrictEqual(each, variant)))
        throw new ConfigurationError('two variants are the same', {
          expected: 'variants that differ in their model or a hyperparameter',
          found: `${entry.model} ${JSON.stringify(given)}`,
          remedy:
            'Take one away: values that are the default, or what another entry gives, make no new variant.',
        });
      variants.push(variant);
    }
  }
  return variants;
}

/**
 * Names variants by what tells them apart from others of their model.
 * @param variants all of them, each different
 * @returns the same with names
 */
export function nameVariants(variants: readonly UnnamedVariant[]): Variant[] {
  return variants.map((variant) => {
    const others = variants.filter(({ model }) => model === variant.model);
    const telling = Object.entries(variant.hyperparameters).filter(([name, value]) =>
      others.some(({ hyperparameters }) => !isDeepStrictEqual(hyperparameters[name], value)),
    );
    const values = telling.map(([name, value]) => `${name}=${showValue(value)}`);
    return { name: [variant.model, ...values].join(' '), ...variant };
  });
}

function showValue(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return Array.isArray(value) ? value.join(',') : String(value);
}
