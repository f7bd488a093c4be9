import * as Plot from '@observablehq/plot';
import { drawChart, type Chart, type LegendEntry } from '../chart/draw-chart.ts';
import { COLORS, seriesColor } from '../chart/palette.ts';
import { html, type Piece } from '../page/html.ts';
import { plural, showNumber, showPercent, showTick } from '../page/numbers.ts';
import { emptySection, grid, section, table, type Section } from '../page/section.ts';
import type { PlayedSeason, ToldMean, ToldOutcome, ToldPolicy } from '../source/played-season.ts';

const [ID, TITLE] = ['season', 'What policies earned'];
/** Colours of lines; further policies have dashes. */
const COLOR_COUNT = 4;

/** What is drawn of every week of every policy. */
interface Line {
  readonly title: string;
  readonly note: string;
  readonly axis: string;
  readonly isPercent: boolean;
  readonly of: (week: ToldPolicy['weeks'][number]) => number;
}

const LINES: readonly Line[] = [
  {
    title: 'Profit so far',
    note: 'revenue less refunds and costs up to each week, the mean of the markets; what is in stock is not in it, so that who empties the shop looks good for a while',
    axis: 'profit so far',
    isPercent: false,
    of: ({ profit }) => profit,
  },
  {
    title: 'Discount rate',
    note: 'sales-weighted, of the units sold in each week',
    axis: 'discount rate (%)',
    isPercent: true,
    of: ({ discountRate }) => 100 * discountRate,
  },
];

/**
 * What the policies of a season earned: over the planner and of the oracle's gain, by part, and over the weeks.
 * @param season that was played; null where it is not there any more
 * @returns the section
 */
export function seasonSection(season: PlayedSeason | null): Section {
  if (season === null)
    return emptySection(
      ID,
      TITLE,
      'The folder of the season is not on this machine any more: play it again.',
    );
  const { policies, seeds, notes } = season;
  return section(
    ID,
    TITLE,
    html`<p class="sub">
      ${plural(policies[0]!.weeks.length, 'week')} of ${plural(seeds.length, 'simulated market')}
      (${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}), the same market and noise for all.
      ${seeds.length > 1 ? 'Means over the markets, with intervals of 95 %.' : ''}
    </p>`,
    table(
      ['policy', '#profit', '#over the planner', "#of the oracle's gain", '#discount rate', '#optimism'],
      policies.map((each): Piece[] => [
        html`<strong>${each.policy}</strong>`,
        showNumber(Math.round(each.profit.mean)),
        meanText(each.gain),
        meanText(each.captured),
        showPercent(
          meanOf(each, ({ discountRate }) => discountRate),
          1,
        ),
        each.weekAheadOptimism === null
          ? '–'
          : `${showPercent(each.weekAheadOptimism.mean, 1)} / ${showPercent(each.firstPlanOptimism?.mean ?? null, 1)}`,
      ]),
    ),
    html`<p class="sub">
      Optimism: what plans promised more than came of it, of the week ahead / of the first plan.
    </p>`,
    grid(LINES.map((line) => drawChart(weeksChart(policies, line)))),
    html`<h3>Profit by part</h3>`,
    partsTable(policies),
    ...notes.map((note) => html`<p class="sub">${note}</p>`),
  );
}

function partsTable(policies: readonly ToldPolicy[]): Piece {
  const whole = (each: ToldPolicy, of: (outcome: ToldOutcome) => number): string =>
    showNumber(Math.round(meanOf(each, of)));
  return table(
    ['policy', '#sales less refunds', '#shipping', '#returning', '#run-out', '#residual', '#sold', '#left'],
    policies.map((each): Piece[] => [
      each.policy,
      ...[whole(each, ({ sales }) => sales), whole(each, ({ shipping }) => -shipping)],
      ...[whole(each, ({ returning }) => -returning), whole(each, ({ runOut }) => runOut)],
      ...[whole(each, ({ residual }) => residual), whole(each, ({ sold }) => sold)],
      whole(each, ({ left }) => left),
    ]),
  );
}

function weeksChart(policies: readonly ToldPolicy[], { title, note, axis, isPercent, of }: Line): Chart {
  const lines = policies.map(({ policy, weeks }, position) => ({
    ...{ policy, isDashed: position >= COLOR_COUNT, color: seriesColor(position) },
    points: weeks.map((week) => ({ week: week.number, value: of(week) })),
  }));
  return {
    ...{ title, note, rows: plural(policies[0]!.weeks.length, 'week') },
    legend: lines.map(({ policy, color, isDashed }): LegendEntry => ({
      ...{ label: policy, color, shape: isDashed ? 'dashes' : 'line' },
    })),
    plot: ({ width, isNarrow }) =>
      ({
        ...{ width, height: 268, marginLeft: 52, marginRight: 14, marginTop: 28, marginBottom: 44 },
        x: {
          ...{ label: 'week of the season', labelAnchor: 'center', labelArrow: 'none' },
          ...{ ticks: isNarrow ? 4 : 8, tickFormat: 'd', inset: 6 },
        },
        y: {
          ...{ label: axis, labelArrow: 'none', labelAnchor: 'top', zero: true, nice: true, ticks: 5 },
          tickFormat: (value: number) => (isPercent ? String(value) : showTick(value)),
        },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          ...lines.map(({ points, color, isDashed }) =>
            Plot.line(points, {
              ...{ x: 'week', y: 'value', stroke: color, strokeWidth: 2 },
              ...(isDashed ? { strokeDasharray: '5 4' } : {}),
            }),
          ),
          // A season of one week is no line.
          ...lines.map(({ points, color, policy }) =>
            Plot.dot(points, {
              ...{ x: 'week', y: 'value', r: 2.5, fill: color },
              title: ({ week, value }: (typeof points)[number]) =>
                `${policy}, week ${week}: ${isPercent ? `${value.toFixed(1)} %` : showNumber(Math.round(value))}`,
            }),
          ),
        ],
        color: { type: 'identity' },
      }) as Plot.PlotOptions,
  };
}

function meanText(value: ToldMean | null): Piece {
  if (value === null) return '–';
  const { mean, interval } = value;
  if (interval === null) return showPercent(mean, 1);
  return html`${showPercent(mean, 1)}<br /><span class="sub"
      >${showPercent(interval[0], 1)} … ${showPercent(interval[1], 1)}</span
    >`;
}

function meanOf({ seasons }: ToldPolicy, of: (outcome: ToldOutcome) => number): number {
  return seasons.reduce((sum, outcome) => sum + of(outcome), 0) / seasons.length;
}
