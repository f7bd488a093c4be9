import { z } from 'zod';
import { ConfigurationError, issueText, listing, nearest } from '@hemline/core';

/** What a new version of a model has to reach to be approved without a person. All metrics are errors: lower is better. */
export interface Requirements {
  /** Largest value of each metric. */
  readonly maximum?: Readonly<Record<string, number>>;
  /** Bounds of a signed metric, both included. */
  readonly bias?: { readonly metric: string; readonly least: number; readonly most: number };
  /** The metric must be below `factor` (1 by default) times that of another model on the same weeks. */
  readonly betterThan?: { readonly model: string; readonly metric: string; readonly factor?: number };
  /** Forecasts must have been checked, and found monotone in the discount. */
  readonly monotone?: boolean;
  /**
   * The metric may exceed that of the approved version by this share of it, or by so many standard errors of the difference where
   * both versions have one; holds once there is an approved version.
   */
  readonly approvedTolerance?: {
    readonly metric: string;
    readonly relative: number;
    readonly standardErrors?: number;
  };
}

const metric = z.string().min(1, 'expected the name of a metric');

/** Requirements as they are declared; an unknown name is a mistake. */
export const requirementsSchema = z.strictObject({
  maximum: z.record(metric, z.number()).optional(),
  bias: z
    .strictObject({ metric, least: z.number(), most: z.number() })
    .refine(({ least, most }) => least <= most, 'expected least to be at most most')
    .optional(),
  betterThan: z
    .strictObject({ model: z.string().min(1), metric, factor: z.number().positive().optional() })
    .optional(),
  monotone: z.boolean().optional(),
  approvedTolerance: z
    .strictObject({
      metric,
      relative: z.number().nonnegative(),
      standardErrors: z.number().nonnegative().optional(),
    })
    .optional(),
});

/**
 * Reads requirements that were declared as data.
 * @param value plain data, as from JSON
 * @param model whose they are, for the message
 * @param metrics names of those that its versions are scored by; all names are taken where they are not known
 * @returns the requirements
 * @throws ConfigurationError that names every problem
 */
export function parseRequirements(value: unknown, model: string, metrics?: readonly string[]): Requirements {
  const parsed = requirementsSchema.safeParse(value);
  if (parsed.success) {
    if (metrics !== undefined) checkMetrics(parsed.data, model, metrics);
    return parsed.data;
  }
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'requirements'}: ${issueText(message)}`,
  );
  throw new ConfigurationError(`the requirements of ${model} are not valid`, {
    expected: 'maximum, bias, betterThan, monotone, approvedTolerance',
    found: listing(problems, 20),
  });
}

/** A metric that no version has would keep every one of them from being approved. */
function checkMetrics(requirements: Requirements, model: string, known: readonly string[]): void {
  const { maximum = {}, bias, betterThan, approvedTolerance } = requirements;
  const named: readonly (readonly [where: string, metric: string | undefined])[] = [
    ...Object.keys(maximum).map((name) => [`maximum.${name}`, name] as const),
    ['bias.metric', bias?.metric],
    ['betterThan.metric', betterThan?.metric],
    ['approvedTolerance.metric', approvedTolerance?.metric],
  ];
  const unknown = named.filter(([, name]) => name !== undefined && !known.includes(name));
  if (unknown.length === 0) return;
  const close = nearest(unknown[0]![1]!, known);
  throw new ConfigurationError(`the requirements of ${model} name metrics that its versions do not have`, {
    expected: listing(known, 40),
    found: unknown
      .map(([where, name]) => (where.endsWith('.metric') ? `${where} ${name}` : where))
      .join(', '),
    remedy: close === undefined ? 'Correct the names.' : `Did you mean ${close}?`,
  });
}
