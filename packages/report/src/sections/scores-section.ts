import { parseWeek, formatWeek, addWeeks, type QuantityName } from '@hemline/core';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { html } from '../page/html.ts';
import { plural, showNumber, showPercent } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { Evaluation, ReportSource } from '../source/report-source.ts';
import { contendersOf, segmentPoints, type Contender } from './contenders.ts';
import { metricWords } from './metric-words.ts';
import { WORDS } from './quantity-words.ts';
import { scoreTable } from './score-table.ts';
import { lineChart, segmentChart } from './segment-chart.ts';

/** Parts that scores are shown by, and how a chart of them is titled. */
const DIMENSIONS: readonly { readonly name: string; readonly by: string; readonly note: string }[] = [
  { name: 'cutoff', by: 'cutoff', note: 'last week that the model knew' },
  { name: 'lead', by: 'near and far', note: 'weeks ahead in two classes' },
  {
    name: 'history',
    by: 'length of the history',
    note: 'observed weeks; cold starts are in no other score',
  },
  { name: 'discount', by: 'discount', note: 'discount that was given in the week' },
  {
    name: 'discountChange',
    by: 'change of the discount',
    note: 'against the last week that the model knew: where it differs, forecasts rest on the response to the price',
  },
  { name: 'market', by: 'market', note: 'markets' },
  { name: 'group', by: 'commodity group', note: 'groups of articles' },
];

/**
 * How good the forecasts of a quantity are, against baselines and champion, in all and by parts of the rows.
 * @param source of the report
 * @param quantity forecast
 * @returns the section
 */
export function scoresSection(source: ReportSource, quantity: QuantityName): Section {
  const words = WORDS[quantity];
  const id = `scores-${quantity}`;
  const title = `${words.title}: scores`;
  const contenders = contendersOf(source, quantity);
  if (contenders.length === 0)
    return emptySection(
      id,
      title,
      `This run has not scored forecasts of ${words.title.toLowerCase()}. A weekly run, a training, a backtest, or "hemline evaluate" on weeks that a model has not seen does.`,
    );
  const charts = chartsOf(quantity, contenders);
  return section(
    id,
    title,
    html`<p class="sub">
      ${windowText(contenders)} ${championText(source, quantity, contenders)}
      ${quantity === 'demand' ? censoredText(source) : ''}
    </p>`,
    scoreTable(contenders),
    charts.length === 0
      ? html`<p class="empty">
          These scores were made before scores by segment were kept: score the models once more to see them by
          week, market and group.
        </p>`
      : grid(charts.map(drawChart)),
  );
}

function chartsOf(quantity: QuantityName, contenders: readonly Contender[]): Chart[] {
  const words = WORDS[quantity];
  const charts: Chart[] = [];
  const add = (by: string, note: string, dimension: string, isLine: boolean): void => {
    const errors = segmentPoints(contenders, dimension, words.metric);
    const biases = words.bias === null ? [] : segmentPoints(contenders, dimension, words.bias);
    if (errors.length === 0) return;
    const error = {
      title: `Error by ${by}`,
      note: words.metricNote,
      axis: words.metricTitle,
      isPercent: words.isPercent,
      points: errors,
    };
    const bias = {
      title: `Bias by ${by}`,
      note: `${note}; above 0: too much forecast`,
      axis: words.biasTitle,
      isPercent: true,
      reference: 0,
      points: biases,
    };
    charts.push(isLine ? lineChart(error, 'weeks ahead') : segmentChart(error));
    if (biases.length > 0) charts.push(isLine ? lineChart(bias, 'weeks ahead') : segmentChart(bias));
  };
  add('week ahead', 'all rows of a week', 'weekAhead', true);
  charts.push(...coverageCharts(contenders));
  for (const { name, by, note } of DIMENSIONS) add(by, note, name, false);
  return charts;
}

/** Quantiles that hold in all may be too narrow near and too wide far ahead. */
function coverageCharts(contenders: readonly Contender[]): Chart[] {
  const metrics = contenders.flatMap(({ evaluation }) => evaluation.segments.map(({ metric }) => metric));
  return [...new Set(metrics.filter((name) => name.startsWith('coverage')))].map((name) => {
    const { title, ideal } = metricWords(name);
    const share = showPercent(ideal!);
    return lineChart(
      {
        title: `Weeks ${title}, by week ahead`,
        note: `share of the rows of a week; a forecast that is calibrated has ${share} throughout`,
        axis: 'share of the rows (%)',
        isPercent: true,
        reference: ideal!,
        points: segmentPoints(contenders, 'weekAhead', name),
      },
      'weeks ahead',
    );
  });
}

function windowText(contenders: readonly Contender[]): string {
  const own = contenders.find(({ isChampion }) => !isChampion)!;
  const { backtest } = own.evaluation;
  return backtest === undefined
    ? `Scored on ${weeksText(own.evaluation)}, which the models had not seen.`
    : backtestText(own.evaluation.horizon, backtest);
}

function backtestText(horizon: number, { cutoffs, seeds }: NonNullable<Evaluation['backtest']>): string {
  const fitted = `Fitted anew at ${plural(cutoffs.length, 'cutoff')}${seeds === 1 ? '' : ` with ${plural(seeds, 'seed')}`}`;
  const mean = cutoffs.length === 1 ? '' : ' Means over the cutoffs, ± the standard deviation.';
  return `${fitted}, and scored on the ${plural(horizon, 'week')} after each.${mean}`;
}

function weeksText({ cutoff, horizon }: Evaluation): string {
  const last = formatWeek(addWeeks(parseWeek(cutoff), horizon));
  return `the ${horizon} weeks after ${cutoff}, up to ${last}`;
}

/** Sold-out weeks are in no score: nobody knows what their demand was. */
function censoredText({ quality }: ReportSource): string {
  const found = quality?.find(
    ({ column, finding }) => column === 'uncensored' && finding.includes('censored'),
  );
  const general =
    'Weeks that were sold out before their end are not scored: what their demand would have been is not known.';
  if (found === undefined || found.of === 0) return general;
  if (found.count === null)
    return 'The data does not say which weeks were sold out: all are scored, and where stock ran out, what was sold passes for demand.';
  if (found.count === 0)
    return 'No week of the data was sold out before its end: all observed weeks are scored.';
  return `${general} In the data these are ${showNumber(found.count)} of ${showNumber(found.of)} observed weeks of articles (${showPercent(found.count / found.of, 1)}).`;
}

function championText(
  { models }: ReportSource,
  quantity: QuantityName,
  contenders: readonly Contender[],
): string {
  const champion = contenders.find(({ isChampion }) => isChampion);
  if (champion !== undefined)
    return `The champion is the version that was approved before this run, with its scores on ${weeksText(champion.evaluation)}.`;
  const known = models.find((each) => each.quantity === quantity && each.champion !== null);
  return known === undefined
    ? 'There was no approved version before this run to compare with.'
    : `The scores of the champion (${known.model} version ${known.champion!.version}, run ${known.champion!.run}) are not on this machine.`;
}
