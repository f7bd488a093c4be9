import { DataError, type Tables } from '@hemline/core';
import type { HierarchyLevel } from '../shrinkage/hierarchy.ts';
import { CohortCounts } from './cohort-counts.ts';
import { hazardStrength, observedHazards, shrinkHazards, type RiskSets } from './hazards.ts';
import { firstSale, readReturns, readSales, type CohortReading } from './read-cohorts.ts';
import { ReturnTimes } from './return-times.ts';

/**
 * Estimates when sold units come back, as a discrete-time hazard: h_k is the chance that a unit not back before comes back
 * k weeks after its sale. Cohorts younger than k weeks at the cutoff are right-censored: they are not at risk at k, so
 * the youngest do not bias the estimate (Kaplan & Meier 1958; Singer & Willett 1993, Journal of Educational Statistics
 * 18, 155–195). Units count as weights. Hazards are shrunk level by level toward those above, with a strength estimated
 * from the data and pooled over lags. Reads both tables once, in any order of rows.
 * @param tables `weekly` and `returns`, as of the cutoff
 * @param levels of the hierarchy; columns from `reading.keys` and its attributes
 * @param reading cutoff, maximum lag K, keys
 * @returns hazards by node
 * @throws SchemaError when a table or column is missing
 * @throws DataError when nothing came back, no cohort reached the lag K, a return has an impossible delay, or more units
 * came back than were sold in all, in a market or in a group
 */
export async function returnTimeHazard(
  tables: Tables,
  levels: readonly HierarchyLevel[],
  reading: CohortReading,
): Promise<ReturnTimes> {
  const counts = new CohortCounts(levels, reading.maximumLag);
  let first = Infinity;
  for await (const rows of readSales(tables.get('weekly'), reading)) {
    counts.addSales(rows);
    first = Math.min(first, firstSale(rows));
  }
  for await (const rows of readReturns(tables.get('returns'), reading, first)) counts.addReturns(rows);
  return estimate(counts);
}

function estimate(counts: CohortCounts): ReturnTimes {
  const { hierarchy } = counts;
  const parents = hierarchy.complete();
  const sets = counts.riskSets(parents);
  const returned = sets.map(unitsReturned);
  checkRoot(sets[0]!);
  sets.forEach((level, position) => {
    // Weeks without a value may take an article's sales away and leave its returns; more than an article is an error.
    if (position > 0 && hierarchy.levels[position - 1]!.columns.includes('article')) return;
    for (let node = 0; node < returned[position]!.length; node++) {
      const sold = level.atRisk[node * level.width]!;
      if (returned[position]![node]! > sold)
        throw tooManyReturns(hierarchy.describe(position, node), returned[position]![node]!, sold);
    }
  });
  const hazards = [observedHazards(sets[0]!)];
  const strengths = [Infinity];
  for (let level = 1; level < sets.length; level++) {
    strengths[level] = hazardStrength(sets[level]!, sets[level - 1]!, parents[level]!);
    hazards[level] = shrinkHazards(sets[level]!, hazards[level - 1]!, parents[level]!, strengths[level]!);
  }
  return new ReturnTimes(hierarchy, hazards, returned, strengths);
}

function unitsReturned({ events, width }: RiskSets): Float64Array {
  const returned = new Float64Array(events.length / width);
  for (let cell = 0; cell < events.length; cell++) returned[Math.floor(cell / width)]! += events[cell]!;
  return returned;
}

/** Everything together must tell the hazard of every lag: what all else falls back to. */
function checkRoot({ atRisk, events, width }: RiskSets): void {
  if (!events.some((units) => units > 0)) {
    throw new DataError('nothing came back, so that the time of returns is unknown', {
      expected: 'units returned up to the cutoff',
      found: 'none',
      where: { table: 'returns' },
      remedy: 'Choose a later cutoff, or add returns of earlier sales.',
    });
  }
  const unseen = atRisk.findIndex((units) => !(units > 0));
  // Nobody is left to come back where all have.
  if (unseen === -1 || events.subarray(0, unseen).reduce((sum, units) => sum + units, 0) >= atRisk[0]!)
    return;
  throw new DataError('the history is too short to tell how long returns take', {
    expected: `sales at least ${width - 1} weeks before the cutoff`,
    found: `none older than ${unseen - 1} weeks`,
    where: { table: 'weekly' },
    remedy: 'Choose a later cutoff, add earlier weeks, or lower the hyperparameter that bounds the delay.',
  });
}

function tooManyReturns(what: string, returned: number, sold: number): DataError {
  return new DataError('more units came back than were sold', {
    expected: `at most the ${sold} units sold (${what})`,
    found: `${returned} units returned`,
    where: { table: 'returns', column: 'units' },
    remedy: 'See whether returns are counted twice, or whether weeks of sales are missing from weekly.',
  });
}
