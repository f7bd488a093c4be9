import { ArtifactError, type ArtifactReader, type ArtifactWriter, type Table } from '@hemline/core';
import { FirstLevels, LevelTotals } from './first-levels.ts';
import { joinWeeks } from './joined-weeks.ts';
import { levelDynamics, type DynamicsOptions } from './level-dynamics.ts';
import type { LevelDynamics } from './level-filter.ts';
import type { LevelKnowledge } from './series-levels.ts';
import type { SizeShares } from './size-shares.ts';

const PARAMETERS: readonly (keyof LevelDynamics)[] = [
  'drift',
  'stepVariance',
  'swingVariance',
  'persistence',
  'weekVariance',
  'elasticity',
];

/** Where the demand of series begins and how it moves: what {@link demandLevels} gives. */
export class DemandLevels implements LevelKnowledge {
  /** How demand moves from week to week. */
  readonly dynamics: LevelDynamics;
  /** What is to be expected of series before their first week. */
  readonly first: FirstLevels;

  /** @param knowledge how demand moves, and where it begins */
  constructor({ dynamics, first }: LevelKnowledge) {
    this.dynamics = dynamics;
    this.first = first;
  }

  /**
   * Saves the dynamics as JSON, and the first levels beside them.
   * @param artifact where to
   * @param name of the entries: letters, digits and hyphens
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await artifact.writeJson(name, this.dynamics);
    await this.first.save(artifact, `${name}-first`);
  }

  /**
   * @param artifact where from
   * @param name as given to {@link save}
   * @returns the levels
   * @throws ArtifactError when an entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string): Promise<DemandLevels> {
    const saved = (await artifact.readJson(name)) as Partial<Record<keyof LevelDynamics, unknown>> | null;
    const lost = PARAMETERS.filter((parameter) => !Number.isFinite(saved?.[parameter]));
    if (lost.length > 0)
      throw new ArtifactError('saved levels of demand are damaged', {
        expected: `numbers ${PARAMETERS.join(', ')}`,
        found: `none for ${lost.join(', ')}`,
        where: { file: name },
        remedy: 'Train the model again with this version.',
      });
    return new DemandLevels({
      dynamics: saved as LevelDynamics,
      first: await FirstLevels.load(artifact, `${name}-first`),
    });
  }
}

/**
 * Learns what {@link recoverDemand} has to know of demand besides the sizes: how it moves, from a sample of series, and
 * where it begins, from all. Reads both tables twice; memory: the sample, and some bytes a series.
 * @param weekly the table
 * @param sizes the table; see {@link joinWeeks} for the order of both
 * @param shares of the sizes
 * @param options cutoff, signal, and how many series to sample
 * @returns the levels
 * @throws DataError when no week up to the cutoff has sales; and what {@link joinWeeks} throws
 */
export async function demandLevels(
  weekly: Table,
  sizes: Table,
  shares: SizeShares,
  options: DynamicsOptions = {},
): Promise<DemandLevels> {
  const dynamics = await levelDynamics(weekly, sizes, shares, options);
  const totals = new LevelTotals(dynamics);
  for await (const rows of joinWeeks(weekly, sizes, shares, options)) totals.add(rows);
  return new DemandLevels({ dynamics, first: totals.fit(shares) });
}
