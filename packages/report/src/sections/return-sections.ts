import * as Plot from '@observablehq/plot';
import type { SegmentRow } from '@hemline/evaluation';
import { drawChart, type Chart, type LegendEntry } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html } from '../page/html.ts';
import { showCount, showPercent } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';
import { contendersOf, type Contender } from './contenders.ts';

/** Averages of one part of the rows. */
interface PartMeans {
  readonly value: string;
  readonly forecast: number;
  readonly actual: number;
  readonly weight: number;
  readonly rows: number;
}

/**
 * @param segments of an evaluation
 * @param dimension wanted
 * @returns averages part by part, in their order
 */
export function meansOf(segments: readonly SegmentRow[], dimension: string): PartMeans[] {
  const parts = Map.groupBy(
    segments.filter((row) => row.dimension === dimension),
    ({ value }) => value,
  );
  return [...parts].flatMap(([value, rows]) => {
    const find = (metric: string): number | null => rows.find((row) => row.metric === metric)?.result ?? null;
    const [forecast, actual, weight] = [find('meanForecast'), find('meanActual'), find('weight')];
    if (forecast === null || actual === null || weight === null) return [];
    return [{ value, forecast, actual, weight, rows: rows[0]!.rows }];
  });
}

const sum = (parts: readonly PartMeans[], key: 'weight' | 'rows'): number =>
  parts.reduce((total, part) => total + part[key], 0);

/**
 * Whether return rates mean what they say: of units forecast to come back at 40 %, did 40 % come back?
 * @param source of the report
 * @returns the section
 */
export function calibrationSection(source: ReportSource): Section {
  const contenders = contendersOf(source, 'return-rate').filter(({ isChampion }) => !isChampion);
  const charts = contenders.flatMap((contender) => calibrationChart(contender) ?? []);
  const [id, title] = ['calibration', 'Return rate: calibration'];
  if (charts.length === 0)
    return emptySection(
      id,
      title,
      'This run has no scores of return rates by what was forecast: it has scored no model of return rates.',
    );
  return section(
    id,
    title,
    html`<p class="sub">
      Articles are put in classes of 5 percentage points by the return rate that was forecast. On the diagonal
      as much came back as was forecast; below it less.
    </p>`,
    grid(charts.map(drawChart)),
  );
}

function calibrationChart({ label, color, evaluation }: Contender): Chart | null {
  const parts = meansOf(evaluation.segments, 'forecast');
  if (parts.length === 0) return null;
  const values = parts.flatMap(({ forecast, actual }) => [forecast, actual]);
  const [low, high] = [Math.floor(Math.min(...values) * 10) / 10, Math.ceil(Math.max(...values) * 10) / 10];
  const domain = [low * 100, high * 100];
  return {
    title: label,
    note: 'the larger a dot, the more units were sold in the class',
    rows: `${showCount(sum(parts, 'rows'))} articles in markets, ${showCount(Math.round(sum(parts, 'weight')))} units sold`,
    legend: [
      { label: 'class of articles', color },
      { label: 'as forecast', color: COLORS.muted, shape: 'dashes' },
    ],
    plot: ({ isNarrow, width }) =>
      ({
        width,
        height: isNarrow ? 300 : 360,
        marginLeft: 48,
        marginRight: 16,
        marginTop: 28,
        marginBottom: 44,
        x: { domain, label: 'forecast return rate (%)', labelAnchor: 'center', labelArrow: 'none', ticks: 5 },
        y: { domain, label: 'observed return rate (%)', labelArrow: 'none', ticks: 5 },
        r: { range: [0, isNarrow ? 12 : 16] },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.line(
            [
              [domain[0]!, domain[0]!],
              [domain[1]!, domain[1]!],
            ],
            { stroke: COLORS.muted, strokeDasharray: '5 4' },
          ),
          Plot.dot(parts, {
            x: (part: PartMeans) => part.forecast * 100,
            y: (part: PartMeans) => part.actual * 100,
            r: 'weight',
            fill: color,
            fillOpacity: 0.55,
            stroke: color,
            title: (part: PartMeans) =>
              `forecast ${showPercent(part.forecast, 1)}, observed ${showPercent(part.actual, 1)}\n${Math.round(part.weight)} units, ${part.rows} articles`,
          }),
        ],
      }) as Plot.PlotOptions,
  };
}

/**
 * When returned units are back: the share that comes back in a week, of those that are still out.
 * @param source of the report
 * @returns the section
 */
export function returnTimeSection(source: ReportSource): Section {
  const [id, title] = ['return-time', 'Return time: hazard'];
  const contenders = contendersOf(source, 'return-time').filter(({ isChampion }) => !isChampion);
  const charts = contenders.flatMap((contender) => hazardCharts(contender));
  if (charts.length === 0)
    return emptySection(
      id,
      title,
      'This run has no scores of return times by lag: it has scored no model of return times.',
    );
  return section(id, title, grid(charts.map(drawChart)));
}

interface HazardPoint {
  readonly lag: number;
  readonly kind: 'forecast' | 'observed';
  readonly share: number;
  /** Null where nothing is out any more. */
  readonly hazard: number | null;
}

function hazardCharts({ label, color, evaluation }: Contender): Chart[] {
  const parts = meansOf(evaluation.segments, 'lag');
  if (parts.length === 0) return [];
  const points = (['forecast', 'observed'] as const).flatMap((kind) => {
    let out = 1;
    return parts.map((part, i): HazardPoint => {
      const share = kind === 'forecast' ? part.forecast : part.actual;
      // In the last week all that is still out comes back, which tells nothing.
      const hazard = i < parts.length - 1 && out > 1e-6 ? Math.min(1, share / out) : null;
      out -= share;
      return { lag: Number(part.value), kind, share, hazard };
    });
  });
  const units = Math.max(...parts.map(({ weight }) => weight));
  const rows = `${showCount(sum(parts, 'rows'))} rows (an article, market and lag each), ${showCount(Math.round(units))} units returned`;
  const legend: LegendEntry[] = [
    { label: `forecast by ${label}`, color, shape: 'line' },
    { label: 'observed', color: COLORS.ink },
  ];
  const chart = (
    name: string,
    note: string,
    axis: string,
    y: (point: HazardPoint) => number | null,
  ): Chart => ({
    ...{ title: name, note, rows, legend },
    plot: ({ width }) =>
      ({
        width,
        height: 250,
        marginLeft: 48,
        marginRight: 12,
        marginTop: 28,
        marginBottom: 44,
        x: {
          label: 'weeks from sale to sellable again',
          labelAnchor: 'center',
          labelArrow: 'none',
          tickFormat: 'd',
          ticks: 7,
          inset: 8,
        },
        y: { label: axis, labelArrow: 'none', zero: true, nice: true, ticks: 5 },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.line(
            points.filter((point) => point.kind === 'forecast' && y(point) !== null),
            { x: 'lag', y, stroke: color, strokeWidth: 2.25 },
          ),
          Plot.dot(
            points.filter((point) => point.kind === 'observed' && y(point) !== null),
            { x: 'lag', y, r: 4, fill: COLORS.ink },
          ),
        ],
      }) as Plot.PlotOptions,
  });
  const percent = (value: number | null): number | null => (value === null ? null : value * 100);
  return [
    chart(
      'Hazard',
      'of the units that will come back and are still out, those that are back this week; without the last week',
      'back this week (% of those out)',
      ({ hazard }) => percent(hazard),
    ),
    chart(
      'Share of all returns',
      'of all units that come back, those that are back this week',
      'back this week (% of all returns)',
      ({ share }) => percent(share),
    ),
  ];
}
