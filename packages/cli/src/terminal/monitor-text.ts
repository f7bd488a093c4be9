import type { MonitoredModel, MonitorResult } from '@hemline/hemline';
import { drawTable } from './table.ts';

/** Dimensions whose scores are shown; the file of the run has all. */
const SHOWN = ['version', 'weekAhead', 'modelAge', 'market'];

/** What the tests did not find may still be there, as long as the past is short. */
const NOTHING_TESTED_FOUND =
  'No change beyond chance was found. That tells nothing of how good the forecasts are, and a short past hides changes:';

/**
 * @param result of the monitoring
 * @returns tables for people: scores, segments, features of the data, and last what was found
 */
export function monitorText(result: MonitorResult): string {
  const { from, until, models, data } = result;
  const features = data.features.map(({ feature, before, recent, adjustedP, found }) => [
    ...[feature, before, recent, adjustedP],
    found ? 'DRIFT' : '',
  ]);
  const findings = [
    ...models.flatMap(({ model, segments }) =>
      segments
        .filter(({ found }) => found)
        .map(
          ({ dimension, value, demandChange, since }) =>
            `${model}: demand of ${dimension} ${value} is ${percent(demandChange)} against its forecasts since ${since}, compared with before`,
        ),
    ),
    ...data.features
      .filter(({ found }) => found)
      .map(
        ({ feature, before, recent }) =>
          `data: ${feature} went from ${before.toFixed(3)} to ${recent.toFixed(3)}`,
      ),
  ];
  return [
    `Weeks ${from} to ${until}`,
    ...models.map(modelText),
    `Data (population stability index of discounts ${data.discountPsi.toFixed(3)})`,
    drawTable(['feature', 'before', 'recent', 'p', 'finding'], features),
    ...(findings.length === 0 ? [NOTHING_TESTED_FOUND] : findings.map((finding) => `! ${finding}`)),
    ...models.map(biasText),
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
  const drift = segments.map(({ dimension, value, rows: behind, demandChange, error, adjustedP, found }) => [
    ...[dimension, value, behind, percent(demandChange), percent(error), adjustedP],
    found ? 'DRIFT' : '',
  ]);
  return [
    `${model}${errorDrift === null ? '' : `: demand error ${percent(errorDrift)} against its approval`}`,
    drawTable(
      ['of', 'rows', 'demandError', 'demandBias'],
      [['in use', rows, metrics['demandError']!, metrics['demandBias']!], ...scored],
    ),
    drawTable(['dimension', 'segment', 'rows', 'change', 'error', 'p', 'finding'], drift),
  ].join('\n');
}

function biasText({ model, metrics, rows }: MonitoredModel): string {
  const bias = metrics['demandBias'] ?? Number.NaN;
  if (!Number.isFinite(bias)) return `${model}: how far too high or low its forecasts were is not known.`;
  const size = `${Math.abs(100 * bias).toFixed(1)} %`;
  return `${model}: the forecasts in use were ${size} too ${bias < 0 ? 'low' : 'high'} in all (${rows} rows).`;
}

function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return '–';
  return `${fraction > 0 ? '+' : ''}${(100 * fraction).toFixed(1)} %`;
}
