import { addWeeks, formatWeek, type QuantityName } from '@hemline/core';
import { FORECAST_KINDS } from '@hemline/runs';
import { nameOf } from '../answer/unfit.ts';
import type { Answer } from '../answer/point.ts';
import { mainForecasts, type ForecastingModel } from '../answer/main-forecasts.ts';
import { html, type Html, type Piece } from '../page/html.ts';
import { plural, showCount, showPercent } from '../page/numbers.ts';
import { table } from '../page/section.ts';
import type { ForecastOverview } from '../source/forecast-overview.ts';
import type { RequirementResult } from '../source/version-facts.ts';
import type { PreviousRun, ReportSource } from '../source/report-source.ts';
import { QUANTITY_ORDER, WORDS } from './quantity-words.ts';

const LOOKS = { use: 'good', but: 'warning', no: 'bad', none: 'plain' } as const;
const STATES: Readonly<Record<string, string>> = {
  degraded: 'ended with problems',
  running: 'still running',
};
/** Rows more or less than these were all looked at. */
const ALL = 0.999;

/**
 * The first screen: whether the forecasts may be used, and all that one has to know before one does.
 * @param source of the report
 * @param answer to the first question
 * @param overview of the forecast of demand; null where there is none
 * @returns the head of the page
 */
export function answerSection(source: ReportSource, answer: Answer, overview: ForecastOverview | null): Html {
  const { record, state } = source.run;
  const about = [
    record.run,
    STATES[state] ?? state,
    `started ${record.startedAt.slice(0, 16).replace('T', ' ')} UTC`,
    ...record.inputs.map(({ name }) => `data ${name}`),
  ];
  const isForecast = FORECAST_KINDS.includes(record.kind);
  return html`<section class="answer ${LOOKS[answer.verdict]}" aria-labelledby="answer">
    <h1 id="answer">${answer.headline}</h1>
    <p class="lead">${about.join(' · ')}</p>
    ${pointList(answer)} ${isForecast ? factList(source, answer, overview) : actionList(answer)}
    ${isForecast ? versionTable(source) : null}
  </section>`;
}

function pointList({ points }: Answer): Piece {
  if (points.length === 0) return null;
  return html`<ul class="points">
    ${points.map(({ verdict, text }) => html`<li class="${LOOKS[verdict]}">${text}</li>`)}
  </ul>`;
}

/** Of a run without forecasts: what a person has to do, where there is something. */
function actionList({ actions }: Answer): Piece {
  if (actions.length === 0) return null;
  return html`<dl class="facts">
    <div>
      <dt>What needs a person</dt>
      <dd>${actions.join(' ')}</dd>
    </div>
  </dl>`;
}

function factList(source: ReportSource, answer: Answer, overview: ForecastOverview | null): Html {
  const isWhole = answer.verdict !== 'no';
  const facts: readonly (readonly [string, Piece])[] = [
    ['What needs a person', answer.actions.length === 0 ? 'Nothing.' : answer.actions.join(' ')],
    ...(overview === null ? [] : coverageFacts(overview)),
    // Of forecasts that are not to be used nothing good is told.
    ...(isWhole && overview !== null ? unitFacts(source, overview) : []),
    ...(isWhole ? [['Versions changed', versionChanges(source)] as const] : []),
    ['Where the forecasts are', placesOf(source)],
  ];
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function coverageFacts({ span, articles, markets, rows }: ForecastOverview): (readonly [string, Piece])[] {
  const { first, count } = span;
  const share = rows.read / rows.of;
  const looked =
    share >= ALL ? '' : ` in the ${showPercent(share, 1)} of the rows that were looked at for this page`;
  return [
    ['Weeks', `${formatWeek(first)} to ${formatWeek(addWeeks(first, count - 1))} (${plural(count, 'week')})`],
    ['Articles and markets', `${plural(articles, 'article')} in ${plural(markets, 'market')}${looked}`],
  ];
}

function whyNot({ versions, forecasts }: PreviousRun, model: string): string {
  if (!versions.has(model)) return `there are none by ${model}`;
  return forecasts.has(model) ? 'they are of other articles, weeks or discounts' : 'they are not at hand';
}

function unitFacts({ previous }: ReportSource, overview: ForecastOverview): (readonly [string, Piece])[] {
  const { units, isPlanned, lastYear } = overview;
  const at = isPlanned ? 'at the planned discounts' : 'without any discount, as the data plans none';
  const isWhole = overview.rows.read / overview.rows.of >= ALL;
  const year =
    lastYear === null && !isWhole
      ? 'A year before is not compared, as only some of the articles were looked at.'
      : lastYear === null
        ? 'The data does not tell what was sold in the same weeks a year before.'
        : `In the same weeks a year before ${showUnits(lastYear)} were sold, of all articles (${change(units / lastYear - 1)}).`;
  const week =
    overview.previous !== null
      ? `Of the same articles, weeks and discounts ${previous!.run} forecast ${showUnits(overview.previous.before)}, now ${showUnits(overview.previous.now)} (${change(overview.previous.now / overview.previous.before - 1)}).`
      : previous === null
        ? 'There is no earlier forecast of this data to compare with.'
        : `The forecasts of ${previous.run} cannot be compared: ${whyNot(previous, overview.model)}.`;
  return [
    ['Units forecast', `${showUnits(units)} ${at}. ${year}`],
    ['Against the forecast before', week],
  ];
}

function showUnits(units: number): string {
  return `${showCount(Math.round(units))} units`;
}

function change(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${showPercent(fraction, 1)}`;
}

function versionChanges({ models, previous }: ReportSource): string {
  if (previous === null) return 'There is no earlier run of this data to compare with.';
  const now = new Map(
    models.flatMap(({ model, forecastBy }) =>
      forecastBy === null ? [] : [[model, forecastBy.version] as const],
    ),
  );
  const named = new Set([...now.keys(), ...previous.versions.keys()]);
  const changed = [...named].flatMap((model) => {
    const before = previous.versions.get(model);
    const after = now.get(model);
    if (after === undefined) return [`${model} no longer forecasts`];
    if (before === undefined) return [`${model} is new`];
    return before === after ? [] : [`${model} ${String(before)} → ${String(after)}`];
  });
  return `Against ${previous.run}: ${changed.length === 0 ? 'none' : changed.join(', ')}.`;
}

/** The folder of all where they lie in one, as those of a workflow do. */
function placesOf({ models }: ReportSource): Piece {
  const places = models.flatMap(({ forecasts }) =>
    forecasts === null ? [] : [forecasts.replace(/\/+$/, '')],
  );
  if (places.length === 0) return 'There are none that can be reached.';
  const parents = new Set(places.map((place) => place.slice(0, place.lastIndexOf('/'))));
  const [parent] = parents;
  const shown = parents.size === 1 && places.length > 1 ? [`${parent!}/`] : places;
  return html`${shown.map((place) => html`<code>${place}</code> `)}`;
}

/** Who forecast what, and by whose leave. */
function versionTable(source: ReportSource): Piece {
  if (source.models.length === 0) return null;
  const rows = QUANTITY_ORDER.flatMap((quantity) => {
    const own = source.models.filter((each) => each.quantity === quantity);
    if (own.length === 0) return [];
    const main = mainForecasts(source, quantity);
    const others = own.filter((each): each is ForecastingModel => each.forecastBy !== null && each !== main);
    if (main === null)
      return [[WORDS[quantity].title, html`<strong class="bad">no forecasts</strong>`, '–', '–'] as Piece[]];
    return [row(source, quantity, main, others)];
  });
  return table(['quantity', 'forecasts by', 'trained', 'approved'], rows, 'cards');
}

function row(
  { run }: ReportSource,
  quantity: QuantityName,
  main: ForecastingModel,
  others: readonly ForecastingModel[],
): Piece[] {
  const { model, forecastBy } = main;
  const { registered, version, trainedBy } = forecastBy;
  const isOwn = trainedBy === run.record.run;
  const decision = registered?.decision;
  const approval =
    decision === undefined
      ? html`<span class="warning">by nobody: it is not registered</span>`
      : decision.status !== 'approved'
        ? html`<span class="warning">${decision.status} (${decision.by}): ${decision.reason}</span>`
        : `by ${decision.by === 'workflow' ? 'the workflow' : decision.by} on ${decision.at.slice(0, 10)}: ${decision.reason}`;
  return [
    WORDS[quantity].title,
    html`${nameOf(model, version)}${
      others.length === 0
        ? null
        : html`<br /><span class="sub"
              >also there:
              ${others.map((each) => nameOf(each.model, each.forecastBy.version)).join(', ')}</span
            >`
    }`,
    html`${isOwn ? 'in this run' : (trainedBy ?? 'it is not known when')}<br /><span class="sub"
        >${registered === null ? '' : `knows the weeks up to ${registered.cutoff}`}</span
      >`,
    html`${approval}${checkText(registered?.checks ?? null)}`,
  ];
}

/** By what it was approved: how many of the requirements it has met. */
function checkText(checks: readonly RequirementResult[] | null): Piece {
  const asked = checks?.filter(({ isMet }) => isMet !== null) ?? [];
  if (asked.length === 0) return null;
  const met = asked.filter(({ isMet }) => isMet === true).length;
  return html`<br /><span class="sub">${met} of ${plural(asked.length, 'requirement')} met</span>`;
}
