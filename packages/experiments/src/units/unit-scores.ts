import { z } from 'zod';
import { metricValues, parseDocument } from '@hemline/runs/documents';
import type { Store } from '@hemline/stores';
import type { Unit } from '../plan.ts';
import type { UnitScores } from './unit-journal.ts';

/** What is read of the `scores.json` that a backtest job leaves. */
const scoresSchema = z.object({
  schema: z.literal(1),
  rows: z.number(),
  metrics: metricValues,
  seconds: z.number(),
  peakBytes: z.number(),
  data: z.string(),
  code: z.string(),
});

/** Scores of a unit's job, and the most memory that it had. */
export interface JobScores {
  readonly scores: UnitScores;
  readonly peakBytes: number;
}

/**
 * Reads what the job of a unit left.
 * @param store with a folder for each unit, by key
 * @param unit of the experiment
 * @returns its scores; null where no job has left any yet
 * @throws DataError when they are damaged
 */
export async function readUnitScores(store: Store, { key }: Unit): Promise<JobScores | null> {
  const file = `${key}/scores.json`;
  const bytes = await store.read(file);
  if (bytes === null) return null;
  const document = parseDocument(Buffer.from(bytes).toString(), store.urlOf(file), scoresSchema, 1);
  const { rows, metrics, seconds, peakBytes, data, code } = document;
  return { scores: { rows, metrics, seconds, origin: { data, code } }, peakBytes };
}
