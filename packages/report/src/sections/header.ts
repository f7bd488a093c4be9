import type { QuantityName } from '@hemline/core';
import { html, type Html, type Piece } from '../page/html.ts';
import { showDuration, showNumber, showPercent } from '../page/numbers.ts';
import type { ReportSource } from '../source/report-source.ts';
import { contendersOf } from './contenders.ts';
import { QUANTITY_ORDER, WORDS } from './quantity-words.ts';

const STATES: Readonly<Record<string, readonly [string, string]>> = {
  succeeded: ['good', 'succeeded'],
  degraded: ['warning', 'degraded: forecasts are there, something is amiss'],
  failed: ['bad', 'failed'],
  interrupted: ['bad', 'interrupted'],
  crashed: ['bad', 'crashed'],
  running: ['warning', 'still running'],
};

/**
 * What the run was, how it ended, and the one number of each quantity.
 * @param source of the report
 * @returns the head of the page
 */
export function header(source: ReportSource): Html {
  const { record, state } = source.run;
  const [kind, text] = STATES[state]!;
  const tiles = QUANTITY_ORDER.flatMap((quantity) => tile(source, quantity) ?? []);
  const facts: [string, string][] = [
    ['started (UTC)', record.startedAt.slice(0, 16).replace('T', ' ')],
    ['duration', showDuration(record.seconds)],
    ['data', record.inputs.map(({ name }) => name).join(', ') || '–'],
    ['code', `${record.code.version}${record.code.dirty === true ? ', with changes' : ''}`],
    ...Object.entries(record.parameters),
  ];
  return html`<h1>${record.run}</h1>
    <p class="lead"><span class="badge ${kind}">${text}</span></p>
    ${tiles.length === 0 ? null : html`<div class="tiles">${tiles}</div>`} ${problems(source)}
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function tile(source: ReportSource, quantity: QuantityName): Html | null {
  const contenders = contendersOf(source, quantity).filter(({ isChampion }) => !isChampion);
  const [best, next] = contenders;
  if (best === undefined) return null;
  const { title, metric, isPercent } = WORDS[quantity];
  const value = best.evaluation.metrics[metric] ?? null;
  const other = next?.evaluation.metrics[metric] ?? null;
  const gain = value === null || other === null || other === 0 ? null : 1 - value / other;
  const what = isPercent ? 'absolute error' : 'demand error';
  return html`<div class="tile">
    <div>${title}</div>
    <div class="value">${isPercent ? showPercent(value, 1) : showNumber(value)}</div>
    <div class="sub">
      ${what} of
      ${best.label}${gain === null ? '' : `, ${showPercent(gain, gain < 0.1 ? 1 : 0)} below ${next!.label}`}
    </div>
  </div>`;
}

function problems({ run }: ReportSource): Piece {
  const { problems: all } = run.record;
  if (all.length === 0) return null;
  return html`<div class="problems">
    <strong>${all.length === 1 ? 'One problem' : `${all.length} problems`}</strong>
    <ul>
      ${all.map(({ step, message }) => html`<li>${step === null ? '' : `${step}: `}${message}</li>`)}
    </ul>
  </div>`;
}
