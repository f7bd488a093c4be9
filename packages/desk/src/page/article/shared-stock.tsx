import type { ArticleAnswer } from '../../api/index.ts';
import { useDesk } from '../frame/desk.ts';
import { texts } from '../texts/texts.ts';
import { Chart } from './chart.tsx';
import { weekAxis } from './week-axis.ts';

/**
 * The stock at the end of each week, and what each market sells of it, by the plan and were discounts held.
 * @param props of the article
 * @param props.answer all about it
 * @returns a chart and a table
 */
export function SharedStock({ answer }: { readonly answer: ArticleAnswer }): preact.JSX.Element {
  const { common, formats } = useDesk();
  const { stock, markets } = answer;
  const takes = markets.map(({ market, plan }) => ({
    market,
    planned: sum(plan.sales),
    held: plan.heldSales.some((value) => value === null) ? null : sum(plan.heldSales),
  }));
  const most = Math.max(1e-9, ...takes.map(({ planned, held }) => Math.max(planned, held ?? 0)));
  return (
    <section class="block">
      <h3>{stock.pool && markets.length > 1 ? texts.article.shared : texts.article.ownStock}</h3>
      <Chart
        title={texts.charts.stockLeft}
        note={texts.charts.stockNote}
        xName={texts.charts.week}
        {...weekAxis(stock.weeks)}
        panes={[
          {
            height: 110,
            fromZero: true,
            showY: common.count,
            series: [
              { name: texts.charts.plannedStock, values: stock.planned, color: '--c1', show: common.count },
              {
                name: texts.charts.heldStock,
                values: stock.held,
                color: '--muted',
                kind: 'dashes',
                show: common.count,
              },
            ],
          },
        ]}
      />
      {markets.length > 1 && (
        <table class="takes">
          <thead>
            <tr>
              <th scope="col">{texts.columns.market}</th>
              <th scope="col" class="number">
                {texts.charts.plannedSales}
              </th>
              <th scope="col" class="number">
                {texts.charts.heldSales}
              </th>
              <td />
            </tr>
          </thead>
          <tbody>
            {takes.map(({ market, planned, held }) => (
              <tr key={market}>
                <th scope="row">{market}</th>
                <td class="number">{formats(market).decimal(planned)}</td>
                <td class="number">{formats(market).decimal(held)}</td>
                <td class="bars">
                  <i style={{ width: `${(100 * planned) / most}%` }} />
                  <i class="held" style={{ width: `${(100 * (held ?? 0)) / most}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function sum(values: readonly (number | null)[]): number {
  let total = 0;
  for (const value of values) total += value ?? 0;
  return total;
}
