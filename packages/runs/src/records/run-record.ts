import { z } from 'zod';
import {
  OUTCOMES,
  RUN_SCHEMA,
  codeSchema,
  processSchema,
  runImageSchema,
  runInputSchema,
  runMetricSchema,
  runOutputSchema,
  runVersionSchema,
  stepErrorSchema,
} from './run-event.ts';

/** States of a step. `crashed`: the process that ran it was gone before it ended. */
export const STEP_STATES = ['running', 'finished', 'skipped', 'failed', 'fell back', 'crashed'] as const;

/** A step with all its attempts. */
export const stepRecordSchema = z.object({
  step: z.string(),
  state: z.enum(STEP_STATES),
  attempts: z.number().int(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Of all attempts whose end is known. */
  seconds: z.number().nullable(),
  instanceType: z.string().nullable(),
  instances: z.number().nullable(),
  /** Most resident memory of a process of any attempt; null where nobody measured it. */
  peakMemoryBytes: z.number().nullable().default(null),
  /** In the record's currency; null without a price. */
  cost: z.number().nullable(),
  /** Of the last attempt that failed, also when a later one did not. */
  error: stepErrorSchema.nullable(),
  /** What took its place. */
  fellBackTo: z.string().nullable(),
  /** Why it fell back or was skipped. */
  reason: z.string().nullable(),
});

/** What is known of a run: `record.json`. Lists of plain objects, so that DuckDB reads many of them as one table. */
export const runRecordSchema = z.object({
  schema: z.literal(RUN_SCHEMA),
  run: z.string(),
  /** `train`, `forecast`, `weekly`, … */
  kind: z.string(),
  state: z.enum(['running', ...OUTCOMES]),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** From the first start to the end, pauses between a crash and its resumption included. */
  seconds: z.number().nullable(),
  resumed: z.number().int(),
  command: z.array(z.string()),
  parameters: z.record(z.string(), z.string()),
  code: codeSchema,
  process: processSchema,
  images: z.array(runImageSchema),
  inputs: z.array(runInputSchema),
  steps: z.array(stepRecordSchema),
  metrics: z.array(runMetricSchema),
  versions: z.array(runVersionSchema),
  outputs: z.array(runOutputSchema),
  problems: z.array(z.object({ at: z.string(), step: z.string().nullable(), message: z.string() })),
  /** Estimate from the prices that the run was given; null without prices. */
  cost: z
    .object({
      currency: z.string(),
      amount: z.number(),
      /** Instance types without a price: the amount lacks them. */
      unpriced: z.array(z.string()),
    })
    .nullable(),
  /** Events it was made from. */
  events: z.number().int(),
});

/** What is known of a run. */
export type RunRecord = z.output<typeof runRecordSchema>;
/** A step with all its attempts. */
export type StepRecord = z.output<typeof stepRecordSchema>;
