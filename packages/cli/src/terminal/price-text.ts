import type { PriceResult } from '@hemline/hemline';
import { percent, unsigned } from './percent.ts';
import { drawTable } from './table.ts';

/** Articles that are named where some are left out. */
const MOST_LEFT_OUT = 10;

/**
 * @param result of pricing
 * @returns what the plans earn, where their discounts lie and why, limits, and what was assumed
 */
export function priceText(result: PriceResult): string {
  const { articles, compared, changed, limits, assumptions, directory } = result;
  const head = `${result.forecasts}: ${count(articles)} articles, ${result.weeks} weeks after ${result.cutoff}`;
  return [
    head,
    drawTable(
      ['', 'amount'],
      [
        ['profit planned', Math.round(result.profit)],
        ...(compared === articles
          ? []
          : [[`of ${count(compared)} articles with a discount today`, Math.round(result.comparedProfit)]]),
        ['the same if held', Math.round(result.heldProfit)],
        [`gain (${percent(result.gain / Math.abs(result.heldProfit))})`, Math.round(result.gain)],
        ['units sold', Math.round(result.unitsSold)],
        ['units left', Math.round(result.unitsLeft)],
      ],
    ),
    `${count(changed)} articles change, ${count(compared - changed)} keep today's discounts: a change has to earn ${unsigned(result.minimumGain)} more.`,
    `Optimism: about ${unsigned(result.optimism)} of the planned profit is owed to errors of the forecast that chose the plan.`,
    gapText(result),
    ...explorationText(result.exploration),
    drawTable(
      ['discount', 'units sold'],
      result.unitsByDiscount.flatMap(({ discount, units }) =>
        units < 0.5 ? [] : [[`${Math.round(100 * discount)} %`, Math.round(units)]],
      ),
    ),
    drawTable(['reason', 'rows'], Object.entries(result.reasons)),
    ...(limits.length === 0
      ? []
      : [
          drawTable(
            ['limit', 'lower', 'upper', 'value', '', 'in words'],
            limits.map((each) => [
              ...[each.limit, each.lower, each.upper, each.value],
              ...[each.isMet ? 'met' : `missed by ${each.missedBy.toPrecision(3)}`, each.inWords],
            ]),
          ),
        ]),
    ...leftOutText(result),
    ...assumptions.map((text) => `! ${text}`),
    ...(directory === null ? ['Dry run: nothing was written.'] : [`Tables: ${directory}`]),
  ].join('\n');
}

function gapText({ isFeasible, gap, evaluations, seconds }: PriceResult): string {
  const effort = `(${evaluations} evaluations, ${seconds.toFixed(1)} s)`;
  return isFeasible
    ? `No plans within the limits earn more than ${unsigned(gap)} beyond this ${effort}.`
    : `! No plans were found that keep all limits of the business without a price: these come nearest, and are not recommended ${effort}.`;
}

/**
 * @param exploration what exploring comes to; null where nothing is explored
 * @returns it in a sentence
 */
export function explorationText(exploration: PriceResult['exploration']): string[] {
  if (exploration === null) return [];
  const { articles, series, moved, week, cost } = exploration;
  if (articles === 0)
    return ['! Nothing is explored: the share is less than one article, or none has a level to draw.'];
  const amount = Math.round(Math.abs(cost)).toLocaleString('en');
  return [
    `Explored: ${count(articles)} articles in the week ${week}: ${count(series)} discounts were drawn by lot, ${count(moved)} of them other than planned. By the forecasts that ${cost < 0 ? 'earns' : 'costs'} ${amount}.`,
  ];
}

/** All of them are in the output: as JSON, and as the table left-out. */
function leftOutText({ leftOut }: PriceResult): string[] {
  if (leftOut.length === 0) return [];
  const more = leftOut.length - MOST_LEFT_OUT;
  return [
    `! ${count(leftOut.length)} articles cannot be priced, and are left out:`,
    ...leftOut.slice(0, MOST_LEFT_OUT).map(({ article, reason }) => `  ${article}: ${reason}`),
    ...(more > 0 ? [`  and ${count(more)} more: --json and the table left-out have them all`] : []),
  ];
}

function count(value: number): string {
  return value.toLocaleString('en');
}
