import { QUANTITIES, TABLES, type AnyModel, type TableInput, type TableName } from '@hemline/core';
import { assert, type ConformanceCheck } from './check.ts';
import type { Subject } from './subject.ts';

/** What zod tells about a type; evaluation works with any version of it that models use. */
interface TypeInside {
  readonly description?: string;
  readonly def?: { readonly innerType?: TypeInside };
}

/**
 * Checks of what a model declares, without fitting it.
 * @param subject the model under test
 * @returns the checks
 */
export function definitionChecks({ model }: Subject): ConformanceCheck[] {
  return [
    {
      name: 'the definition names itself, its quantity and its inputs',
      run: async () => demandIdentity(model),
    },
    {
      name: 'every hyperparameter has a default and a description, and all are plain values',
      run: async () => demandHyperparameters(model),
    },
    { name: 'every preset is valid, and there is a tiny one', run: async () => demandPresets(model) },
    {
      name: "the output has the quantity's key and values, and support",
      run: async () => demandOutput(model),
    },
  ];
}

function demandIdentity(model: AnyModel): void {
  assert(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(model.name), `the name ${model.name} is not kebab-case`);
  assert(
    Number.isInteger(model.version) && model.version >= 1,
    `version ${model.version} is no positive integer`,
  );
  assert(model.quantity in QUANTITIES, `there is no quantity ${model.quantity}`);
  assert(model.description.trim() !== '', 'the description is empty');
  const { maximumHorizon, monotoneIn } = model.capabilities;
  assert(
    maximumHorizon === null || (Number.isInteger(maximumHorizon) && maximumHorizon > 0),
    `the maximum horizon ${maximumHorizon} is neither null nor a positive integer`,
  );
  assert(
    monotoneIn.length === 0 || QUANTITIES[model.quantity].key.includes('discount'),
    `monotone in ${monotoneIn.join(', ')}, which is not in the key of ${model.quantity}`,
  );
  for (const inputs of [model.inputs.fit, model.inputs.predict]) {
    for (const [name, input] of Object.entries(inputs) as [TableName, TableInput][]) {
      assert(name in TABLES, `there is no table ${name}`);
      for (const column of input.required) {
        assert(
          TABLES[name].roles.some((role) => role.name === column),
          `${name}.${column} is required and is no role: covariates belong under optional`,
        );
      }
    }
  }
}

function demandHyperparameters(model: AnyModel): void {
  const defaults = model.hyperparameters.safeParse({});
  assert(defaults.success, `a hyperparameter has no default: ${defaults.error?.message ?? ''}`);
  for (const [name, type] of Object.entries(model.hyperparameters.shape as Record<string, TypeInside>)) {
    const value = (defaults.data as Record<string, unknown>)[name];
    assert(
      ['string', 'number', 'boolean'].includes(typeof value),
      `hyperparameter ${name} is ${String(value)} by default: no string, number or boolean`,
    );
    assert(isDescribed(type), `hyperparameter ${name} has no description`);
  }
}

/** `z.number().describe(…).default(1)` keeps the description on the inner type. */
function isDescribed(type: TypeInside): boolean {
  for (let inner: TypeInside | undefined = type; inner !== undefined; inner = inner.def?.innerType)
    if (inner.description !== undefined && inner.description.trim() !== '') return true;
  return false;
}

function demandPresets(model: AnyModel): void {
  assert('tiny' in model.presets, 'there is no preset tiny');
  for (const [name, values] of Object.entries(model.presets)) {
    const parsed = model.hyperparameters.strict().safeParse(values);
    assert(parsed.success, `preset ${name} is not valid: ${parsed.error?.message ?? ''}`);
  }
}

function demandOutput(model: AnyModel): void {
  const { key, values } = QUANTITIES[model.quantity];
  const fields = model.output.fields.map(({ name }) => name);
  for (const name of [...key, ...values, 'support'])
    assert(fields.includes(name), `the output lacks ${name}; it has ${fields.join(', ')}`);
  assert(new Set(fields).size === fields.length, `the output names a column twice: ${fields.join(', ')}`);
  for (const { name, type } of model.output.fields)
    if (values.includes(name)) assert(type === 'float64', `${name} is ${type}; values are float64`);
}
