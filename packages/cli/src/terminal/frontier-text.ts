import type { FrontierResult } from '@hemline/hemline';
import { drawPlot, type PlotPoint } from './line-plot.ts';
import { unsigned } from './percent.ts';
import { drawTable } from './table.ts';

type Point = FrontierResult['points'][number];

/**
 * @param result of tracing a frontier
 * @returns what the plans earn at each value of the limit, as a table and a plot
 */
export function frontierText(result: FrontierResult): string {
  const { points, measure, output, limit } = result;
  const isRate = measure === 'discount-rate';
  const show = (value: number | null): string => (value === null ? '–' : isRate ? rate(value) : whole(value));
  const free = points.find(({ side }) => side === 'free');
  const missed = points.filter(({ isFeasible }) => !isFeasible);
  const isSteady = points.filter(({ isFeasible }) => isFeasible).length > 1;
  return [
    `${result.forecasts}: profit against ${limit} (${measure}), ${result.weeks} weeks after ${result.cutoff}`,
    drawTable(
      ['', 'bound', 'plans come to', 'profit', 'less than free', isRate ? 'a point more earns' : 'one more earns', 'gap', 'units sold', 'units left'], // prettier-ignore
      points.map((point) => [
        markText(point),
        ...[boundText(point, show), show(point.value)],
        ...(point.isFeasible
          ? [
              ...[amount(point.profit), amount(lossOf(point, free))],
              ...[amount(point.worthOfOne), unsigned(point.gap!)],
              ...[amount(point.unitsSold), amount(point.unitsLeft)],
            ]
          : ['not met by any plan found', '', '', '', '', '']),
      ]),
    ),
    ...(isSteady ? [plotOf(result, show)] : []),
    ...(points.some(({ isLimit }) => isLimit)
      ? []
      : [
          `The limit as it is (${statedText(result, show)}) costs nothing: the plans keep it without being made to.`,
        ]),
    ...(missed.length === 0
      ? []
      : [
          `! ${missed.length === 1 ? 'One bound is' : `${missed.length} bounds are`} kept by no plan that was found within the other limits: the plans shown come nearest.`,
        ]),
    `The gap is what better plans might earn more at most; a change has to earn ${unsigned(result.minimumGain)} more than holding, which counts as a cost in it.`,
    `${effortText(points)} ${result.seconds.toFixed(1)} s in all.`,
    `Page: hemline report ${result.run}`,
    ...(output === null ? [] : [`Table: ${output}`]),
  ].join('\n');
}

function markText({ side, isLimit }: Point): string {
  return side === 'free' ? 'without the limit' : isLimit ? 'the limit as it is' : '';
}

function statedText({ lower, upper }: FrontierResult, show: (value: number) => string): string {
  return [
    ...(lower === null ? [] : [`at least ${show(lower)}`]),
    ...(upper === null ? [] : [`at most ${show(upper)}`]),
  ].join(', ');
}

function boundText({ side, bound }: Point, show: (value: number) => string): string {
  return bound === null ? '' : `${side} ${show(bound)}`;
}

function lossOf({ profit }: Point, free: Point | undefined): number | null {
  return profit === null || free?.profit === undefined || free.profit === null ? null : profit - free.profit;
}

function plotOf({ points, limit }: FrontierResult, show: (value: number) => string): string {
  const drawn = points.flatMap(({ value, profit, side, isLimit }): PlotPoint[] =>
    value === null || profit === null
      ? []
      : [{ x: value, y: profit, mark: side === 'free' ? '○' : isLimit ? '◆' : '●' }],
  );
  // The points that matter most are drawn last.
  const order = ['●', '◆', '○'];
  drawn.sort((a, b) => order.indexOf(a.mark) - order.indexOf(b.mark));
  const plot = drawPlot(drawn, {
    ...{ x: limit, y: 'profit planned' },
    formatX: show,
    formatY: whole,
  });
  return `${plot}\n○ without the limit   ◆ the limit as it is   ● elsewhere`;
}

function effortText(points: readonly Point[]): string {
  const [first, ...others] = points.toSorted((a, b) => Number(b.side === 'free') - Number(a.side === 'free'));
  const evaluations = others.reduce((sum, point) => sum + point.evaluations, 0);
  return `${others.length} bounds took ${evaluations} evaluations of all articles after the ${first!.evaluations} without the limit.`;
}

function rate(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function amount(value: number | null): number | null {
  return value === null ? null : Math.round(value) + 0;
}
