import { html, type Html, type Piece } from '../page/html.ts';
import { showNumber } from '../page/numbers.ts';
import type { Evaluation } from '../source/report-source.ts';
import type { Contender } from './contenders.ts';
import { limitTexts, metricMark, type Measured } from './metric-mark.ts';
import { inTellingOrder, metricWords } from './metric-words.ts';

const SIGNS = { good: '✓', warning: '!', bad: '✗' } as const;

/**
 * Every metric with what it says, what is required of it, and its value for each contender: a row a metric, on a phone a card.
 * @param contenders models and champion
 * @returns the table
 */
export function scoreTable(contenders: readonly Contender[]): Html {
  const names = inTellingOrder(contenders.flatMap(({ evaluation }) => Object.keys(evaluation.metrics)));
  const measured = contenders.map((contender): Measured => ({
    metrics: contender.evaluation.metrics,
    rows: contender.evaluation.rows,
    // The champion was judged on weeks of its own, by the limits of then.
    limits: contender.isChampion ? [] : contender.limits,
    metricsOf: (model) =>
      contenders.find(({ label, isChampion }) => label === model && !isChampion)?.evaluation.metrics ?? null,
  }));
  const head = contenders.map(
    ({ label, color }) => html`<span class="key dot" style="--key: ${color}"></span>${label}`,
  );
  return html`<div class="scroll">
    <table class="scores">
      <thead>
        <tr>
          <th>metric</th>
          ${head.map((each) => html`<th class="number">${each}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map((name) => row(name, contenders, measured, head))}
        <tr>
          <th scope="row">rows<span class="sub">Forecasts that were scored.</span></th>
          ${contenders.map(
            ({ evaluation }, i) =>
              html`<td class="number">
                <span class="whose">${head[i]!}</span>${showNumber(evaluation.rows)}
              </td>`,
          )}
        </tr>
      </tbody>
    </table>
  </div>`;
}

function row(
  name: string,
  contenders: readonly Contender[],
  measured: readonly Measured[],
  head: readonly Html[],
): Html {
  const { title, says, ideal, show } = metricWords(name);
  const limits = [...new Set(measured.flatMap((each) => limitTexts(name, each)))];
  const wanted =
    limits.length > 0
      ? `Required: ${limits.join('; ')}.`
      : ideal === undefined
        ? ''
        : `It should be ${show(ideal)}.`;
  return html`<tr>
    <th scope="row">
      ${title}<span class="sub">${says}${wanted === '' ? null : html` <strong>${wanted}</strong>`}</span>
    </th>
    ${contenders.map(
      ({ evaluation }, i) =>
        html`<td class="number">
          <span class="whose">${head[i]!}</span>${cell(name, evaluation, measured[i]!)}
        </td>`,
    )}
  </tr>`;
}

function cell(name: string, { metrics, backtest }: Evaluation, measured: Measured): Piece {
  const { show } = metricWords(name);
  const spread = backtest === undefined || backtest.cutoffs.length === 1 ? undefined : backtest.spread[name];
  const value = spread === undefined ? show(metrics[name]) : `${show(metrics[name])} ± ${show(spread)}`;
  const mark = metrics[name] === undefined ? null : metricMark(name, measured);
  if (mark === null) return value;
  return html`<div class="cell">
    <span class="mark ${mark.kind}">${value} ${SIGNS[mark.kind]}</span>${
      mark.text === '' ? null : html`<br /><span class="sub ${mark.kind}">${mark.text}</span>`
    }
  </div>`;
}
