import type { MarketOfArticle } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { texts } from '../texts/texts.ts';
import { Chart, type Mark } from './chart.tsx';

/**
 * Demand and profit of the first week over the discount, with today's, the recommended and the chosen discount marked.
 * @param props of the article in a market
 * @param props.market the article there
 * @param props.formats of the market
 * @returns two charts
 */
export function CurveCharts({
  market,
  formats,
}: {
  readonly market: MarketOfArticle;
  readonly formats: Formats;
}): preact.JSX.Element {
  const { curve, truth } = market;
  const hasRange = curve.low.some((value) => value !== null);
  const marks: Mark[] = [
    ...(market.today === null ? [] : [{ at: market.today, name: texts.article.today, color: '--muted' }]),
    { at: market.recommended, name: texts.article.recommended, color: '--c1' },
    ...(market.chosen === null ? [] : [{ at: market.chosen, name: texts.article.chosen, color: '--c2' }]),
  ];
  const refused = curve.refusals.some((refusal) => refusal !== null)
    ? [{ name: texts.charts.refused, values: curve.refusals.map((refusal) => refusal ?? '') }]
    : [];
  // What limits refuse is drawn apart: it can be chosen, and the server says why not.
  const allowed = curve.profit.map((profit, i) => (curve.refusals[i] === null ? profit : null));
  const refusedProfit = curve.profit.map((profit, i) => (curve.refusals[i] === null ? null : profit));
  return (
    <>
      <Chart
        title={texts.charts.in(texts.article.profitCurve, market.market)}
        note={texts.charts.profitNote}
        xName={texts.charts.discount}
        x={curve.discounts}
        showX={formats.percent}
        marks={marks}
        panes={[
          {
            height: 150,
            showY: formats.short,
            series: [
              { name: texts.charts.profit, values: allowed, color: '--c1', show: formats.money },
              ...(refused.length === 0
                ? []
                : [
                    {
                      name: texts.charts.refused,
                      values: refusedProfit,
                      color: '--muted',
                      kind: 'dots' as const,
                      show: formats.money,
                    },
                  ]),
            ],
          },
        ]}
        inTable={refused.map(({ values }) => ({ name: texts.article.why, values }))}
      />
      <Chart
        title={texts.charts.in(texts.article.demandCurve, market.market)}
        note={truth === null ? texts.charts.demandNote : texts.charts.truthNote}
        xName={texts.charts.discount}
        x={curve.discounts}
        showX={formats.percent}
        marks={marks}
        panes={[
          {
            height: 150,
            fromZero: true,
            showY: formats.decimal,
            series: [
              ...(hasRange
                ? ([
                    {
                      name: texts.charts.high,
                      values: curve.high,
                      color: '--c1',
                      band: 'high',
                      show: formats.decimal,
                    },
                    {
                      name: texts.charts.low,
                      values: curve.low,
                      color: '--c1',
                      band: 'low',
                      show: formats.decimal,
                    },
                  ] as const)
                : []),
              { name: texts.charts.demand, values: curve.demand, color: '--c1', show: formats.decimal },
              ...(truth === null
                ? []
                : [
                    {
                      name: texts.charts.truth,
                      values: truth.demand,
                      color: '--truth',
                      kind: 'dashes' as const,
                      show: formats.decimal,
                    },
                  ]),
            ],
          },
        ]}
      />
    </>
  );
}
