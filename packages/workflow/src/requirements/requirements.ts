import { z } from 'zod';
import { ConfigurationError, issueText, listing } from '@hemline/core';

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
 * @returns the requirements
 * @throws ConfigurationError that names every problem
 */
export function parseRequirements(value: unknown, model: string): Requirements {
  const parsed = requirementsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'requirements'}: ${issueText(message)}`,
  );
  throw new ConfigurationError(`the requirements of ${model} are not valid`, {
    expected: 'maximum, bias, betterThan, monotone, approvedTolerance',
    found: listing(problems, 20),
  });
}
