import * as Plot from '@observablehq/plot';
import type { StepRecord } from '@hemline/runs';
import { drawChart, type Chart, type LegendEntry } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html, type Piece } from '../page/html.ts';
import { shorten, showBytes, showDuration } from '../page/numbers.ts';
import { emptySection, section, table, type Section } from '../page/section.ts';
import type { ReportSource } from '../source/report-source.ts';

/** A step as a bar. */
interface Bar {
  readonly step: string;
  readonly from: number;
  readonly to: number;
  readonly state: Look;
  /** Time of all attempts, and how many they were. */
  readonly time: string;
}

type Look = 'finished' | 'retried' | 'fell back' | 'failed';

const LOOKS: Readonly<Record<Look, string>> = {
  finished: COLORS.first,
  retried: COLORS.warning,
  'fell back': COLORS.third,
  failed: COLORS.bad,
};

/**
 * What ran when and for how long, and what did not go as planned.
 * @param source of the report
 * @returns the section
 */
export function timelineSection({ run }: ReportSource): Section {
  const [id, title] = ['timeline', 'Timeline of the run'];
  const { steps, startedAt, endedAt } = run.record;
  const timed = steps.filter((step) => step.startedAt !== null);
  if (timed.length === 0) return emptySection(id, title, 'No step of this run has begun.');
  const start = Date.parse(startedAt);
  const seconds = (at: string): number => (Date.parse(at) - start) / 1000;
  // A step that runs, or that nobody saw end, goes as far as the run is known.
  const last = Math.max(...timed.map((step) => seconds(step.endedAt ?? endedAt ?? step.startedAt!)));
  const bars = timed.map((step): Bar => ({
    step: step.step,
    from: seconds(step.startedAt!),
    to: step.endedAt === null ? last : seconds(step.endedAt),
    state: lookOf(step),
    time: `${showDuration(step.seconds)}${step.attempts > 1 ? `, ${step.attempts} attempts` : ''}`,
  }));
  return section(
    id,
    title,
    drawChart(timelineChart(bars)),
    table(
      ['step', 'state', '#attempts', '#time', '#memory'],
      steps.map((step): Piece[] => [
        step.step,
        html`${step.state}${detail(step)}`,
        step.attempts,
        showDuration(step.seconds),
        showBytes(step.peakMemoryBytes),
      ]),
    ),
  );
}

function lookOf(step: StepRecord): Look {
  if (step.fellBackTo !== null) return 'fell back';
  if (step.state === 'failed' || step.state === 'crashed') return 'failed';
  return step.attempts > 1 || step.error !== null ? 'retried' : 'finished';
}

function detail({ fellBackTo, reason, error }: StepRecord): Piece {
  const parts = [
    ...(fellBackTo === null ? [] : [`${fellBackTo} stands in`]),
    ...(reason === null ? [] : [reason]),
    ...(error === null ? [] : [error.message]),
  ];
  return parts.length === 0 ? null : html`<br /><span class="sub">${parts.join('; ')}</span>`;
}

/** Seconds that a chart shows at least: ticks of milliseconds are longer than the room between them. */
const SHORTEST = 0.5;

function timelineChart(bars: readonly Bar[]): Chart {
  const end = Math.max(SHORTEST, ...bars.map(({ to }) => to));
  const minutes = end > 600;
  const scale = (seconds: number): number => (minutes ? seconds / 60 : seconds);
  const legend = [...new Set(bars.map(({ state }) => state))].map((state): LegendEntry => ({
    label: state,
    color: LOOKS[state],
    shape: 'line',
  }));
  return {
    title: 'What ran when',
    note: 'a bar from the first start of a step to its last end; its time is that of all attempts',
    rows: `${bars.length} steps`,
    legend,
    isWide: true,
    plot: ({ isNarrow, width }) =>
      ({
        width,
        height: 64 + bars.length * 34,
        marginLeft: 4,
        marginRight: 12,
        marginTop: 6,
        marginBottom: 44,
        x: {
          domain: [0, scale(end)],
          label: minutes ? 'time since the start (min)' : 'time since the start (s)',
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: 6,
          nice: true,
        },
        y: { domain: bars.map(({ step }) => step), axis: null },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 6 }),
          Plot.barX(bars, {
            x1: (bar: Bar) => scale(bar.from),
            // What took no time is seen all the same.
            x2: (bar: Bar) => Math.max(scale(bar.to), scale(bar.from + end / 300)),
            y: 'step',
            insetTop: 20,
            insetBottom: 4,
            rx: 2,
            fill: (bar: Bar) => LOOKS[bar.state],
            title: ({ step, time }: Bar) => `${step}  ${time}`,
          }),
          ...labels(bars, isNarrow ? null : end, scale),
        ],
        color: { type: 'identity' },
      }) as Plot.PlotOptions,
  };
}

/** Letters of a label that a phone has room for. */
const NARROW_LETTERS = 50;

/** Names over their bars: from where the bar begins, of late bars up to where it ends; on a phone from the left edge. */
function labels(
  bars: readonly Bar[],
  end: number | null,
  scale: (seconds: number) => number,
): Plot.Markish[] {
  const style = { y: 'step', dy: -7, fill: COLORS.ink, stroke: 'var(--surface)', strokeWidth: 4 };
  if (end === null) {
    const text = ({ step, time }: Bar): string => `${shorten(step, NARROW_LETTERS - time.length)}  ${time}`;
    return [Plot.text(bars, { ...style, text, frameAnchor: 'left', textAnchor: 'start', dx: 2 })];
  }
  const text = ({ step, time }: Bar): string => `${step}  ${time}`;
  const isLate = ({ from }: Bar): boolean => from > end / 2;
  const [early, late] = [bars.filter((bar) => !isLate(bar)), bars.filter(isLate)];
  return [
    Plot.text(early, { ...style, text, x: ({ from }: Bar) => scale(from), textAnchor: 'start' }),
    Plot.text(late, { ...style, text, x: ({ to }: Bar) => scale(to), textAnchor: 'end' }),
  ];
}
