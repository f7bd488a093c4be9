import * as Plot from '@observablehq/plot';
import { DAYS_PER_WEEK, formatWeek } from '@hemline/core';
import { drawChart, type Chart, type LegendEntry } from '../chart/draw-chart.ts';
import { COLORS, seriesColor } from '../chart/palette.ts';
import { html, type Html } from '../page/html.ts';
import { plural } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { ArticleCurves, HistoryWeek, TruthWeek } from '../source/demand-curves.ts';
import type { ForecastPoint } from '../source/forecast-points.ts';
import type { ReportSource } from '../source/report-source.ts';
import { anchorOf } from './articles-section.ts';

/** Weeks of history that are shown. */
const HISTORY_WEEKS = 52;
/** Week ahead whose demand is shown as a function of the discount. */
const CURVE_WEEK = 4;
const MILLISECONDS_PER_DAY = 86_400_000;

/** What there is to draw of single articles. */
export interface DrawnArticles {
  readonly articles: readonly ArticleCurves[];
  /** Why there is nothing; null where there is something. */
  readonly none: string | null;
}

/**
 * Demand of a few single articles: what was, what is forecast, how sure that is, and on simulated data what is true.
 * @param source of the report
 * @param drawn what there is to draw
 * @returns the section
 */
export function curvesSection(source: ReportSource, { articles, none }: DrawnArticles): Section {
  const [id, title] = ['curves', 'Demand of single articles'];
  if (none !== null) return emptySection(id, title, none);
  return section(
    id,
    title,
    html`<p class="sub">
      A few articles that tell most, and those that were asked for. First demand over time, at the discount
      that was given or is planned; then demand at every discount, ${String(CURVE_WEEK)} weeks ahead or as
      many after the
      launch.${
        source.dataset === null ? ' The history is missing: the data is not on this machine any more.' : ''
      }${articles[0]!.truth === null ? '' : ' The market is simulated, so that the true expectation is known.'}
    </p>`,
    ...articles.map(drawArticle),
  );
}

function drawArticle(curves: ArticleCurves): Html {
  const { article, market, why } = curves;
  return html`<h3 id="${anchorOf(curves)}">${article} in ${market} <span class="sub">${why}</span></h3>
    ${grid([drawChart(timeChart(curves)), drawChart(discountChart(curves))])}`;
}

/** A point of a line over time or over discounts. */
interface LinePoint {
  readonly x: Date | number;
  readonly y: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

const dateOf = (week: number): Date => new Date(week * MILLISECONDS_PER_DAY);

function timeChart({ history, forecasts, truth }: ArticleCurves): Chart {
  const past = history.filter(({ demand }) => demand !== null).slice(-HISTORY_WEEKS);
  const planned = new Map(history.map(({ week, discount }) => [week, discount]));
  const lines = forecasts.map(({ points }) => atPlan(points, planned));
  const first = past[0]?.week ?? Math.min(...forecasts[0]!.points.map(({ week }) => week));
  const expected = truth === null ? [] : truthAtPlan(truth, planned).filter(({ x }) => x >= dateOf(first));
  const censored = past.filter(({ isCensored }) => isCensored);
  const last = past.at(-1)?.week;
  return {
    title: 'Over time',
    note: 'units a week at the discount given or planned',
    rows: `${plural(past.length, 'observed week')}, ${lines[0]!.length} forecast`,
    legend: [
      ...(past.length === 0 ? [] : [{ label: 'observed', color: COLORS.ink, shape: 'line' } as const]),
      ...(censored.length === 0
        ? []
        : [{ label: 'sold out (at least)', color: COLORS.ink, shape: 'ring' } as const]),
      ...legendOf(forecasts, expected.length > 0),
    ],
    plot: ({ isNarrow, width }) =>
      ({
        ...frame(width),
        x: { type: 'utc', label: 'week', labelAnchor: 'center', labelArrow: 'none', ticks: isNarrow ? 4 : 6 },
        y: { label: 'demand (units a week)', labelArrow: 'none', zero: true, nice: true, ticks: 5 },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          ...(last === undefined
            ? []
            : [
                Plot.ruleX([dateOf(last + DAYS_PER_WEEK / 2)], {
                  stroke: COLORS.muted,
                  strokeDasharray: '2 3',
                }),
              ]),
          ...linesOf(lines, expected),
          Plot.line(past, {
            x: ({ week }: HistoryWeek) => dateOf(week),
            y: 'demand',
            stroke: COLORS.ink,
            strokeWidth: 1.5,
          }),
          // A single week makes no line.
          ...(past.length > 2
            ? []
            : [
                Plot.dot(past, {
                  x: ({ week }: HistoryWeek) => dateOf(week),
                  y: 'demand',
                  r: 3,
                  fill: COLORS.ink,
                }),
              ]),
          Plot.dot(censored, {
            x: ({ week }: HistoryWeek) => dateOf(week),
            y: 'demand',
            r: 3,
            fill: 'var(--surface)',
            stroke: COLORS.ink,
          }),
        ],
      }) as Plot.PlotOptions,
  };
}

function discountChart({ forecasts, truth }: ArticleCurves): Chart {
  const weeks = [...new Set(forecasts[0]!.points.map(({ week }) => week))].sort((a, b) => a - b);
  const known = truth === null ? weeks : weeks.filter((week) => truth.some((each) => each.week === week));
  // Where the article is not on sale so far ahead, its last week that is known.
  const week =
    known[Math.min(CURVE_WEEK, known.length) - 1] ?? weeks[Math.min(CURVE_WEEK, weeks.length) - 1]!;
  const lines = forecasts.map(({ points }) =>
    points
      .filter((point) => point.week === week)
      .map(({ discount, demand, low, high }): LinePoint => ({ x: discount * 100, y: demand, low, high }))
      .sort((a, b) => Number(a.x) - Number(b.x)),
  );
  const expected: LinePoint[] = [...(truth?.find((each) => each.week === week)?.byDiscount ?? [])]
    .map(([discount, y]) => ({ x: discount * 100, y }))
    .sort((a, b) => a.x - b.x);
  return {
    title: 'Over the discount',
    note: `units in the week of ${formatWeek(week)}`,
    rows: `${lines[0]!.length} discounts forecast`,
    legend: legendOf(forecasts, expected.length > 0),
    plot: ({ width }) =>
      ({
        ...frame(width),
        x: { label: 'discount (% of black price)', labelAnchor: 'center', labelArrow: 'none', ticks: 7 },
        y: { label: 'demand (units a week)', labelArrow: 'none', zero: true, nice: true, ticks: 5 },
        marks: [Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }), ...linesOf(lines, expected)],
      }) as Plot.PlotOptions,
  };
}

function frame(width: number): Plot.PlotOptions {
  return { width, height: 268, marginLeft: 48, marginRight: 14, marginTop: 28, marginBottom: 52 };
}

function linesOf(lines: readonly (readonly LinePoint[])[], expected: readonly LinePoint[]): Plot.Markish[] {
  const [first] = lines;
  const banded = first!.filter(({ low, high }) => low !== null && high !== null);
  return [
    ...(banded.length === 0
      ? []
      : [Plot.areaY(banded, { x: 'x', y1: 'low', y2: 'high', fill: seriesColor(0), fillOpacity: 0.18 })]),
    ...(expected.length === 0
      ? []
      : [Plot.line(expected, { x: 'x', y: 'y', stroke: COLORS.truth, strokeWidth: 2 })]),
    ...lines.map((points, i) =>
      Plot.line(points, {
        ...{ x: 'x', y: 'y', stroke: seriesColor(i), strokeWidth: i === 0 ? 2.5 : 1.5 },
        ...(i === 0 ? {} : { strokeDasharray: '5 4' }),
      }),
    ),
  ];
}

function legendOf(forecasts: ArticleCurves['forecasts'], hasTruth: boolean): LegendEntry[] {
  const hasBand = forecasts[0]!.points.some(({ low }) => low !== null);
  return [
    ...forecasts.map(({ model }, i): LegendEntry => ({
      label: model,
      color: seriesColor(i),
      shape: i === 0 ? 'line' : 'dashes',
    })),
    ...(hasBand ? [{ label: '10 % to 90 %', color: seriesColor(0), shape: 'band' } as const] : []),
    ...(hasTruth ? [{ label: 'truth (expectation)', color: COLORS.truth, shape: 'line' } as const] : []),
  ];
}

/**
 * Forecasts at the discount that is planned for their week: the nearest there is. Weeks that are not planned are left out where
 * others are: the article is not sold then. Without any plan all weeks are shown, undiscounted.
 */
function atPlan(points: readonly ForecastPoint[], planned: ReadonlyMap<number, number | null>): LinePoint[] {
  const weeks = [...Map.groupBy(points, ({ week }) => week)];
  const isPlanned = weeks.some(([week]) => planned.has(week));
  return weeks
    .filter(([week]) => !isPlanned || planned.has(week))
    .sort(([a], [b]) => a - b)
    .map(([week, levels]) => {
      const wanted = planned.get(week) ?? 0;
      const nearest = levels.reduce((best, level) =>
        Math.abs(level.discount - wanted) < Math.abs(best.discount - wanted) ? level : best,
      );
      return { x: dateOf(week), y: nearest.demand, low: nearest.low, high: nearest.high };
    });
}

function truthAtPlan(
  truth: readonly TruthWeek[],
  planned: ReadonlyMap<number, number | null>,
): (LinePoint & { x: Date })[] {
  return truth.map(({ week, byDiscount }) => {
    const wanted = planned.get(week) ?? 0;
    const [, y] = [...byDiscount].reduce((best, level) =>
      Math.abs(level[0] - wanted) < Math.abs(best[0] - wanted) ? level : best,
    );
    return { x: dateOf(week), y };
  });
}
