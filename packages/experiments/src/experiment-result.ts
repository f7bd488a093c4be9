import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { documentText, metricValue, metricValues, parseDocument, replaceFile } from '@hemline/runs/documents';
import type { Ranking } from './rank-variants.ts';
import type { RankingContext } from './ranking-notes.ts';

const comparisonSchema = z.object({
  pairs: z.number(),
  difference: metricValue,
  interval: z.tuple([metricValue, metricValue]).nullable(),
  verdict: z.enum(['better', 'worse', 'undecided']),
});

const standingSchema = z.object({
  name: z.string(),
  model: z.string(),
  hyperparameters: z.record(z.string(), z.unknown()),
  isChampion: z.boolean(),
  status: z.enum(['finished', 'stopped', 'failed']),
  reason: z.string().nullable(),
  rank: z.number().nullable(),
  cutoffs: z.number(),
  mean: metricValues.nullable(),
  spread: metricValues.nullable(),
  seedSpread: metricValues.nullable(),
  comparison: comparisonSchema.nullable(),
  /** Run with the record of its fits. */
  run: z.string(),
});

const resultSchema = z.object({
  schema: z.literal(1),
  experiment: z.string(),
  run: z.string(),
  /** ISO date and time, UTC. */
  finishedAt: z.iso.datetime(),
  dataset: z.string(),
  /** Fingerprint of the data. */
  data: z.string(),
  code: z.string(),
  metric: z.string(),
  champion: z.string(),
  championSource: z.string(),
  confidence: z.number(),
  comparisons: z.number(),
  cutoffs: z.array(z.string()),
  horizon: z.number(),
  seeds: z.array(z.number()),
  notes: z.array(z.string()),
  variants: z.array(standingSchema),
});

/** What an experiment leaves. */
export type ExperimentOutcome = z.output<typeof resultSchema>;

/**
 * Puts a result together.
 * @param ranking of the variants
 * @param context of the experiment
 * @param facts of its run
 * @returns the result
 */
export function outcomeOf(
  ranking: Ranking,
  context: RankingContext & { readonly notes: readonly string[] },
  facts: Pick<ExperimentOutcome, 'run' | 'dataset' | 'data' | 'code'> & {
    readonly runs: Readonly<Record<string, string>>;
  },
): ExperimentOutcome {
  const { runs, ...rest } = facts;
  const { cutoffs, seeds, horizon, championSource, notes } = context;
  const variants = ranking.variants.map((each) => ({ ...each, run: runs[each.name]! }));
  return resultSchema.parse({
    ...{ schema: 1, finishedAt: new Date().toISOString(), ...rest, ...ranking },
    ...{ cutoffs, seeds, horizon, championSource, notes, variants },
  });
}

/**
 * @param file to write
 * @param outcome of the experiment
 */
export async function writeOutcome(file: string, outcome: ExperimentOutcome): Promise<void> {
  await replaceFile(file, `${documentText(outcome, 2)}\n`);
}

/**
 * @param file of a result
 * @returns the result
 * @throws DataError when it is damaged
 */
export async function readOutcome(file: string): Promise<ExperimentOutcome> {
  return parseDocument(await readFile(file, 'utf8'), file, resultSchema, 1);
}
