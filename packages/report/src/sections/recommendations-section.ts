import * as Plot from '@observablehq/plot';
import { formatWeek } from '@hemline/core';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html, type Html, type Piece } from '../page/html.ts';
import { plural, showNumber, showPercent } from '../page/numbers.ts';
import { emptySection, grid, section, table, type Section } from '../page/section.ts';
import type { DrawnGain } from '../source/gain-curves.ts';
import type { GainingArticle, PricingSummary, Recommendations } from '../source/recommendations.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
const [ID, TITLE] = ['recommendations', 'Recommended prices'];

/** Why a discount is recommended, for people. */
const REASONS: Readonly<Record<string, string>> = {
  person: 'fixed by a person',
  hold: 'nothing else earns enough more than what is in the shop',
  limit: 'without the limits of the business it would be another',
  stock: 'stock is scarce, and sells at a higher price',
  'season-end': 'it would be left at the end of the season',
  explore: 'drawn by lot around the plan, to learn from',
  demand: 'earns most by itself',
};

/**
 * What the recommended discounts are planned to earn against holding today's, what limits cost, and the articles that gain most.
 * @param found what the run recommends; null: nothing, or it cannot be reached
 * @param drawn articles that gain most, those with charts first
 * @returns the section
 */
export function recommendationsSection(found: Recommendations | null, drawn: readonly DrawnGain[]): Section {
  if (found === null)
    return emptySection(
      ID,
      TITLE,
      'This run recommends no prices, or they are not on this machine any more. A weekly run does in its last step; "hemline price RUN" prices the forecasts of any run.',
    );
  const { summary } = found;
  const { articles, compared, changed, gain, heldProfit } = summary;
  return section(
    ID,
    TITLE,
    html`<p class="sub">
      For ${showNumber(articles)} articles and ${plural(summary.weeks, 'week')} after ${summary.cutoff}, by
      the forecasts of ${Object.values(summary.models).join(', ')}. Planned by these forecasts: what it comes
      to in the shop is another matter, and about ${showPercent(summary.optimism, 1)} of the planned profit is
      owed to their errors. No prices within the limits earn more than ${showPercent(summary.gap, 1)} beyond
      it.
    </p>`,
    table(
      ['', '#planned', "#today's discounts held", '#gain'],
      [
        [
          html`profit of ${showNumber(compared)} articles with a discount today`,
          showNumber(Math.round(summary.comparedProfit)),
          showNumber(Math.round(heldProfit)),
          html`<strong>${showNumber(Math.round(gain))}</strong>
            (${showPercent(gain / Math.abs(heldProfit), 1)})`,
        ],
      ],
    ),
    html`<p>
      ${showNumber(changed)} articles change, ${showNumber(compared - changed)} keep today's discounts: a
      change has to earn ${showPercent(summary.minimumGain, 1)} more.
      ${showNumber(Math.round(summary.unitsSold))} units are sold,
      ${showNumber(Math.round(summary.unitsLeft))} are left.
    </p>`,
    decidedText(summary),
    grid([drawChart(discountsChart(summary)), reasonsTable(summary)]),
    limitsTable(summary),
    summary.assumptions.length === 0
      ? null
      : html`<p class="sub">Assumed: ${summary.assumptions.join('; ')}.</p>`,
    gainTable(drawn),
    ...drawn.filter(({ weeks }) => weeks.length > 0).map(drawGain),
  );
}

/** What is not the plan's own: prices of people, and what is drawn by lot. */
function decidedText({ exploration, overrides = 0 }: PricingSummary): Html | null {
  const told = [
    ...(overrides > 0
      ? [`${plural(overrides, 'price')} fixed by people: the others are found around them.`]
      : []),
    ...(exploration === undefined
      ? []
      : [
          `Explored: ${plural(exploration.articles, 'article')} in the week ${exploration.week}, of which ${plural(exploration.series, 'discount')} were drawn by lot, ${showNumber(exploration.moved)} of them other than planned. By the forecasts that costs ${showNumber(Math.round(exploration.cost))}.`,
        ]),
  ];
  return told.length === 0 ? null : html`<p>${told.join(' ')}</p>`;
}

function discountsChart({ unitsByDiscount, unitsSold }: PricingSummary): Chart {
  const bars = unitsByDiscount.map(({ discount, units }) => ({
    level: `${Math.round(100 * discount)}`,
    share: unitsSold > 0 ? units / unitsSold : 0,
  }));
  return {
    title: 'Where discounts lie',
    note: 'share of the planned units that is sold at each discount',
    rows: `${showNumber(Math.round(unitsSold))} units`,
    plot: ({ width, isNarrow }) =>
      ({
        ...frame(width),
        x: {
          ...{ type: 'band', domain: bars.map(({ level }) => level), label: 'discount (% of black price)' },
          ...{ labelAnchor: 'center', labelArrow: 'none' },
          ticks: bars.map(({ level }) => level).filter((_, i) => !isNarrow || i % 2 === 0),
        },
        y: {
          label: 'share of units (%)',
          labelArrow: 'none',
          zero: true,
          nice: true,
          ticks: 5,
          percent: true,
        },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.barY(bars, { x: 'level', y: 'share', fill: COLORS.first }),
        ],
      }) as Plot.PlotOptions,
  };
}

function reasonsTable({ reasons }: PricingSummary): Html {
  const rows = Object.entries(reasons).filter(([, count]) => count > 0);
  const all = rows.reduce((sum, [, count]) => sum + count, 0);
  return table(
    ['why', '#weeks of articles', '#share'],
    rows
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]): Piece[] => [
        html`${reason}<br /><span class="sub">${REASONS[reason] ?? ''}</span>`,
        showNumber(count),
        showPercent(count / all, 1),
      ]),
  );
}

function limitsTable({ limits }: PricingSummary): Html | null {
  if (limits.length === 0) return html`<p>The business has set no limit.</p>`;
  return table(
    ['limit', '#at least', '#at most', '#planned', 'state', 'what it costs'],
    limits.map((each): Piece[] => [
      each.limit,
      showNumber(each.lower),
      showNumber(each.upper),
      showNumber(each.value),
      each.isMet
        ? html`<span class="mark good">✓ met</span>`
        : html`<span class="mark bad">✗ missed by ${showNumber(each.missedBy)}</span>`,
      each.inWords,
    ]),
    'cards',
  );
}

function gainTable(drawn: readonly DrawnGain[]): Html {
  if (drawn.length === 0) return html`<p>No article gains anything by a change.</p>`;
  return html`<h3>Articles that gain most</h3>
    ${table(
      ['article', '#gain', '#planned', '#held'],
      drawn.map(({ article, gain, profit, heldProfit }): Piece[] => [
        article,
        ...[gain, profit, heldProfit].map((amount) => showNumber(Math.round(amount))),
      ]),
    )}`;
}

function drawGain(drawn: DrawnGain): Html {
  const { article, market, gain, weeks } = drawn;
  const first = weeks[0]!;
  return html`<h3>
      ${article} in ${market!}
      <span class="sub"
        >gains ${showNumber(Math.round(gain))} in all its markets; ${first.reason}:
        ${REASONS[first.reason] ?? first.reason}</span
      >
    </h3>
    ${grid([
      drawChart(weeksChart(drawn)),
      ...(drawn.curve.length === 0 ? [] : [drawChart(curveChart(drawn))]),
    ])}`;
}

function weeksChart({ weeks }: DrawnGain): Chart {
  const dateOf = (week: number): Date => new Date(week * MILLISECONDS_PER_DAY);
  const line = (pick: (week: GainingArticle['weeks'][number]) => number | null) =>
    weeks.flatMap((each) => {
      const y = pick(each);
      return y === null ? [] : [{ x: dateOf(each.week), y: 100 * y }];
    });
  const [planned, held] = [line(({ discount }) => discount), line(({ heldDiscount }) => heldDiscount)];
  return {
    title: 'Discount by week',
    note: 'recommended, and what is in the shop today',
    rows: plural(weeks.length, 'week'),
    legend: [
      { label: 'recommended', color: COLORS.first, shape: 'line' },
      ...(held.length === 0 ? [] : [{ label: 'held', color: COLORS.second, shape: 'dashes' } as const]),
    ],
    plot: ({ isNarrow, width }) =>
      ({
        ...frame(width),
        x: { type: 'utc', label: 'week', labelAnchor: 'center', labelArrow: 'none', ticks: isNarrow ? 4 : 6 },
        y: { label: 'discount (%)', labelArrow: 'none', zero: true, nice: true, ticks: 5 },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          Plot.line(held, {
            ...{ x: 'x', y: 'y', stroke: COLORS.second, strokeWidth: 1.5, strokeDasharray: '5 4' },
          }),
          Plot.line(planned, { x: 'x', y: 'y', stroke: COLORS.first, strokeWidth: 2.5, curve: 'step' }),
          // A single week makes no line.
          Plot.dot(planned, { x: 'x', y: 'y', r: 2.5, fill: COLORS.first }),
        ],
      }) as Plot.PlotOptions,
  };
}

function curveChart({ curve, weeks }: DrawnGain): Chart {
  const { week, discount, heldDiscount } = weeks[0]!;
  const points = curve.map((each) => ({ x: 100 * each.discount, y: each.demand })).sort((a, b) => a.x - b.x);
  const at = (level: number, stroke: string, strokeDasharray?: string) =>
    Plot.ruleX([100 * level], { stroke, strokeWidth: 1.5, ...(strokeDasharray ? { strokeDasharray } : {}) });
  return {
    title: 'Demand at every discount',
    note: `units forecast in the week of ${formatWeek(week)}`,
    rows: `${points.length} discounts forecast`,
    legend: [
      { label: 'demand', color: COLORS.ink, shape: 'line' },
      { label: 'recommended', color: COLORS.first, shape: 'line' },
      ...(heldDiscount === null ? [] : [{ label: 'held', color: COLORS.second, shape: 'dashes' } as const]),
    ],
    plot: ({ width }) =>
      ({
        ...frame(width),
        x: { label: 'discount (% of black price)', labelAnchor: 'center', labelArrow: 'none', ticks: 7 },
        y: { label: 'demand (units a week)', labelArrow: 'none', zero: true, nice: true, ticks: 5 },
        marks: [
          Plot.gridY({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 5 }),
          ...(heldDiscount === null ? [] : [at(heldDiscount, COLORS.second, '5 4')]),
          at(discount, COLORS.first),
          Plot.line(points, { x: 'x', y: 'y', stroke: COLORS.ink, strokeWidth: 2 }),
        ],
      }) as Plot.PlotOptions,
  };
}

function frame(width: number): Plot.PlotOptions {
  return { width, height: 268, marginLeft: 48, marginRight: 14, marginTop: 28, marginBottom: 52 };
}
