import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDocument, replaceFile } from '@hemline/runs/documents';

/** Name of the file in a model's package. It is committed: who reviews it sees what forecasts from then on, and why. */
const FILE = 'promoted.json';

// Numbers in pairs are objects: a formatter would lay out a list anew.
const promotionSchema = z.object({
  schema: z.literal(1),
  model: z.string(),
  /** As text, all of them: a default that changes later does not change what was tried. */
  hyperparameters: z.record(z.string(), z.string()),
  experiment: z.string(),
  /** Run of the experiment. */
  run: z.string(),
  variant: z.string(),
  promotedAt: z.iso.datetime(),
  metric: z.string(),
  mean: z.number(),
  champion: z.string(),
  championSource: z.string(),
  /** Of the mean, to the champion's; null of the champion itself, and where it has none. */
  difference: z.number().nullable(),
  interval: z.object({ low: z.number(), high: z.number() }).nullable(),
  /** Of the intervals of all variants together. */
  confidence: z.number(),
  cutoffs: z.string(),
  horizon: z.number(),
  seeds: z.string(),
  /** Whether it is better beyond noise; else a person wanted it anyway. */
  isBetter: z.boolean(),
  dataset: z.string(),
  /** Fingerprint of the data. */
  data: z.string(),
  code: z.string(),
});

/** Hyperparameters that an experiment has put into the weekly workflow, and why. */
export type Promotion = z.output<typeof promotionSchema>;

/**
 * @param directory of a model's package
 * @returns what is promoted; null where nothing is
 * @throws DataError when the file is damaged
 */
export function readPromotion(directory: string): Promotion | null {
  const file = join(directory, FILE);
  return existsSync(file) ? parseDocument(readFileSync(file, 'utf8'), file, promotionSchema, 1) : null;
}

/**
 * Puts hyperparameters into the weekly workflow, in place of those that may have been promoted before.
 * @param promotion to write
 * @param directory of the model's package
 * @returns the file
 */
export async function writePromotion(promotion: Promotion, directory: string): Promise<string> {
  const file = join(directory, FILE);
  await replaceFile(file, `${JSON.stringify(promotionSchema.parse(promotion), null, 2)}\n`);
  return file;
}
