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
    note: 'average over the units that were cleared, by age at the end of the season, weeks since launch',
    rows: `${showCount(parts.reduce((total, { rows }) => total + rows, 0))} articles in markets, ${showCount(units)} units cleared; at the right, units of each age`,
    legend: [
      { label: 'forecast', color },
      { label: 'observed', color: COLORS.ink, shape: 'ring' },
    ],
    plot: ({ isNarrow, width }) =>
      ({
        width,
        height: 58 + counts.length * 26,
        marginLeft: 66,
        marginRight: 52,
        marginTop: 20,
        marginBottom: 44,
        x: {
          label: 'residual value (% of black price)',
          labelAnchor: 'center',
          labelArrow: 'none',
          zero: true,
          nice: true,
          ticks: isNarrow ? 4 : 6,
        },
        y: {
          domain: counts.map(({ value }) => value),
          label: 'age (weeks)',
          labelAnchor: 'top',
          labelArrow: 'none',
          tickSize: 0,
          tickPadding: 8,
        },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: isNarrow ? 4 : 6 }),
          Plot.ruleY(
            points,
            Plot.groupY({ x1: 'min', x2: 'max' }, { y: 'value', x: 'share', stroke: COLORS.muted }),
          ),
          Plot.dot(points, {
            x: 'share',
            y: 'value',
            r: 5,
            strokeWidth: 1.75,
            fill: ({ kind }: (typeof points)[number]) => (kind === 'forecast' ? color : 'var(--surface)'),
            stroke: ({ kind }: (typeof points)[number]) => (kind === 'forecast' ? color : COLORS.ink),
            title: ({ value, kind, share, weight, rows }: (typeof points)[number]) =>
              `${value} weeks: ${kind} ${showPercent(share / 100, 1)}\n${Math.round(weight)} units, ${rows} articles`,
          }),
          Plot.text(counts, {
            y: 'value',
            text: ({ weight }: (typeof counts)[number]) => showCount(Math.round(weight)),
            frameAnchor: 'right',
            textAnchor: 'end',
            dx: 50,
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
