import type { SeasonEnd } from '@hemline/hemline';
import type { MeanOverSeeds, PolicyStanding, SeasonOutcome } from '@hemline/seasons';
import { percent, unsigned } from './percent.ts';
import { drawTable } from './table.ts';

/**
 * What the policies of a season earned, for people.
 * @param end of the season
 * @returns tables: gains over the planner, profit by part; and what belongs to them
 */
export function seasonText({ policies, seeds, notes, run, directory, spent }: SeasonEnd): string {
  const markets = seeds.length === 1 ? `market ${seeds[0]}` : `${seeds.length} markets`;
  const several = seeds.length > 1 ? ', mean and 95 % interval over the markets' : '';
  const gains = drawTable(
    ['policy', 'profit', 'over the planner', 'of the gain of the oracle', 'discount rate', 'optimism'],
    policies.map((each) => [
      each.policy,
      Math.round(each.profit.mean),
      meanText(each.gain),
      meanText(each.captured),
      unsigned(meanOf(each, ({ discountRate }) => discountRate)),
      optimismText(each),
    ]),
  );
  const whole = (each: PolicyStanding, of: (season: SeasonOutcome) => number): number =>
    Math.round(meanOf(each, of));
  const parts = drawTable(
    [
      ...['policy', 'sales less refunds', 'shipping', 'returning', 'run-out', 'residual'],
      ...['units sold', 'returned', 'left'],
    ],
    policies.map((each) => [
      each.policy,
      ...[whole(each, ({ sales }) => sales), -whole(each, ({ shipping }) => shipping)],
      ...[-whole(each, ({ returning }) => returning), whole(each, ({ runOut }) => runOut)],
      ...[whole(each, ({ residual }) => residual), whole(each, ({ sold }) => sold)],
      ...[whole(each, ({ returned }) => returned), whole(each, ({ left }) => left)],
    ]),
  );
  const seconds = spent.map(
    ({ policy, seed, seconds: by }) =>
      `${policy} #${seed}: ${Object.entries(by)
        .filter(([, value]) => value >= 0.05)
        .map(([part, value]) => `${part} ${value.toFixed(1)} s`)
        .join(', ')}`,
  );
  return [
    `What policies earned in ${markets}${several}`,
    gains,
    `Profit by part${seeds.length > 1 ? ', the mean of the markets' : ''}`,
    parts,
    ...policies.flatMap(exploringText),
    ...notes,
    'Discount rate: sales-weighted, of the weeks that were played. Optimism: what the plans promised too much, of the week ahead / of the first plan.',
    ...(seconds.length === 0 ? [] : [`Time, ${seconds.join('; ')}`]),
    `In ${directory}; run ${run}`,
  ].join('\n');
}

function exploringText({ policy, exploring }: PolicyStanding): string[] {
  if (exploring === null) return [];
  const { expectedCost, realisedCost, series, moved } = exploring;
  const cost =
    realisedCost === null
      ? 'the same policy without draws was not played, so that it is not known what the season lost by them'
      : `the season cost ${costText(realisedCost)} of it`;
  return [
    `${policy}: ${Math.round(series)} discounts of a market were drawn by lot, ${Math.round(moved)} of them other than planned; expected to cost ${costText(expectedCost)} of the profit without them; ${cost}`,
  ];
}

/** Small shares, with their sign where they earn. */
function costText({ mean, interval }: MeanOverSeeds): string {
  const text = (share: number): string => `${(100 * share).toFixed(2).replace('-', '−')} %`;
  return interval === null ? text(mean) : `${text(mean)} (${interval.map(text).join(' … ')})`;
}

function meanText(value: MeanOverSeeds | null): string {
  if (value === null) return '–';
  const { mean, interval } = value;
  return interval === null
    ? percent(mean)
    : `${percent(mean)} (${percent(interval[0])} … ${percent(interval[1])})`;
}

function optimismText({ weekAheadOptimism, firstPlanOptimism }: PolicyStanding): string {
  if (weekAheadOptimism === null && firstPlanOptimism === null) return '–';
  return `${percent(weekAheadOptimism?.mean ?? null)} / ${percent(firstPlanOptimism?.mean ?? null)}`;
}

function meanOf({ seasons }: PolicyStanding, of: (season: SeasonOutcome) => number): number {
  return seasons.reduce((sum, season) => sum + of(season), 0) / seasons.length;
}
