import { relative } from 'node:path';
import type { QUANTITIES } from '@hemline/core';
import type { ModelReport, RunReport } from '@hemline/hemline';
import type { Scores } from '@hemline/workflow';
import { percent, unsigned } from './percent.ts';
import { explorationText } from './price-text.ts';
import { drawTable } from './table.ts';

type Cell = string | number | null;

/**
 * @param report of a run
 * @returns scores, forecasts, problems, and where everything lies
 */
export function reportToText(report: RunReport): string {
  const parts: string[] = [];
  if (report.models.some(({ evaluation, backtest }) => evaluation !== null || backtest !== undefined))
    parts.push(
      `Scores, each on the weeks after the cutoff that the model had not seen (last known week: ${report.data.lastWeek ?? 'unknown'})`,
      drawTable(['model', 'quantity', 'cutoff', 'rows', 'metric', 'value'], scoreRows(report)),
    );
  if (report.models.some(({ registered }) => registered !== null))
    parts.push(
      'Versions',
      drawTable(
        ['model', 'version', 'status'],
        report.models.map(({ model, registered }) => [
          model,
          registered?.version ?? null,
          registered?.status?.toUpperCase().replace('APPROVED', 'approved') ?? 'NONE',
        ]),
      ),
    );
  if (report.workflow === 'weekly' || report.workflow === 'inference')
    parts.push(
      'Forecasts',
      drawTable(
        ['model', 'rows', 'by', 'folder'],
        report.models.map((each) => [
          each.model,
          each.forecast?.rows ?? null,
          forecastText(report, each),
          each.forecast === null ? null : relative('', each.forecast.directory),
        ]),
      ),
    );
  if (report.recommendations !== null) parts.push(...recommendationsText(report.recommendations));
  const problems = [
    ...report.problems,
    ...report.models.flatMap(({ model, problems }) => problems.map((problem) => `${model}: ${problem}`)),
    ...report.warnings,
  ];
  return [
    ...parts,
    ...problems.map((problem) => `! ${problem}`),
    `${report.workflow} is ${report.status === 'incomplete' ? 'INCOMPLETE' : report.status}, ${report.seconds} s; everything about this run: ${relative('', report.page ?? report.record)}`,
  ].join('\n');
}

/** What the prices earn: the last table of a run, since it is what the run is for. */
function recommendationsText(found: NonNullable<RunReport['recommendations']>): string[] {
  const { articles, compared, changed, limits, assumptions } = found;
  const missed = limits.filter(({ isMet }) => !isMet);
  return [
    `Recommendations for ${articles.toLocaleString('en')} articles, ${found.weeks} weeks after ${found.cutoff}: ${relative('', found.directory)}`,
    ...assumptions.map((text) => `(${text})`),
    ...explorationText(found.exploration ?? null),
    ...missed.map(({ limit, missedBy }) => `(limit ${limit} is missed by ${missedBy.toPrecision(3)})`),
    drawTable(
      [
        'planned profit',
        "today's discounts held",
        'gain',
        '',
        'articles that change',
        'units sold',
        'units left',
      ],
      [
        [
          Math.round(found.comparedProfit),
          Math.round(found.heldProfit),
          Math.round(found.gain),
          percent(found.gain / Math.abs(found.heldProfit)),
          `${changed.toLocaleString('en')} of ${compared.toLocaleString('en')}`,
          Math.round(found.unitsSold),
          Math.round(found.unitsLeft),
        ],
      ],
    ),
    `About ${unsigned(found.optimism)} of the planned profit is owed to errors of the forecast that chose the plan.`,
  ];
}

function forecastText(report: RunReport, { forecastBy: by, insteadOf }: ModelReport): string {
  if (by === null) return 'MISSING';
  if (insteadOf !== null)
    return `EARLIER VERSION ${by.version} (${by.cutoff}): version ${insteadOf.version} failed`;
  if (by.run === report.run) return `version ${by.version}, this week's`;
  return report.workflow === 'weekly'
    ? `EARLIER VERSION ${by.version} (${by.cutoff})`
    : `version ${by.version} (${by.cutoff})`;
}

function scoreRows(report: RunReport): Cell[][] {
  return report.models.flatMap(({ model, quantity, evaluation, backtest }) => {
    const all = backtest ?? (evaluation === null ? [] : [evaluation]);
    if (all.length === 0) return [[model, quantity, null, null, 'not scored', null] as Cell[]];
    return all.flatMap((scores, at) =>
      mainMetrics(quantity, scores.metrics).map(([metric, value], i): Cell[] => [
        at === 0 && i === 0 ? model : '',
        at === 0 && i === 0 ? quantity : '',
        i === 0 ? scores.cutoff : '',
        i === 0 ? scores.rows : '',
        metric,
        value,
      ]),
    );
  });
}

function mainMetrics(
  quantity: keyof typeof QUANTITIES,
  metrics: Scores['metrics'],
): [string, number | null][] {
  const wanted = quantity === 'demand' ? ['demandError', 'demandBias', 'wape'] : ['rmse', 'wape', 'bias'];
  return wanted.flatMap((name): [string, number | null][] =>
    metrics[name] === undefined ? [] : [[name, metrics[name]]],
  );
}
