import { join } from 'node:path';
import { z } from 'zod';
import { formatWeek } from '@hemline/core';
import { documentText, metricValues, readDocument, replaceFile } from '@hemline/runs/documents';
import type { Unit } from '../plan.ts';

const resultSchema = z.object({
  schema: z.literal(1),
  key: z.string(),
  model: z.string(),
  cutoff: z.iso.date(),
  seed: z.number(),
  horizon: z.number(),
  /** Rows that were scored. */
  rows: z.number(),
  metrics: metricValues,
  /** Time that fit and scoring took. */
  seconds: z.number(),
  /** Data and code as the job of the fit was given them; absent where it was fitted by the process of the experiment. */
  origin: z.object({ data: z.string(), code: z.string() }).optional(),
  /** ISO date and time, UTC. */
  finishedAt: z.iso.datetime(),
});

/** What a unit came to. */
export type UnitResult = z.output<typeof resultSchema>;
/** What the work on a unit gives. */
export type UnitScores = Pick<UnitResult, 'rows' | 'metrics' | 'seconds' | 'origin'>;

/**
 * Results of units, a file each, named by the unit's key: whole or not there at all, and valid for whatever experiment asks for the
 * same fit of the same data and code.
 */
export class UnitJournal {
  readonly #folder: string;

  /** @param folder of the files; made when the first is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * @param units that are asked for
   * @returns results of those that are finished, by key
   * @throws DataError when a file is damaged
   */
  async finished(units: readonly Unit[]): Promise<Map<string, UnitResult>> {
    const results = new Map<string, UnitResult>();
    for (const { key } of units) {
      const result = await readDocument(this.#file(key), resultSchema, 1);
      if (result !== null) results.set(key, result);
    }
    return results;
  }

  /**
   * Keeps a result; it is on disk when the promise resolves.
   * @param unit that is finished
   * @param scores that it came to
   * @returns what is kept
   */
  async commit(unit: Unit, scores: UnitScores): Promise<UnitResult> {
    const { key, model, cutoff, seed, horizon } = unit;
    const facts = { key, model, cutoff: formatWeek(cutoff), seed, horizon };
    const result: UnitResult = { schema: 1, ...facts, ...scores, finishedAt: new Date().toISOString() };
    await replaceFile(this.#file(key), `${documentText(result, 2)}\n`);
    return result;
  }

  #file(key: string): string {
    return join(this.#folder, `${key}.json`);
  }
}
