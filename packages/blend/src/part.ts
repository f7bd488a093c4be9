import { HyperparameterError, issueText, type AnyModel } from '@hemline/core';

/** One of the models that a blend is made of, with settings of its own: the same model may stand in a blend twice. */
export interface BlendPart {
  /** Kebab-case; names its weights, its part of the artifact and its checkpoints. */
  readonly name: string;
  /** The model's name: one of the blend's `members`. */
  readonly member: string;
  /** What is set of its hyperparameters, over its preset. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  /** Whether it has learnt next to nothing: such a part has the weight that held-out weeks clearly ask for, others more than that. */
  readonly isBaseline?: boolean;
}

/** What is set of the parts of a blend when it is trained: by part, then by hyperparameter. */
export type PartSettings = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

/**
 * Reads what is set of the parts of a blend.
 * @param text `transformer.steps=200,trees.seriesLimit=1000`; empty: nothing
 * @param parts of the blend
 * @returns values, numbers and booleans as such
 * @throws HyperparameterError for what is not of this form, and for parts that there are not
 */
export function partSettings(text: string, parts: readonly BlendPart[]): PartSettings {
  const settings = new Map<string, Map<string, unknown>>();
  for (const each of text.split(',').filter((one) => one.trim() !== '')) {
    const [, part = '', name = '', value = ''] = /^\s*([^.=]+)\.([^.=]+)=(.*?)\s*$/.exec(each) ?? [];
    if (!parts.some((one) => one.name === part))
      throw new HyperparameterError('a setting of a part is not valid', {
        expected: `PART.NAME=VALUE with a part among ${parts.map((one) => one.name).join(', ')}`,
        found: each.trim(),
      });
    const own = settings.get(part) ?? new Map<string, unknown>();
    settings.set(part, own.set(name, valueOf(value)));
  }
  return settings;
}

/**
 * Hyperparameters of a part.
 * @param part of a blend
 * @param model its definition
 * @param preset that members are trained with; of a model that has none of this name, the defaults
 * @param settings of the parts, over all else
 * @returns parsed values
 * @throws HyperparameterError for values that the model does not take
 */
export function hyperparametersOf(
  part: BlendPart,
  model: AnyModel,
  preset: string,
  settings: PartSettings,
): unknown {
  const set = Object.fromEntries(settings.get(part.name) ?? []);
  const parsed = model.hyperparameters
    .strict()
    .safeParse({ ...model.presets[preset], ...part.hyperparameters, ...set });
  if (parsed.success) return parsed.data;
  const issues = (parsed.error as { issues: { path: PropertyKey[]; message: string }[] }).issues;
  throw new HyperparameterError(`hyperparameters of the part ${part.name} are not valid`, {
    found: issues.map(({ path, message }) => [...path.map(String), issueText(message)].join(': ')).join('; '),
    remedy: `Known are ${Object.keys(model.hyperparameters.shape as object).join(', ')}.`,
  });
}

function valueOf(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}
