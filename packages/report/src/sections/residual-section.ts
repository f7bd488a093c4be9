import * as Plot from '@observablehq/plot';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { showCount, showPercent } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';
import { contendersOf, type Contender } from './contenders.ts';
import { meansOf } from './return-sections.ts';

/**
 * What units bring after the season, by the age they have then.
 * @param source of the report
 * @returns the section
 */
export function residualSection(source: ReportSource): Section {
  const [id, title] = ['residual-value', 'Residual value by age'];
  const contenders = contendersOf(source, 'residual-value').filter(({ isChampion }) => !isChampion);
  const charts = contenders.flatMap((contender) => ageChart(contender) ?? []);
  if (charts.length === 0)
    return emptySection(
      id,
      title,
      'This run has no scores of residual values by age: it has scored no model of them.',
    );
  return section(id, title, grid(charts.map(drawChart)));
}

function ageChart({ label, color, evaluation }: Contender): Chart | null {
  const parts = meansOf(evaluation.segments, 'age');
  if (parts.length === 0) return null;
  const points = parts.flatMap(({ value, forecast, actual, weight, rows }) => [
    { value: ageText(value), kind: 'forecast', share: forecast * 100, weight, rows },
    { value: ageText(value), kind: 'observed', share: actual * 100, weight, rows },
  ]);
  const counts = parts.map(({ value, weight }) => ({ value: ageText(value), weight }));
  const units = Math.round(parts.reduce((total, { weight }) => total + weight, 0));
  return {
    title: label,
    note: 'average over the units that were cleared; the line of each age joins forecast and observation',
    rows: `${showCount(parts.reduce((total, { rows }) => total + rows, 0))} articles in markets, ${showCount(units)} units cleared; units of each age above it`,
    legend: [
      { label: 'forecast', color },
      { label: 'observed', color: COLORS.ink, shape: 'ring' },
    ],
    plot: ({ width }) =>
      ({
        width,
        height: 270,
        marginLeft: 48,
        marginRight: 12,
        marginTop: 44,
        marginBottom: 46,
        x: {
          type: 'point',
          domain: counts.map(({ value }) => value),
          label: 'age at the end of the season (weeks since launch)',
          labelAnchor: 'center',
          labelArrow: 'none',
          padding: 0.6,
        },
        y: {
          label: 'residual value (% of black price)',
          labelArrow: 'none',
          labelOffset: 40,
          zero: true,
          nice: true,
          ticks: 5,
        },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.ruleX(
            points,
            Plot.groupX({ y1: 'min', y2: 'max' }, { x: 'value', y: 'share', stroke: COLORS.muted }),
          ),
          Plot.dot(points, {
            x: 'value',
            y: 'share',
            r: 5,
            strokeWidth: 1.75,
            fill: (point: { kind: string }) => (point.kind === 'forecast' ? color : 'var(--surface)'),
            stroke: (point: { kind: string }) => (point.kind === 'forecast' ? color : COLORS.ink),
            title: (point: (typeof points)[number]) =>
              `${point.value}: ${point.kind} ${showPercent(point.share / 100, 1)}\n${Math.round(point.weight)} units, ${point.rows} articles`,
          }),
          Plot.text(counts, {
            x: 'value',
            text: ({ weight }: { weight: number }) => showCount(Math.round(weight)),
            frameAnchor: 'top',
            dy: -8,
            fill: COLORS.muted,
          }),
        ],
        color: { type: 'identity' },
      }) as Plot.PlotOptions,
  };
}

function ageText(value: string): string {
  return value.replace(' to ', '–').replace(' weeks', '');
}
