import type { MonitoringResult } from '@hemline/hemline';
import { earnedLines, varianceLines } from './decisions-text.ts';
import { drawTable } from './table.ts';

/**
 * @param money of the decisions of the weeks that were judged
 * @returns what they earned, where the forecast was off by most, what limits cost
 */
export function moneyLines(money: MonitoringResult['money']): string[] {
  if (money === null)
    return [
      'Money: nothing was ever decided about this dataset here. "hemline decisions propose" takes the recommendations of a run in.',
    ];
  const { scores, limits, notes } = money;
  const told = notes.map((note) => `! ${note}`);
  if (scores === null) return ['Money: nothing to tell of the decisions of these weeks.', ...told];
  const { weeks, open, unjudged } = scores;
  return [
    `Money: prices of ${weeks.join(', ')}${open > 0 ? `; ${open} have not passed in the data yet` : ''}${unjudged > 0 ? `; ${unjudged} that have passed are in no sum` : ''}`,
    ...earnedLines(scores),
    ...varianceLines(scores.variances),
    ...limitLines(limits),
    ...told,
  ];
}

function limitLines(limits: NonNullable<MonitoringResult['money']>['limits']): string[] {
  if (limits.length === 0) return ['No limit of the business bound these prices.'];
  return [
    drawTable(
      ['limit', 'missed by', 'cost of missing', 'in words', 'run'],
      limits.map(({ limit, missedBy, cost, inWords, run }) => [
        limit,
        missedBy,
        Math.round(cost),
        inWords,
        run,
      ]),
    ),
    'What a limit costs is told of a little more or less of it, by the forecasts of the run; what all of it costs, "hemline price --frontier" tells.',
  ];
}
