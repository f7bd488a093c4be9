import type { MarketOfArticle } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { texts } from '../texts/texts.ts';
import { Chart } from './chart.tsx';
import { weekAxis } from './week-axis.ts';

/**
 * Sales and stock over the weeks that were, the discount beneath.
 * @param props of the article in a market
 * @param props.market the article there
 * @param props.formats of the market
 * @returns a chart
 */
export function HistoryChart({
  market,
  formats,
}: {
  readonly market: MarketOfArticle;
  readonly formats: Formats;
}): preact.JSX.Element {
  const { weeks, sales, stock, discount } = market.history;
  return (
    <Chart
      title={texts.charts.in(texts.article.history, market.market)}
      note={texts.charts.historyNote}
      xName={texts.charts.week}
      {...weekAxis(weeks)}
      panes={[
        {
          height: 120,
          fromZero: true,
          showY: formats.decimal,
          showRight: formats.count,
          series: [
            { name: texts.charts.sales, values: sales, color: '--c1', show: formats.decimal },
            {
              name: texts.charts.stock,
              values: stock,
              color: '--muted',
              kind: 'dashes',
              show: formats.count,
              isRight: true,
            },
          ],
        },
        {
          height: 64,
          fromZero: true,
          showY: formats.percent,
          series: [
            {
              name: texts.charts.discount,
              values: discount,
              color: '--c2',
              kind: 'steps',
              show: formats.percent,
            },
          ],
        },
      ]}
    />
  );
}
