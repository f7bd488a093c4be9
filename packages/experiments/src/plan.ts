import { createHash } from 'node:crypto';
import { formatWeek, type QuantityName, type Week } from '@hemline/core';
import type { Declaration } from './declaration.ts';
import type { Variant } from './variant.ts';

/** Everything that an experiment does, decided. */
export interface ExperimentPlan {
  readonly name: string;
  readonly quantity: QuantityName;
  /** What is ranked by; less is better. */
  readonly metric: string;
  readonly variants: readonly Variant[];
  /** Name of the variant that the others are compared with. */
  readonly champion: string;
  /** Earliest first. */
  readonly cutoffs: readonly Week[];
  readonly horizon: number;
  readonly seeds: readonly number[];
  readonly confidence: number;
  /** Null: every variant is tried at every cutoff. */
  readonly stopping: NonNullable<Declaration['stopping']> | null;
  /** Fingerprint of the dataset. */
  readonly data: string;
  /** Version of the code. */
  readonly code: string;
}

/** One fit, scored on the weeks after its cutoff: what is done at once and kept whole. */
export interface Unit {
  /** Digest of everything that decides the result: variant, cutoff, horizon, seed, data and code. */
  readonly key: string;
  readonly variant: string;
  readonly model: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly cutoff: Week;
  readonly horizon: number;
  readonly seed: number;
}

/**
 * The units of a plan, all variants of a cutoff before the next cutoff.
 * @param plan of the experiment
 * @returns every unit there may be
 */
export function unitsOf(plan: ExperimentPlan): Unit[] {
  const { cutoffs, variants, seeds, horizon } = plan;
  return cutoffs.flatMap((cutoff) =>
    variants.flatMap(({ name, model, hyperparameters }) =>
      seeds.map((seed) => {
        const facts = { model, hyperparameters, cutoff, horizon, seed };
        return { key: keyOf(facts, plan), variant: name, ...facts };
      }),
    ),
  );
}

/**
 * @param unit of an experiment
 * @returns what it is called in records: cutoff and seed
 */
export function unitStep({ cutoff, seed }: Pick<Unit, 'cutoff' | 'seed'>): string {
  return `${formatWeek(cutoff)} #${seed}`;
}

/** The name is left out: the same fit under another name is the same. */
function keyOf(unit: Omit<Unit, 'key' | 'variant'>, { data, code }: ExperimentPlan): string {
  const { model, hyperparameters, cutoff, horizon, seed } = unit;
  const sorted = Object.entries(hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([model, sorted, cutoff, horizon, seed, data, code]);
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
