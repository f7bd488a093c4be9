import { z } from 'zod';

/** Name of the log of measurements in the folder of a run. */
export const MEASUREMENTS_FILE = 'measurements.jsonl';

/** How far the step had come, from its last progress event. */
export const placeSchema = z.object({
  phase: z.string().nullable(),
  done: z.number().nullable(),
  total: z.number().nullable(),
  unit: z.string().nullable(),
});

/**
 * A number that a step measured while it ran, such as the loss of an epoch: a line of `measurements.jsonl`. Flat, so that DuckDB
 * reads many logs as one table.
 */
export const measurementSchema = z.object({
  run: z.string().min(1),
  at: z.iso.datetime(),
  step: z.string().min(1),
  /** 1, 2, … of the step. */
  attempt: z.number().int().nonnegative(),
  name: z.string().min(1),
  /** 1, 2, … of this name in this attempt. */
  position: z.number().int().positive(),
  value: z.number().nullable(),
  notFinite: z.enum(['NaN', 'Infinity', '-Infinity']).nullable(),
  ...placeSchema.shape,
});

/** A number that a step measured while it ran. */
export type Measurement = z.output<typeof measurementSchema>;
/** How far a step had come when it measured. */
export type MeasurementPlace = z.output<typeof placeSchema>;
