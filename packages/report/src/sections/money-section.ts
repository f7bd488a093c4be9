import * as Plot from '@observablehq/plot';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS } from '../chart/palette.ts';
import { html, type Html, type Piece } from '../page/html.ts';
import { plural, shorten, showNumber, showPercent, showTick } from '../page/numbers.ts';
import { emptySection, grid, section, table, type Section } from '../page/section.ts';
import { DECIDED_AS, type ErrorCost, type Money, type MoneySums } from '../source/money.ts';

const [ID, TITLE] = ['money', 'What decisions earned'];
/** Groups that are drawn, those that cost most; the table has all. */
const MOST_DRAWN = 12;
const LONGEST_NAME = 18;

/**
 * What the decisions of the weeks that were monitored earned against plan and holding, where forecasts of sales were off by most in money, and what
 * limits cost.
 * @param money of these weeks; null where nothing was ever decided; undefined of a monitoring from before there was any
 * @returns the section
 */
export function moneySection(money: Money | null | undefined): Section {
  if (money === null || money === undefined)
    return emptySection(
      ID,
      TITLE,
      'Nothing was ever decided about this dataset, or the monitoring is older than the money. "hemline decisions propose" takes the recommendations of a run in.',
    );
  const notes = money.notes.map((note) => html`<p class="sub">${note}</p>`);
  if (money.scores === null)
    return section(
      ID,
      TITLE,
      html`<p>No price of these weeks has passed that could be judged.</p>`,
      ...notes,
    );
  const { weeks, open, unjudged, all, by, overrides, variances } = money.scores;
  const rest = [
    ...(open > 0 ? [`${showNumber(open)} prices have not passed in the data yet`] : []),
    ...(unjudged > 0 ? [`${showNumber(unjudged)} that have passed are in no sum`] : []),
  ];
  return section(
    ID,
    TITLE,
    html`<p class="sub">
      Prices of ${weeks.join(', ')}, by the sales since${rest.length === 0 ? '' : `; ${rest.join('; ')}`}.
      Promised: the forecast at the time. As proposed, if held: the forecast's response to the price, at the
      level of demand that the sales tell.
    </p>`,
    table(
      [
        '',
        '#prices',
        '#in the shop',
        '#units',
        '#earned',
        '#promised',
        '#as proposed',
        '#if held',
        '#against holding',
      ],
      [...DECIDED_AS.map((name) => earnedRow(name, by[name])), earnedRow(html`<strong>all</strong>`, all)],
    ),
    overrides.costed === 0
      ? null
      : html`<p>
          ${showNumber(overrides.costed)} of ${plural(overrides.prices, 'override')} cost
          ${amount(overrides.atTheTime)} by the forecasts at the time, and ${amount(overrides.after)} by the
          sales; ${showNumber(overrides.better)} earned more than the proposal.
        </p>`,
    grid([
      drawChart(earnedChart(all)),
      ...['group', 'discount'].flatMap((dimension) => {
        const costs = variances.filter((each) => each.dimension === dimension);
        return costs.length === 0 ? [] : [drawChart(costChart(dimension, costs))];
      }),
    ]),
    errorTable(variances),
    limitTable(money.limits),
    ...notes,
  );
}

function earnedRow(name: Piece, sums: MoneySums): Piece[] {
  const { prices, followed, units, earned, planned, asProposed, compared, comparedEarned, asHeld } = sums;
  return [
    ...[name, showNumber(prices), showNumber(followed)],
    ...[units, earned, planned, asProposed].map(amount),
    compared === 0 ? '–' : amount(asHeld),
    compared === 0 ? '–' : showPercent((comparedEarned - asHeld) / Math.abs(asHeld), 1),
  ];
}

/** Held prices are fewer: only those are beside them that could have been. */
function earnedChart({
  earned,
  planned,
  asProposed,
  compared,
  comparedEarned,
  asHeld,
  prices,
}: MoneySums): Chart {
  const bars = [
    { what: 'promised', value: planned },
    { what: 'as proposed', value: asProposed },
    { what: 'earned', value: earned },
    ...(compared === 0
      ? []
      : [
          { what: compared === prices ? 'if held' : 'if held*', value: asHeld },
          ...(compared === prices ? [] : [{ what: 'earned*', value: comparedEarned }]),
        ]),
  ];
  return {
    title: 'Earned and promised',
    note:
      compared === prices || compared === 0
        ? 'of all prices that were judged'
        : `of all prices that were judged; *: of the ${showNumber(compared)} that could have been held`,
    rows: plural(prices, 'price'),
    plot: ({ width }) =>
      ({
        ...barFrame(
          width,
          bars.map(({ what }) => what),
          'profit (currency of the data)',
        ),
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 4 }),
          Plot.barX(bars, {
            ...{ x: 'value', y: 'what', fill: ({ what }: (typeof bars)[number]) => fillOf(what) },
            title: ({ what, value }: (typeof bars)[number]) => `${what}: ${amount(value)}`,
          }),
        ],
        color: { type: 'identity' },
      }) as Plot.PlotOptions,
  };
}

function fillOf(what: string): string {
  return what.startsWith('earned') ? COLORS.first : COLORS.second;
}

function costChart(dimension: string, costs: readonly ErrorCost[]): Chart {
  const drawn = costs
    .toSorted((a, b) => b.absolute - a.absolute)
    .slice(0, MOST_DRAWN)
    .map(({ value, absolute, variance }) => ({
      name: shorten(value, LONGEST_NAME),
      value,
      absolute,
      variance,
    }));
  const left = costs.length - drawn.length;
  return {
    title:
      dimension === 'group'
        ? 'What forecasts were off by, by group'
        : 'What forecasts were off by, by discount',
    note: `price by price, in money${left > 0 ? `; ${plural(left, 'group')} with less are in the table` : ''}`,
    rows: plural(
      costs.reduce((sum, { prices }) => sum + prices, 0),
      'price',
    ),
    plot: ({ width }) =>
      ({
        ...barFrame(
          width,
          drawn.map(({ name }) => name),
          'off by (currency of the data)',
        ),
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: 4 }),
          Plot.barX(drawn, {
            ...{ x: 'absolute', y: 'name', fill: COLORS.first },
            title: ({ value, absolute, variance }: (typeof drawn)[number]) =>
              `${value}: off by ${amount(absolute)}, in sum ${amount(variance)}`,
          }),
        ],
      }) as Plot.PlotOptions,
  };
}

/** A bar a line: names are longer than there is room for side by side. */
function barFrame(width: number, names: readonly string[], label: string): Plot.PlotOptions {
  return {
    ...{ width, height: 80 + 24 * names.length, marginLeft: 130, marginRight: 14, marginTop: 28 },
    marginBottom: 44,
    x: {
      ...{ label, labelArrow: 'none', labelAnchor: 'center', zero: true, nice: true },
      ...{ ticks: 4, tickFormat: showTick },
    },
    y: { type: 'band', domain: names, label: null },
  };
}

function errorTable(variances: readonly ErrorCost[]): Html | null {
  if (variances.length === 0) return null;
  return html`<h3>Where forecasts of sales were off by most</h3>
    <p class="sub">
      Units sold less units forecast, times the profit of one, at the price in the shop: price by price, and
      in sum (below 0: forecast too high). That is what the plan was off by, not what better forecasts would
      have earned: they would have led to other prices and stock.
    </p>
    ${table(
      ['of', '#prices', '#off by', '#in sum'],
      variances.map(({ dimension, value, prices, absolute, variance }): Piece[] => [
        dimension === 'all' ? 'all' : `${dimension} ${value}`,
        ...[showNumber(prices), amount(absolute), amount(variance)],
      ]),
    )}`;
}

function limitTable(limits: Money['limits']): Html {
  if (limits.length === 0) return html`<p>No limit of the business bound these prices.</p>`;
  return html`<h3>What limits cost</h3>
    <p class="sub">
      Of a little more or less of each, by the forecasts of its run; what all of a limit costs, "hemline price
      --frontier" tells.
    </p>
    ${table(
      ['limit', '#planned', '#missed by', '#cost of missing', 'in words', 'run'],
      limits.map(({ limit, value, missedBy, cost, inWords, run }): Piece[] => [
        ...[limit, showNumber(value), showNumber(missedBy), amount(cost), inWords, run],
      ]),
      'cards',
    )}`;
}

function amount(value: number): string {
  return showNumber(Math.round(value) + 0).replace('-', '−');
}
