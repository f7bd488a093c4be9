import * as Plot from '@observablehq/plot';
import type { Chart, LegendEntry } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { shorten, showCount } from '../page/numbers.ts';
import type { SegmentPoint } from './contenders.ts';

/** Parts that a chart has room for: the largest. */
const MOST_PARTS = 15;
/** Pixels of a letter, about. */
const LETTER = 6.6;

/** What is shown of the parts of a dimension. */
export interface SegmentChartOptions {
  readonly title: string;
  readonly note: string;
  /** Title of the axis, with its unit. */
  readonly axis: string;
  /** A share is shown in percent. */
  readonly isPercent?: boolean;
  /** A value that means something, such as no bias. */
  readonly reference?: number;
  readonly points: readonly SegmentPoint[];
}

/**
 * A metric by parts of the rows: a line a part, a dot a contender.
 * @param options what is shown
 * @returns the chart
 */
export function segmentChart(options: SegmentChartOptions): Chart {
  const { title, axis, isPercent = false, reference, points } = options;
  const { parts, rowsOf, left } = largestParts(points);
  const shown = points.filter(({ value }) => rowsOf.has(value));
  const scale = (result: number): number => (isPercent ? result * 100 : result);
  return {
    title,
    note: `${options.note}${left === 0 ? '' : `; the ${MOST_PARTS} largest, ${left} smaller ones left out`}`,
    rows: `${showCount(sumOf(rowsOf))} rows of ${shown[0]?.contender.label ?? ''}; at the right, rows of each part`,
    legend: legendOf(shown),
    plot: ({ isNarrow, width }) => {
      const longest = isNarrow ? 23 : 26;
      const label = (value: string): string => shorten(value, longest);
      const marginLeft = 14 + LETTER * Math.max(...parts.map((part) => label(part).length));
      return {
        width,
        height: 58 + parts.length * 26,
        marginLeft,
        marginRight: 52,
        marginTop: 8,
        marginBottom: 44,
        x: {
          domain: spanOf(
            shown.map(({ result }) => scale(result)),
            reference === undefined ? undefined : scale(reference),
          ),
          label: axis,
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: isNarrow ? 3 : 6,
          nice: true,
          inset: 6,
        },
        y: { domain: parts, label: null, tickFormat: label, tickSize: 0, tickPadding: 8 },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: isNarrow ? 3 : 6 }),
          ...(reference === undefined ? [] : [Plot.ruleX([scale(reference)], { stroke: COLORS.muted })]),
          Plot.ruleY(
            shown,
            Plot.groupY(
              { x1: 'min', x2: 'max' },
              {
                y: 'value',
                x: (point: SegmentPoint) => scale(point.result),
                stroke: COLORS.muted,
                strokeOpacity: 0.5,
              },
            ),
          ),
          Plot.dot(shown, {
            x: (point: SegmentPoint) => scale(point.result),
            y: 'value',
            r: 5,
            fill: (point: SegmentPoint) =>
              point.contender.isChampion ? 'var(--card)' : point.contender.color,
            stroke: (point: SegmentPoint) => point.contender.color,
            strokeWidth: 1.75,
            title: (point: SegmentPoint) =>
              `${point.value}\n${point.contender.label}: ${scale(point.result).toPrecision(3)}${isPercent ? ' %' : ''}\n${point.rows} rows`,
          }),
          Plot.text(parts, {
            y: (part: string) => part,
            text: (part: string) => showCount(rowsOf.get(part)!),
            frameAnchor: 'right',
            textAnchor: 'end',
            dx: 50,
            fill: COLORS.muted,
          }),
        ],
        color: { type: 'identity' },
      } as Plot.PlotOptions;
    },
  };
}

/**
 * A metric over numbered parts, such as weeks ahead: a line a contender.
 * @param options what is shown
 * @param xAxis title of the other axis, with its unit
 * @returns the chart
 */
export function lineChart(options: SegmentChartOptions, xAxis: string): Chart {
  const { title, note, axis, isPercent = false, reference, points } = options;
  const { rowsOf } = largestParts(points, Infinity);
  const scale = (result: number): number => (isPercent ? result * 100 : result);
  const y = ({ result }: SegmentPoint): number => scale(result);
  const x = ({ value }: SegmentPoint): number => Number(value);
  const counts = [...rowsOf.values()];
  const weeks = points.map(x);
  return {
    ...{ title, note, legend: legendOf(points) },
    rows: `${showCount(sumOf(rowsOf))} rows of ${points[0]?.contender.label ?? ''}, ${showCount(Math.min(...counts))} to ${showCount(Math.max(...counts))} a week`,
    plot: ({ width }) =>
      ({
        width,
        height: 250,
        marginLeft: 48,
        marginRight: 12,
        marginTop: 28,
        marginBottom: 44,
        x: {
          label: xAxis,
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: Array.from({ length: Math.max(...weeks) }, (_, i) => i + 1).filter(
            (_, i, all) => all.length <= 12 || i % 4 === 0,
          ),
          tickFormat: 'd',
          inset: 8,
        },
        y: {
          label: axis,
          labelArrow: 'none',
          labelAnchor: 'top',
          zero: reference === undefined,
          nice: true,
          ticks: 5,
        },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          ...(reference === undefined ? [] : [Plot.ruleY([scale(reference)], { stroke: COLORS.muted })]),
          Plot.line(points, {
            x,
            y,
            z: (point: SegmentPoint) => point.contender.label,
            stroke: (point: SegmentPoint) => point.contender.color,
            strokeWidth: 2,
            strokeDasharray: undefined,
          }),
          Plot.dot(points, {
            ...{ x, y, r: 3.5, strokeWidth: 1.75 },
            fill: (point: SegmentPoint) =>
              point.contender.isChampion ? 'var(--card)' : point.contender.color,
            stroke: (point: SegmentPoint) => point.contender.color,
            title: (point: SegmentPoint) =>
              `${point.value}\n${point.contender.label}: ${y(point).toPrecision(3)}${isPercent ? ' %' : ''}\n${point.rows} rows`,
          }),
        ],
        color: { type: 'identity' },
      }) as Plot.PlotOptions,
  };
}

/** From the least to the greatest value and the reference; numbers that hardly differ get room, so that their ticks do too. */
function spanOf(values: readonly number[], reference: number | undefined): [number, number] {
  const all = reference === undefined ? values : [...values, reference];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const least = Math.max(Math.abs(low), Math.abs(high), 1e-3) * 0.02;
  return high - low >= least ? [low, high] : [low - least, high + least];
}

function legendOf(points: readonly SegmentPoint[]): LegendEntry[] {
  return [...new Set(points.map(({ contender }) => contender))].map(({ label, color, isChampion }) => ({
    ...{ label, color, shape: isChampion ? 'ring' : 'dot' },
  }));
}

/** Parts with the rows of the first contender that has them; where there are too many, those with most rows. */
function largestParts(
  points: readonly SegmentPoint[],
  most = MOST_PARTS,
): { parts: string[]; rowsOf: Map<string, number>; left: number } {
  const all = new Map<string, number>();
  for (const { value, rows } of points) if (!all.has(value)) all.set(value, rows);
  const kept = new Set(
    [...all]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([value]) => value),
  );
  const parts = [...all.keys()].filter((value) => kept.has(value));
  return {
    parts,
    rowsOf: new Map(parts.map((part) => [part, all.get(part)!])),
    left: all.size - parts.length,
  };
}

function sumOf(rows: ReadonlyMap<string, number>): number {
  return [...rows.values()].reduce((sum, each) => sum + each, 0);
}
