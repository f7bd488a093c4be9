import * as Plot from '@observablehq/plot';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html, type Piece } from '../page/html.ts';
import { plural, showNumber, showPercent, showTick } from '../page/numbers.ts';
import { grid, section, table, type Section } from '../page/section.ts';
import type { Frontier, FrontierPoint } from '../source/frontiers.ts';

/** What the values of a measure are in; of all others, units. */
const UNITS: Readonly<Record<string, string>> = {
  ...{ 'discount-rate': '%', revenue: 'currency of the data', 'discount-budget': 'currency of the data' },
};

/**
 * What the plans earn against the value of a limit of the business: a chart, with the limit as it is marked, and a table beside it.
 * @param frontier of the limit
 * @param position among those of the page
 * @returns the section
 */
export function frontierSection(frontier: Frontier, position: number): Section {
  const { points, limit, measure, minimumGain, weeks, cutoff, forecasts } = frontier;
  const isRate = measure === 'discount-rate';
  const show = (value: number | null): string =>
    isRate ? showPercent(value, 1) : showNumber(value === null ? null : Math.round(value));
  const free = points.find(({ side }) => side === 'free')?.profit ?? null;
  const stated = [
    ...(frontier.lower === null ? [] : [`at least ${show(frontier.lower)}`]),
    ...(frontier.upper === null ? [] : [`at most ${show(frontier.upper)}`]),
  ].join(', ');
  const missed = points.filter(({ isFeasible }) => !isFeasible).length;
  return section(
    `frontier-${position + 1}`,
    `What "${limit}" costs`,
    html`<p class="sub">
      Planned profit of ${plural(weeks, 'week')} after ${cutoff}, by the forecasts of ${forecasts}, with this
      limit (${measure}; as it is: ${stated}) at other values, all others as they are.
      ${points.some(({ isLimit }) => isLimit) ? '' : 'As it is it costs nothing: the plans keep it without being made to.'}
      ${missed === 0 ? '' : `${plural(missed, 'bound')} that no plan was found for: those shown come nearest.`}
      A change has to earn ${showPercent(minimumGain, 1)} more than holding, which counts as a cost in the
      gap.
    </p>`,
    grid([
      drawChart(profitChart(frontier, isRate, show)),
      table(
        [
          'bound',
          '#plans come to',
          '#profit',
          '#less than free',
          isRate ? '#a point more earns' : '#one more earns',
          '#gap',
        ],
        points.map((point): Piece[] => [
          boundText(point, show),
          show(point.value),
          ...(point.isFeasible
            ? [
                ...[amount(point.profit), amount(free === null ? null : point.profit! - free)],
                ...[amount(point.worthOfOne), showPercent(point.gap, 2)],
              ]
            : ['not met', '–', '–', '–']),
        ]),
      ),
    ]),
  );
}

function boundText({ side, bound, isLimit }: FrontierPoint, show: (value: number | null) => string): Piece {
  if (side === 'free') return 'without the limit';
  const text = `${side} ${show(bound)}`;
  return isLimit ? html`<strong>${text}</strong><br /><span class="sub">the limit as it is</span>` : text;
}

function profitChart(
  { points, limit, measure }: Frontier,
  isRate: boolean,
  show: (value: number | null) => string,
): Chart {
  const drawn = points
    .flatMap((point) =>
      point.value === null || point.profit === null
        ? []
        : [{ ...point, x: isRate ? 100 * point.value : point.value, y: point.profit }],
    )
    .sort((a, b) => a.x - b.x);
  const marked = (of: (point: FrontierPoint) => boolean) => drawn.filter(of);
  const isFree = ({ side }: FrontierPoint): boolean => side === 'free';
  const dots = (rows: typeof drawn, fill: string, r: number) =>
    Plot.dot(rows, {
      ...{ x: 'x', y: 'y', r, fill, stroke: COLORS.ink, strokeWidth: r > 3 ? 1 : 0 },
      title: (point: (typeof drawn)[number]) =>
        `${isFree(point) ? 'without the limit' : `${point.side} ${show(point.bound)}`}: ${amount(point.profit)}`,
    });
  return {
    title: `Profit against ${limit}`,
    note: 'planned profit, against what the plans come to',
    rows: plural(drawn.length, 'point'),
    legend: [
      { label: 'the limit as it is', color: COLORS.first, shape: 'dot' },
      { label: 'without the limit', color: COLORS.second, shape: 'dot' },
    ],
    plot: ({ width, isNarrow }) =>
      ({
        ...{ width, height: 268, marginLeft: 56, marginRight: 14, marginTop: 28, marginBottom: 44 },
        x: {
          ...{
            label: `${limit} (${UNITS[measure] ?? 'units'})`,
            labelAnchor: 'center',
            labelArrow: 'none',
            nice: true,
          },
          ...{ ticks: isNarrow ? 4 : 7, tickFormat: showTick },
        },
        y: {
          label: 'profit planned (currency of the data)',
          labelArrow: 'none',
          nice: true,
          ticks: 5,
          tickFormat: showTick,
        },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.line(drawn, { x: 'x', y: 'y', stroke: COLORS.ink, strokeWidth: 2 }),
          dots(
            marked((point) => !isFree(point) && !point.isLimit),
            COLORS.ink,
            2.5,
          ),
          // What matters most is drawn last.
          dots(
            marked(({ isLimit }) => isLimit),
            COLORS.first,
            5,
          ),
          dots(marked(isFree), COLORS.second, 5),
        ],
      }) as Plot.PlotOptions,
  };
}

function amount(value: number | null): string {
  return showNumber(value === null ? null : Math.round(value) + 0).replace('-', '−');
}
