import { z } from 'zod';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const listValue = z.array(z.union([z.string(), z.number()])).min(1);
const range = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    scale: z.enum(['linear', 'log']).default('linear'),
    whole: z.boolean().default(false),
  })
  .refine(({ from, to }) => from < to, 'a range runs from less to more')
  .refine(({ from, scale }) => scale === 'linear' || from > 0, 'a range on a log scale begins above 0');

const NAME = /^[a-z0-9](-?[a-z0-9]+)*$/;
const whole = z.number().int().min(1);
const distinct = (values: readonly unknown[]): boolean => new Set(values.map(String)).size === values.length;

/** Values that a hyperparameter may have. */
export type Alternatives = readonly (z.output<typeof scalar> | z.output<typeof listValue>)[];
/** Bounds that a hyperparameter is drawn between. */
export type Range = z.output<typeof range>;

const variantsSchema = z
  .strictObject({
    model: z.string().min(1),
    /** One of the model's presets, below what is given here. */
    preset: z.string().optional(),
    hyperparameters: z
      .record(
        z.string(),
        // Told apart by hand: a union would only say that nothing fits.
        z.unknown().transform((value, context): z.output<typeof scalar> | Alternatives | Range => {
          const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
          const schema = Array.isArray(value)
            ? z.array(z.union([scalar, listValue], 'expected a text, number, boolean or list')).min(1)
            : isObject
              ? range
              : scalar;
          const parsed = schema.safeParse(value);
          if (parsed.success) return parsed.data;
          if (!Array.isArray(value) && !isObject)
            context.addIssue('expected a value, a list of values, or a range { from, to }');
          else
            for (const issue of parsed.error.issues) context.addIssue({ ...issue, code: 'custom' } as never);
          return z.NEVER;
        }),
      )
      .default({}),
    /** How many to draw; without it, every combination of the values is a variant. */
    random: whole.optional(),
    /** Of the draws. */
    seed: whole.default(1),
  })
  .superRefine(({ hyperparameters, random }, context) => {
    for (const [name, value] of Object.entries(hyperparameters))
      if (random === undefined && isRange(value))
        context.addIssue({
          code: 'custom',
          path: ['hyperparameters', name],
          message: 'a range has no combinations: say how many to draw with "random"',
        });
  });

const championSchema = z.strictObject({
  model: z.string().min(1),
  preset: z.string().optional(),
  hyperparameters: z
    .record(z.string(), z.union([scalar, listValue], 'expected a value: a champion has no alternatives'))
    .default({}),
});

/** What an experiment file holds. */
export const experimentSchema = z.strictObject({
  name: z.string().regex(NAME, 'expected lower-case letters, digits and single hyphens within'),
  variants: z.array(variantsSchema).min(1),
  /** Last known weeks, or how many of the latest, `step` weeks apart (the horizon by default). */
  cutoffs: z.unknown().transform((value, context) => {
    const parsed = Array.isArray(value)
      ? z
          .array(z.iso.date('expected a date, YYYY-MM-DD'))
          .min(1)
          .refine(distinct, 'a cutoff is there twice')
          .safeParse(value)
      : z.strictObject({ count: whole, step: whole.optional() }).safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, code: 'custom' } as never);
    return z.NEVER;
  }),
  /** Weeks forecast after each cutoff; by default what the quantity is evaluated on. */
  horizon: whole.optional(),
  seeds: z.array(whole).min(1).refine(distinct, 'a seed is there twice').default([1]),
  /** What is ranked by; less is better. By default the main metric of the quantity. */
  metric: z
    .string()
    .refine((name) => !/bias$|^coverage/i.test(name), 'the least of it is not the best: rank by an error')
    .optional(),
  champion: championSchema.optional(),
  /** Chance that the intervals of all variants together hold the true differences. */
  confidence: z.number().gt(0.5).lt(1).default(0.95),
  /** Gives hopeless variants up between cutoffs. Left out: every variant is tried at every cutoff. */
  stopping: z
    .strictObject({
      /** Least chance that the best variant is kept. */
      confidence: z.number().gt(0.5).lt(1).default(0.99),
      /** Cutoffs before the first look. */
      afterCutoffs: z.number().int().min(2, 'one cutoff says nothing of the noise').default(3),
    })
    .optional(),
});

/** An experiment as it is written. */
export interface Experiment extends Omit<z.input<typeof experimentSchema>, 'cutoffs' | 'variants'> {
  readonly cutoffs: readonly string[] | { readonly count: number; readonly step?: number };
  readonly variants: readonly (Omit<z.input<typeof variantsSchema>, 'hyperparameters'> & {
    readonly hyperparameters?: Readonly<
      Record<string, z.output<typeof scalar> | Alternatives | z.input<typeof range>>
    >;
  })[];
}

/** An experiment with its defaults. */
export type Declaration = z.output<typeof experimentSchema>;
/** One entry of its variants. */
export type VariantSet = Declaration['variants'][number];
/** The champion that it names. */
export type DeclaredChampion = z.output<typeof championSchema>;

/**
 * Declares an experiment in a module; checks the types while it is written.
 * @param experiment to declare; the module's default export
 * @returns it
 */
export function defineExperiment(experiment: Experiment): Experiment {
  return experiment;
}

/**
 * @param value of a hyperparameter in a declaration
 * @returns whether it is a range
 */
export function isRange(value: VariantSet['hyperparameters'][string]): value is Range {
  return typeof value === 'object' && !Array.isArray(value);
}
