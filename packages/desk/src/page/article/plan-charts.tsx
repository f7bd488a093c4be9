import type { MarketOfArticle } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { texts } from '../texts/texts.ts';
import { Chart } from './chart.tsx';
import { weekAxis } from './week-axis.ts';

/** An article in a market, and how its numbers are written. */
interface PlanProps {
  readonly market: MarketOfArticle;
  readonly formats: Formats;
}

/**
 * Demand at the planned discounts, with its quantiles.
 * @param props of the article in a market
 * @returns a chart
 */
export function ForecastChart({ market, formats }: PlanProps): preact.JSX.Element {
  const { weeks, demand, low, high } = market.plan;
  const hasRange = low.some((value) => value !== null);
  return (
    <Chart
      title={texts.charts.in(texts.article.forecast, market.market)}
      note={texts.charts.forecastNote}
      xName={texts.charts.week}
      {...weekAxis(weeks)}
      panes={[
        {
          height: 130,
          fromZero: true,
          showY: formats.decimal,
          series: [
            ...(hasRange
              ? ([
                  {
                    name: texts.charts.high,
                    values: high,
                    color: '--c1',
                    band: 'high',
                    show: formats.decimal,
                  },
                  { name: texts.charts.low, values: low, color: '--c1', band: 'low', show: formats.decimal },
                ] as const)
              : []),
            { name: texts.charts.demand, values: demand, color: '--c1', show: formats.decimal },
          ],
        },
      ]}
    />
  );
}

/**
 * What the plan earns each week and what holding would, the discounts beneath.
 * @param props of the article in a market
 * @returns a chart
 */
export function PlanChart({ market, formats }: PlanProps): preact.JSX.Element {
  const { plan } = market;
  return (
    <Chart
      title={texts.charts.in(texts.article.plan, market.market)}
      note={texts.charts.planNote}
      xName={texts.charts.week}
      {...weekAxis(plan.weeks)}
      panes={[
        {
          height: 120,
          showY: formats.short,
          series: [
            { name: texts.charts.plannedProfit, values: plan.profit, color: '--c1', show: formats.money },
            {
              name: texts.charts.heldProfit,
              values: plan.heldProfit,
              color: '--muted',
              kind: 'dashes',
              show: formats.money,
            },
          ],
        },
        {
          height: 64,
          fromZero: true,
          showY: formats.percent,
          series: [
            {
              name: texts.charts.plannedDiscount,
              values: plan.discount,
              color: '--c2',
              kind: 'steps',
              show: formats.percent,
            },
            {
              name: texts.charts.heldDiscount,
              values: plan.heldDiscount,
              color: '--muted',
              kind: 'steps',
              show: formats.percent,
            },
          ],
        },
      ]}
      inTable={[
        { name: texts.charts.plannedSales, values: plan.sales.map(formats.decimal) },
        { name: texts.charts.heldSales, values: plan.heldSales.map(formats.decimal) },
      ]}
    />
  );
}
