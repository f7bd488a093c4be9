import * as Plot from '@observablehq/plot';
import type { Measurement } from '@hemline/runs';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { showCount, showNumber } from '../page/numbers.ts';
import { emptySection, grid, section, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';

/** Fewer are a number, not a curve. */
const LEAST_POINTS = 3;
/** Points that a chart of this size can show; of more, every so many-th. */
const MOST_POINTS = 300;
const MOST_CHARTS = 8;

/**
 * How trainings went: what they measured of themselves, over time.
 * @param source of the report
 * @returns the section
 */
export function trainingSection({ measurements }: ReportSource): Section {
  const [id, title] = ['training', 'Training over time'];
  const curves = [...Map.groupBy(measurements, ({ step, name }) => `${step}\n${name}`).values()]
    .map((all) => {
      const last = Math.max(...all.map(({ attempt }) => attempt));
      return all.filter(({ attempt, value }) => attempt === last && value !== null);
    })
    .filter((points) => points.length >= LEAST_POINTS);
  if (curves.length === 0)
    return emptySection(
      id,
      title,
      'No training of this run has measured anything while it ran: averages have nothing to tell.',
    );
  return section(id, title, grid(curves.slice(0, MOST_CHARTS).map(curveChart).map(drawChart)));
}

function curveChart(all: readonly Measurement[]): Chart {
  const { step, name } = all[0]!;
  const stride = Math.ceil(all.length / MOST_POINTS);
  const points = all
    .filter((_, i) => i % stride === 0 || i === all.length - 1)
    .map(({ position, value }) => ({ x: position, y: value! }));
  return {
    title: `${name} of ${step}`,
    note: `from ${showNumber(points[0]!.y, 5)} to ${showNumber(points.at(-1)!.y, 5)}`,
    rows: `${showCount(all.length)} measurements`,
    plot: ({ width }) =>
      ({
        width,
        height: 210,
        marginLeft: 52,
        marginRight: 16,
        marginTop: 28,
        marginBottom: 44,
        x: {
          label: 'measurement (number)',
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: 5,
          nice: true,
        },
        y: { label: `${name} (as the model defines it)`, labelArrow: 'none', ticks: 5, nice: true },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.line(points, { x: 'x', y: 'y', stroke: COLORS.first, strokeWidth: 2 }),
        ],
      }) as Plot.PlotOptions,
  };
}
