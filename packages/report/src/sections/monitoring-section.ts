import { html, type Piece } from '../page/html.ts';
import { plural, showNumber, showPercent } from '../page/numbers.ts';
import { section, table, type Section } from '../page/section.ts';
import { moneySection } from './money-section.ts';
import type { Monitoring, WatchedModel } from '../source/monitoring.ts';

/** Dimensions whose scores are shown; the file of the run has all. */
const SHOWN = ['version', 'weekAhead', 'modelAge', 'discount', 'market', 'group'];
const NAMES: Readonly<Record<string, string>> = { weekAhead: 'weeks ahead', modelAge: 'age of the model' };

/**
 * What a monitoring found, in numbers.
 * @param monitoring of the run
 * @returns a section of money, one a model, and one of the data
 */
export function monitoringSections(monitoring: Monitoring): Section[] {
  return [
    moneySection(monitoring.money),
    ...monitoring.models.map((model) => modelSection(model, monitoring)),
    dataSection(monitoring),
  ];
}

function modelSection(
  { model, rows, metrics, errorDrift, past, scores, segments }: WatchedModel,
  { from, until, beyondLimits }: Monitoring,
): Section {
  const result = (dimension: string, value: string, metric: string): number | null =>
    scores.find((row) => row.dimension === dimension && row.value === value && row.metric === metric)
      ?.result ?? null;
  // What has few rows is off by chance: it is not beyond a limit, however large the number.
  const isBeyond = (dimension: string | null, value: string | null): boolean =>
    beyondLimits.some(
      (each) =>
        each.model === model &&
        each.dimension === dimension &&
        each.segment === value &&
        each.limit !== 'errorTimes',
    );
  const parts = SHOWN.flatMap((dimension) =>
    scores.filter((row) => row.dimension === dimension && row.metric === 'demandError'),
  );
  const scored = parts.map(({ dimension, value, rows: behind, result: error }): Piece[] => [
    labelOf(dimension, value),
    showNumber(error),
    biasText(result(dimension, value, 'demandBias'), isBeyond(dimension, value)),
    showNumber(behind),
  ]);
  const all: Piece[] = [
    'all',
    showNumber(metrics['demandError']),
    biasText(metrics['demandBias'] ?? null, isBeyond(null, null)),
    showNumber(rows),
  ];
  const drift = segments.map(
    ({ dimension, value, rows: behind, demandChange, adjustedP, detectable, found }): Piece[] => [
      labelOf(dimension, value),
      signed(demandChange),
      fallText(detectable),
      adjustedP === null ? 'not judged' : showNumber(adjustedP),
      found ? html`<strong class="bad">changed</strong>` : '',
      showNumber(behind),
    ],
  );
  return section(
    `monitoring-${model}`,
    `${model}: forecasts in use, ${from} to ${until}`,
    html`<p class="sub">
      Forecasts that were in use, each until the next one, against what was observed since; weeks that were
      sold out are not scored. Error: 0 is perfect, 1 is what forecasting nothing scores. Bias: how much too
      much (+) or too little (−) was forecast.
      ${errorDrift === null ? 'The registry has no score of the version to compare with.' : `The error is ${signed(errorDrift)} against the weeks that the version was approved by.`}
    </p>`,
    table(['of', '#demand error', '#bias', '#rows'], [all, ...scored]),
    html`<h3>Has anything changed?</h3>
      <p class="sub">
        Change: how demand went against its forecasts, compared with the weeks before. p: how likely so large
        a change is where nothing has changed, all segments allowed for. A fall found: a smaller fall of
        demand would be found in fewer than half of the cases. ${pastText(past)} No finding is no proof that
        the forecasts are good.
      </p>`,
    table(['segment', '#change', '#a fall found', '#p', 'finding', '#rows'], drift),
  );
}

function dataSection({ data }: Monitoring): Section {
  return section(
    'monitoring-data',
    'The data: what changed',
    html`<p class="sub">
      Population stability index of the discounts: ${showNumber(data.discountPsi)}. Above 0.25 discounts are
      commonly called shifted.
    </p>`,
    table(
      ['feature', '#before', '#recent', '#p', 'finding'],
      data.features.map(({ feature, before, recent, adjustedP, found }): Piece[] => [
        feature,
        showNumber(before),
        showNumber(recent),
        adjustedP === null ? 'not judged' : showNumber(adjustedP),
        found ? html`<strong class="bad">changed</strong>` : '',
      ]),
    ),
  );
}

/** `market DE`, but `version 3`, not `version version 3`. */
function labelOf(dimension: string, value: string): string {
  if (dimension === 'all' || dimension === 'version') return value;
  return `${NAMES[dimension] ?? dimension} ${value}`;
}

function biasText(bias: number | null, isBeyond: boolean): Piece {
  if (bias === null) return '–';
  return !isBeyond ? signed(bias) : html`<strong class="bad">${signed(bias)} ✗</strong>`;
}

function signed(fraction: number | null): string {
  return fraction === null ? '–' : `${fraction > 0 ? '+' : ''}${showPercent(fraction, 1)}`;
}

/** Even a fall to nothing may be within what chance does. */
function fallText(detectable: WatchedModel['segments'][number]['detectable']): string {
  if (detectable === null || detectable === undefined) return '–';
  return detectable.fall > 0.995 ? 'none' : showPercent(detectable.fall);
}

function pastText(past: WatchedModel['past']): string {
  if (past === undefined) return '';
  const known = `Known are ${plural(past.forecasts, 'forecast')} and ${plural(past.weeks, 'week')} of them with sales`;
  return past.weeks < past.weeksNeeded
    ? `${known}: a change in all cannot be tested before there are ${past.weeksNeeded} weeks.`
    : `${known}.`;
}
