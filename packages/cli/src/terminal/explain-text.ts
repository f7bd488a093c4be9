import type { ExplainResult } from '@hemline/hemline';
import { drawTable } from './table.ts';

type Alternative = ExplainResult['alternatives'][number];
type Parts = ExplainResult['plan'];

const PARTS: Readonly<Record<keyof Parts, string>> = {
  sales: 'sales, net',
  returns: 'returns',
  shipping: 'shipping',
  left: 'units left',
  limits: 'limits of the business',
  total: 'together',
};
const NAMES = Object.keys(PARTS) as (keyof Parts)[];

/**
 * @param result what was explained
 * @returns the plan and what more and less discount would come to, part by part and by week; levels with what forbids them; stock
 */
export function explainText(result: ExplainResult): string {
  const { article, alternatives, weeks } = result;
  return [
    `${result.forecasts}: article ${article}, ${countText(weeks.length)} after ${result.cutoff}`,
    ...(result.isFeasible
      ? []
      : [
          '! No plans were found that keep all limits of the business: these come nearest, and are not recommended.',
        ]),
    heldText(result),
    drawTable(
      ['earned', 'the plan', ...alternatives.map(({ step }) => stepText(step))],
      NAMES.map((name) => [
        PARTS[name],
        ...[rounded(result.plan[name]), ...alternatives.map(({ parts }) => rounded(parts[name]))],
      ]),
    ),
    ...alternatives.map((each) => verdictText(each, result)),
    ...(alternatives.length === 2 ? [] : [missingText(result)]),
    drawTable(
      ['week', 'plan earns', ...alternatives.map(({ step }) => stepText(step))],
      result.planWeeks.map((each, t) => [
        each.week,
        ...[rounded(each.total), ...alternatives.map((other) => rounded(other.weeks[t]!.total))],
      ]),
    ),
    'Discounts of the plan, with the demand at it and around it:',
    drawTable(
      ['market', 'week', 'discount', 'price', ...aroundTitles(alternatives), 'demand', 'sold'],
      weeks.map((each, i) => [
        ...[each.market, each.week, percentText(each.discount), each.price.toFixed(2)],
        ...alternatives.map(({ step }) => demandAt(result, i, step)),
        ...[each.demand.toFixed(1), each.sales.toFixed(1)],
      ]),
    ),
    'Every level, if it were taken in all of these weeks and markets:',
    drawTable(
      ['discount', 'demand', 'earns more', 'forbidden in', 'by'],
      result.levels.map((level) => [
        ...[percentText(level.discount), level.demand.toFixed(1), rounded(level.gain)],
        level.refused === 0 ? '' : level.refused === level.of ? 'all' : `${level.refused} of ${level.of}`,
        level.refusedBy.join('\n'),
      ]),
    ),
    ...result.stocks.map((stock, s) => stockText(result, stock, s)),
    ...result.assumptions.map((text) => `! ${text}`),
  ].join('\n');
}

function heldText({ isHeld, hurdle, current }: ExplainResult): string {
  const today = current
    .map(({ market, discount }) => `${market} ${discount === null ? 'not known' : percentText(discount)}`)
    .join(', ');
  return `Today: ${today}. ${isHeld ? "The plan keeps today's discounts" : "The plan changes today's discounts"}${hurdle > 0 ? `; a change has to earn ${rounded(hurdle).toLocaleString('en')} more than that` : ''}.`;
}

function verdictText(alternative: Alternative, { hurdle, isHeld }: ExplainResult): string {
  const { step, parts, profit, limits, refusedBy, changes, unitsSold, unitsLeft } = alternative;
  const where = changes.length === 1 ? 'one week' : `${changes.length} weeks of markets`;
  const units = `${signed(unitsSold)} units sold, ${signed(unitsLeft)} left`;
  const binding = limits.map(({ limit, amount }) => `${limit} ${signed(amount)}`).join(', ');
  const head = `${stepText(step)} in ${where}: profit ${signed(profit)}, ${units}${binding === '' ? '' : `; limits at their multipliers: ${binding}`}.`;
  if (refusedBy.length > 0) return `${head} Forbidden: ${refusedBy.join('; ')}.`;
  if (parts.total < 0) return head;
  return isHeld && parts.total < hurdle
    ? `${head} Allowed, and too little for a change.`
    : `${head} Allowed: what it earns more is within the gap of the plans, or does not fit the limits.`;
}

function missingText({ alternatives }: ExplainResult): string {
  const missing = alternatives.length === 0 ? 'more or less' : alternatives[0]!.step < 0 ? 'more' : 'less';
  return `There is no ${missing} discount among the levels.`;
}

function aroundTitles(alternatives: readonly Alternative[]): string[] {
  return alternatives.map(({ step }) => `demand, ${stepText(step)}`);
}

function demandAt({ weeks, alternatives }: ExplainResult, i: number, step: number): string {
  const { market, week, levels } = weeks[i]!;
  const change = alternatives
    .find((each) => each.step === step)!
    .changes.find((each) => each.market === market && each.week === week);
  const level = levels.find(({ discount }) => discount === change?.to);
  return level === undefined ? '–' : level.demand.toFixed(1);
}

function stockText(
  { alternatives }: ExplainResult,
  stock: ExplainResult['stocks'][number],
  s: number,
): string {
  const units = (value: number | null): string => (value === null ? 'enough' : value.toFixed(1));
  return [
    `Stock of ${stock.markets.join(', ')}:`,
    drawTable(
      ['week', 'there', 'sold', 'left', ...alternatives.map(({ step }) => `left, ${stepText(step)}`)],
      stock.weeks.map((each, t) => [
        ...[each.week, units(each.available), each.sold.toFixed(1), units(each.left)],
        ...alternatives.map(({ stocks }) => units(stocks[s]!.weeks[t]!.left)),
      ]),
    ),
  ].join('\n');
}

function stepText(step: number): string {
  return `${Math.round(Math.abs(100 * step))} points ${step < 0 ? 'less' : 'more'}`;
}

function countText(cells: number): string {
  return cells === 1 ? 'one week of a market' : `${cells} weeks of markets`;
}

function percentText(discount: number): string {
  return `${Math.round(1000 * discount) / 10} %`;
}

/** Never −0. */
function rounded(value: number): number {
  return Math.round(value) + 0;
}

function signed(value: number): string {
  const amount = rounded(value);
  return `${amount > 0 ? '+' : amount < 0 ? '−' : ''}${Math.abs(amount).toLocaleString('en')}`;
}
