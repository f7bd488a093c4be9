import { useEffect, useId, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { texts } from '../texts/texts.ts';

/** A line of a chart, one value a place of the axis; null: not known. */
export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Variable of the style sheet, such as `--c1`. */
  readonly color: string;
  readonly kind?: 'line' | 'dashes' | 'steps' | 'dots';
  /** Edges of a band, `low` after `high`: the space between is filled. */
  readonly band?: 'high' | 'low';
  readonly show: (value: number | null) => string;
  /** Measured by an axis of its own, at the right. */
  readonly isRight?: boolean;
}

/** A chart above others on the same axis. */
export interface Pane {
  readonly height: number;
  readonly series: readonly Series[];
  /** Short, for ticks. */
  readonly showY: (value: number) => string;
  readonly showRight?: (value: number) => string;
  readonly fromZero?: boolean;
}

/** A place of the axis that is marked through all panes. */
export interface Mark {
  readonly at: number;
  readonly name: string;
  readonly color: string;
}

/** What a chart shows. */
export interface ChartProps {
  readonly title: string;
  readonly note?: string;
  readonly xName: string;
  readonly x: readonly number[];
  readonly showX: (value: number) => string;
  /** Whether the axis counts places, such as weeks: only whole ones have a name. */
  readonly isPlaces?: boolean;
  readonly panes: readonly Pane[];
  readonly marks?: readonly Mark[];
  /** Columns that only the table has. */
  readonly inTable?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/**
 * A chart on a canvas, with its values as a table behind a toggle.
 * @param props what it shows
 * @returns a figure
 */
export function Chart(props: ChartProps): preact.JSX.Element {
  const [isTable, setTable] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const title = useId();
  const table = useId();
  const series = props.panes.flatMap((pane) => pane.series);
  const shown = series.filter(({ band }) => band !== 'low');
  const isEmpty =
    props.x.length === 0 || series.every(({ values }) => values.every((value) => value === null));
  const end = props.x.length - 1;
  return (
    <figure class="chart" aria-labelledby={title}>
      <figcaption>
        <strong id={title}>{props.title}</strong>
        {props.note !== undefined && <span class="muted">{props.note}</span>}
      </figcaption>
      {isEmpty ? (
        <p class="muted">{texts.charts.empty}</p>
      ) : (
        <>
          <ul class="legend">
            {shown.map((line) => (
              <li key={line.name}>
                <span
                  class={`key ${line.band === undefined ? (line.kind ?? 'line') : 'band'} of${line.color}`}
                />
                {line.band === undefined ? line.name : texts.charts.range}
                {at !== null && line.band === undefined && <b>{line.show(line.values[at] ?? null)}</b>}
              </li>
            ))}
            {at !== null && <li class="at">{props.showX(props.x[at]!)}</li>}
          </ul>
          <div
            role="img"
            aria-label={texts.charts.summary(
              props.title,
              props.x.length,
              props.showX(props.x[0]!),
              props.showX(props.x[end]!),
            )}
          >
            {props.panes.map((pane, i) => (
              <Canvas
                key={i}
                {...props}
                pane={pane}
                hasX={i === props.panes.length - 1}
                hasMarkNames={i === 0}
                setAt={setAt}
              />
            ))}
          </div>
          <button
            type="button"
            class="plain toggle"
            aria-expanded={isTable}
            aria-controls={table}
            aria-label={`${isTable ? texts.charts.chart : texts.charts.table}: ${props.title}`}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? texts.charts.chart : texts.charts.table}
          </button>
          <div
            id={table}
            hidden={!isTable}
            class="scrolls"
            tabIndex={isTable ? 0 : undefined}
            role="region"
            aria-labelledby={title}
          >
            {isTable && <Values {...props} series={series} />}
          </div>
        </>
      )}
    </figure>
  );
}

function Values(props: ChartProps & { readonly series: readonly Series[] }): preact.JSX.Element {
  const marksAt = (x: number): string =>
    (props.marks ?? [])
      .filter((mark) => Math.abs(mark.at - x) < 1e-9)
      .map(({ name }) => name)
      .join(', ');
  return (
    <table class="values">
      <thead>
        <tr>
          <th scope="col">{props.xName}</th>
          {props.series.map(({ name }) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
          {props.inTable?.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.x.map((x, i) => (
          <tr key={x}>
            <th scope="row">
              {props.showX(x)} {marksAt(x) !== '' && <span class="muted">{marksAt(x)}</span>}
            </th>
            {props.series.map((line) => (
              <td key={line.name} class="number">
                {line.show(line.values[i] ?? null)}
              </td>
            ))}
            {props.inTable?.map(({ name, values }) => (
              <td key={name}>{values[i]}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Canvas(
  props: ChartProps & {
    readonly pane: Pane;
    readonly hasX: boolean;
    readonly hasMarkNames: boolean;
    readonly setAt: (at: number | null) => void;
  },
): preact.JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const { pane, x } = props;
  useEffect(() => {
    const parent = place.current!;
    const plot = new uPlot(optionsOf(props, parent.clientWidth), dataOf(x, pane), parent);
    const observer = new ResizeObserver(() => {
      if (parent.clientWidth > 0 && parent.clientWidth !== plot.width)
        plot.setSize({ width: parent.clientWidth, height: heightOf(props) });
    });
    observer.observe(parent);
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    const recolor = (): void => plot.redraw();
    scheme.addEventListener('change', recolor);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', recolor);
      plot.destroy();
    };
  }, [JSON.stringify([x, pane.series.map(({ values, name }) => [name, values]), props.marks])]);
  return <div class="canvas" ref={place} />;
}

function dataOf(x: readonly number[], pane: Pane): uPlot.AlignedData {
  return [[...x], ...pane.series.map(({ values }) => [...values])] as uPlot.AlignedData;
}

const AXIS_HEIGHT = 26;
const RIGHT_WIDTH = 52;

function heightOf({ pane, hasX }: { readonly pane: Pane; readonly hasX: boolean }): number {
  return pane.height + (hasX ? AXIS_HEIGHT : 0);
}

/** Colours are looked up when something is drawn, so that light and dark may change. */
function color(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

function optionsOf(props: Parameters<typeof Canvas>[0], width: number): uPlot.Options {
  const { pane, hasX, showX, marks = [] } = props;
  const muted = (): string => color('--muted');
  const lines = { stroke: (): string => color('--grid'), width: 1 };
  const font = '11px system-ui, sans-serif';
  // Panes stand on one axis: where one has an axis at the right, the others leave as much room.
  const hasRight = pane.series.some(({ isRight }) => isRight);
  const roomRight = props.panes.some(({ series }) => series.some(({ isRight }) => isRight))
    ? RIGHT_WIDTH
    : 24;
  const low = pane.series.findIndex(({ band }) => band === 'low');
  const isPoint = props.x.length === 1;
  return {
    width,
    height: heightOf(props),
    padding: [
      props.hasMarkNames && marks.length > 0 ? 14 + 12 * marks.length : 8,
      hasRight ? 0 : roomRight,
      hasX ? 0 : 4,
      0,
    ],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 }, sync: { key: props.title } },
    scales: {
      x: { time: false },
      y: { range: (_, from, to) => rangeOf(from, to, pane.fromZero ?? false) },
      right: { range: (_, from, to) => rangeOf(from, to, true) },
    },
    series: [
      {},
      ...pane.series.map((line): uPlot.Series => {
        const isDots = line.kind === 'dots';
        return {
          label: line.name,
          scale: line.isRight ? 'right' : 'y',
          stroke: () => color(line.color),
          width: line.band !== undefined || isDots ? 0 : 2,
          dash: line.kind === 'dashes' ? [5, 4] : undefined,
          points:
            isDots || isPoint ? { show: true, size: 6, fill: () => color(line.color) } : { show: false },
          paths: line.kind === 'steps' ? uPlot.paths.stepped!({ align: 1 }) : isDots ? () => null : undefined,
          spanGaps: false,
        };
      }),
    ],
    bands:
      low === -1
        ? undefined
        : [
            {
              series: [low, low + 1],
              fill: () => `color-mix(in srgb, ${color(pane.series[low]!.color)} 18%, transparent)`,
            },
          ],
    axes: [
      {
        show: hasX,
        stroke: muted,
        grid: { show: false },
        ticks: { show: false },
        font,
        size: AXIS_HEIGHT,
        space: 60,
        incrs: props.isPlaces ? [1, 2, 4, 8, 13, 26, 52, 104] : undefined,
        values: (_, ticks) =>
          ticks.map((tick) => (props.isPlaces && !Number.isInteger(tick) ? '' : showX(tick))),
      },
      {
        stroke: muted,
        grid: lines,
        ticks: { show: false },
        font,
        size: 58,
        gap: 6,
        space: 28,
        values: (_, ticks) => ticks.map((tick) => pane.showY(tick)),
      },
      ...(hasRight
        ? [
            {
              side: 1 as const,
              scale: 'right',
              stroke: muted,
              grid: { show: false },
              ticks: { show: false },
              font,
              size: RIGHT_WIDTH,
              gap: 6,
              space: 28,
              values: (_: uPlot, ticks: number[]) =>
                ticks.map((tick) => (pane.showRight ?? pane.showY)(tick)),
            },
          ]
        : []),
    ],
    hooks: {
      setCursor: [(plot) => props.setAt(plot.cursor.idx ?? null)],
      draw: [(plot) => drawMarks(plot, marks, props.hasMarkNames)],
    },
  };
}

function rangeOf(from: number | null, to: number | null, fromZero: boolean): [number, number] {
  const low = fromZero ? Math.min(0, from ?? 0) : (from ?? 0);
  const high = fromZero ? Math.max(0, to ?? 1) : (to ?? 1);
  const room = (high - low || Math.abs(high) || 1) * 0.08;
  return [low === 0 ? 0 : low - room, high + room];
}

function drawMarks(plot: uPlot, marks: readonly Mark[], hasNames: boolean): void {
  const { ctx, bbox } = plot;
  const ratio = window.devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
  marks.forEach((mark, i) => {
    const x = Math.round(plot.valToPos(mark.at, 'x', true));
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) return;
    const top = bbox.top - (hasNames ? (marks.length - i) * 12 * ratio : 0);
    ctx.strokeStyle = color(mark.color);
    ctx.fillStyle = color(mark.color);
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (!hasNames) return;
    const width = ctx.measureText(mark.name).width;
    const isRight = x + width + 8 * ratio < bbox.left + bbox.width;
    ctx.textAlign = isRight ? 'left' : 'right';
    ctx.textBaseline = 'top';
    ctx.fillText(mark.name, x + (isRight ? 4 : -4) * ratio, top - 2 * ratio);
  });
  ctx.restore();
}
