import type { MonitoredModel, MonitoringResult } from '@hemline/hemline';
import { detectableCell } from './detectable-text.ts';
import { moneyLines } from './money-text.ts';
import { monitorVerdict } from './monitor-verdict.ts';
import { percent } from './percent.ts';
import { drawTable } from './table.ts';

/** Dimensions whose scores are shown; the file of the run has all. */
const SHOWN = ['version', 'weekAhead', 'modelAge', 'market', 'group', 'discount'];

/** What the columns mean, below the tables. */
const LEGEND = [
  'Shown, not tested (how good the forecasts in use were):',
  '  demandError  root of the squared error over that of demand, weighted by price: 0 is perfect, 1 as bad as forecasting nothing',
  '  demandBias   forecast too much (+) or too little (−), as a fraction of what was sold',
  'Tested (whether anything has changed):',
  '  change       demand over its forecast, against what the weeks before let expect: −30 % is 30 % less demand; of a market, group or',
  '               discount band against the others, where there are at least four; of a group under like discounts, ages and past sales',
  '  error        how far such a change is off by chance: one standard deviation',
  '  p            probability of such a change if nothing had changed, all tests of the table allowed for',
  '  half seen    the fall and the rise that this test finds in half of the cases: smaller ones stay unseen more often than not',
  '  –            could not be judged: too few weeks before, or too few articles',
];

/**
 * @param result of the monitoring
 * @returns tables for people: scores, segments, features of the data, what they mean, and last what to make of them
 */
export function monitorText(result: MonitoringResult): string {
  const { from, until, models, data, waitingFor } = result;
  if (waitingFor !== null)
    return [
      `Nothing of what was forecast has been observed yet: the forecasts begin with the week ${waitingFor}, and the sales end with ${until}.`,
      `Monitor again when the sales of ${waitingFor} are in. No run was recorded.`,
    ].join('\n');
  const features = data.features.map((each) => [
    ...[
      each.feature,
      each.before,
      each.recent,
      each.adjustedP,
      detectableCell(each.detectable, isMean(each.feature)),
    ],
    each.found ? 'DRIFT' : '',
  ]);
  return [
    `Weeks ${from} to ${until}`,
    ...models.map(modelText),
    `Data: means and shares of rows (population stability index of discounts ${Number.isFinite(data.discountPsi) ? data.discountPsi.toFixed(3) : 'not known'})`,
    drawTable(['feature', 'before', 'recent', 'p', 'half seen', 'finding'], features),
    ...LEGEND,
    '',
    ...moneyLines(result.money),
    '',
    ...monitorVerdict(result),
  ].join('\n');
}

function modelText({ model, scores, segments, metrics, rows, errorDrift }: MonitoredModel): string {
  const metric = (dimension: string, value: string, name: string): number | null =>
    scores.find((row) => row.dimension === dimension && row.value === value && row.metric === name)?.result ??
    null;
  const parts = scores.filter((row) => SHOWN.includes(row.dimension) && row.metric === 'demandError');
  const scored = parts.map(({ dimension, value, rows: behind, result }) => [
    ...[`${dimension} ${value}`, behind, result],
    metric(dimension, value, 'demandBias'),
  ]);
  const tested = segments.map((each) => [
    ...[
      each.dimension,
      each.value,
      each.rows,
      percent(each.demandChange),
      percent(each.error).replace('+', ''),
      each.adjustedP,
    ],
    ...[detectableCell(each.detectable, true), each.found ? 'DRIFT' : ''],
  ]);
  return [
    `${model}${errorDrift === null ? '' : `: demand error ${percent(errorDrift)} against its approval`}`,
    drawTable(
      ['of', 'rows', 'demandError', 'demandBias'],
      [['in use', rows, metrics['demandError']!, metrics['demandBias']!], ...scored],
    ),
    drawTable(['dimension', 'segment', 'rows', 'change', 'error', 'p', 'half seen', 'finding'], tested),
  ].join('\n');
}

function isMean(feature: string): boolean {
  return feature === 'demand' || feature === 'blackPrice';
}
