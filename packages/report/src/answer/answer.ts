import { formatWeek } from '@hemline/core';
import { FORECAST_KINDS, reasonsOf, type Reason, type RunRecord } from '@hemline/runs';
import type { ForecastOverview } from '../source/forecast-overview.ts';
import { isFlat } from '../source/reactions.ts';
import type { ReportSource } from '../source/report-source.ts';
import type { RegisteredVersion } from '../source/version-facts.ts';
import { showPercent } from '../page/numbers.ts';
import { QUANTITY_ORDER, WORDS } from '../sections/quantity-words.ts';
import { judgeMonitoring, monitoringPoints, WHAT_TO_DO } from './monitoring.ts';
import type { Answer, Point } from './point.ts';
import { nameOf, unfit } from './unfit.ts';
import { mainForecasts } from './main-forecasts.ts';

/** Units that differ by more from what was forecast a week ago for the very same are told of. */
const NOTABLE_CHANGE = 0.25;

const DONE: Readonly<Record<string, string>> = {
  train: 'trained a model',
  training: 'trained models',
  evaluate: 'scored a model',
  backtest: 'scored models at earlier cutoffs',
  features: 'computed features',
  monitor: 'compared forecasts with what came',
  season: 'played a season with policies of pricing',
};

/**
 * Whether the forecasts of a run may be used, and why.
 * @param source of the report
 * @param overview of the forecast of demand; null where there is none
 * @returns the answer
 */
export function answerOf(source: ReportSource, overview: ForecastOverview | null): Answer {
  const { record, state } = source.run;
  const reasons = reasonsOf(
    record,
    source.models.map(({ model }) => model),
  );
  if (record.kind === 'monitor' && source.monitoring !== null) return judgeMonitoring(source.monitoring);
  if (!FORECAST_KINDS.includes(record.kind)) return otherAnswer(source, reasons);
  const points = hasEnded(state)
    ? [...unusable(source, reasons), ...usable(source, overview, reasons)]
    : reasons.map(({ model, text }): Point => ({ verdict: 'no', text: told(model, text) }));
  if (state === 'running')
    return {
      verdict: 'no',
      headline: 'Not yet: the run is still going on',
      points,
      actions: ['Wait for its end, and write this page anew: hemline report.'],
    };
  const verdict = worst(points, state);
  const isMissing =
    missingQuantities(source).length > 0 || source.models.every(({ forecastBy }) => forecastBy === null);
  return {
    verdict,
    headline: {
      use: 'Use these forecasts',
      but: 'Use these forecasts, but mind what follows',
      no: isMissing ? 'Do not use: forecasts are missing' : 'Do not use these forecasts',
    }[verdict],
    points: order(points),
    actions: actionsOf(source, verdict, reasons, monitoringPoints(source).length > 0),
  };
}

function hasEnded(state: string): boolean {
  return state === 'succeeded' || state === 'degraded' || state === 'failed';
}

function worst(points: readonly Point[], state: string): Point['verdict'] {
  if (!['succeeded', 'degraded'].includes(state) || points.some(({ verdict }) => verdict === 'no'))
    return 'no';
  return state === 'degraded' || points.some(({ verdict }) => verdict === 'but') ? 'but' : 'use';
}

function order(points: readonly Point[]): Point[] {
  const rank = { no: 0, but: 1, use: 2 } as const;
  return points.toSorted((a, b) => rank[a.verdict] - rank[b.verdict]);
}

/** Quantities that models of the run were to forecast, and none has. */
function missingQuantities({ models }: Pick<ReportSource, 'models'>): string[] {
  return QUANTITY_ORDER.filter((quantity) => {
    const own = models.filter((each) => each.quantity === quantity);
    return own.length > 0 && own.every(({ forecastBy }) => forecastBy === null);
  }).map((quantity) => WORDS[quantity].title.toLowerCase());
}

/** What forbids the use. */
function unusable(source: ReportSource, reasons: readonly Reason[]): Point[] {
  const missing = missingQuantities(source);
  return [
    ...missing.map((quantity): Point => ({ verdict: 'no', text: `There are no forecasts of ${quantity}.` })),
    ...(source.run.state === 'failed'
      ? reasons.map(({ model, text }): Point => ({ verdict: 'no', text: told(model, text) }))
      : []),
    ...refused(source),
  ];
}

/** What is unfit forbids the use where nothing else has forecast the quantity. */
function refused(source: ReportSource): Point[] {
  return source.models.flatMap((model): Point[] => {
    const found = unfit(model, source.run.record.run);
    if (found === null) return [];
    const isTaken = mainForecasts(source, model.quantity) === model;
    return [{ verdict: isTaken && !found.isKnown ? 'no' : 'but', text: found.text }];
  });
}

/** What has to be known of forecasts that may be used. */
function usable(
  source: ReportSource,
  overview: ForecastOverview | null,
  reasons: readonly Reason[],
): Point[] {
  if (source.run.state === 'failed') return [];
  const { models, run } = source;
  const because = (model: string): string => {
    const own = reasons.filter((each) => each.model === model).map(({ text }) => text);
    return own.length === 0 ? '' : `: ${own.join('; ')}`;
  };
  const points: Point[] = [];
  const explained = new Set<string>();
  for (const { model, quantity, forecastBy } of models) {
    const title = WORDS[quantity].title;
    if (forecastBy === null) {
      const serving = mainForecasts(source, quantity);
      if (serving === null || reasons.every((each) => each.model !== model)) continue;
      points.push({
        verdict: 'but',
        text: `${title}: ${model} has forecast nothing, ${serving.model} stands in${because(model)}`,
      });
      explained.add(model);
      continue;
    }
    const name = `${title}: ${nameOf(model, forecastBy.version)}`;
    const { registered } = forecastBy;
    if (standsIn(run.record, model, forecastBy.trainedBy)) {
      const until = registered === null ? '' : `, which knows the weeks up to ${registered.cutoff},`;
      points.push({ verdict: 'but', text: `${name}${until} stands in${because(model)}` });
      explained.add(model);
    }
    const leave = leaveOf(registered);
    if (leave !== null) points.push({ verdict: 'but', text: `${name} ${leave}` });
  }
  for (const { model, text } of reasons)
    if (model === null || !explained.has(model)) points.push({ verdict: 'but', text: told(model, text) });
  return [...points, ...flatPoints(source, overview), ...monitoringPoints(source), ...changePoints(overview)];
}

/** Who sets discounts has to know when the forecasts cannot tell one from another. */
function flatPoints(source: ReportSource, overview: ForecastOverview | null): Point[] {
  if (overview === null || !isFlat(overview)) return [];
  const model = mainForecasts(source, 'demand')?.model ?? 'the model';
  return [
    {
      verdict: 'but',
      text: `Demand is forecast by ${model}, which does not react to the discount: no discount can be chosen by these forecasts`,
    },
  ];
}

/** An earlier version did what the one that was meant could not: one of this run, or one that failed to forecast. */
function standsIn({ kind, run, steps }: RunRecord, model: string, trainedBy: string | null): boolean {
  if (kind === 'weekly' && trainedBy !== run) return true;
  return steps.some(({ step, state }) => state === 'fell back' && step.includes(`/${model}: `));
}

/** What is amiss with a version's approval; null where nothing is. */
function leaveOf(registered: RegisteredVersion | null): string | null {
  if (registered === null) return 'is not registered: nobody has approved it';
  const { status, by, reason } = registered.decision;
  if (status === 'pending') return `is pending, nobody has approved it: ${reason}`;
  // Curves that fall are told of in any case.
  const unmet =
    registered.checks?.filter(({ isMet, metric }) => isMet === false && metric !== 'monotoneViolations') ??
    [];
  if (status !== 'approved' || by === 'workflow' || unmet.length === 0) return null;
  return `does not meet its requirements: ${unmet.flatMap(({ reasons }) => reasons).join('; ')}. ${by} approved it all the same: ${reason}`;
}

function changePoints(overview: ForecastOverview | null): Point[] {
  const previous = overview?.previous ?? null;
  if (overview === null || previous === null) return [];
  const change = previous.now / previous.before - 1;
  if (Math.abs(change) < NOTABLE_CHANGE) return [];
  const { first } = overview.span;
  return [
    {
      verdict: 'but',
      text: `Demand from ${formatWeek(first)} on is forecast ${showPercent(Math.abs(change))} ${change > 0 ? 'higher' : 'lower'} than a week ago, for the same articles, weeks and discounts`,
    },
  ];
}

function actionsOf(
  { models, run }: ReportSource,
  verdict: Point['verdict'],
  reasons: readonly Reason[],
  isWatched: boolean,
): string[] {
  const pending = run.record.versions.filter(
    ({ role, status }) => role === 'trained' && status === 'pending',
  );
  const rerun =
    verdict === 'no' && run.state !== 'succeeded' && run.state !== 'degraded'
      ? [
          `Mend the cause, and start the same command again: ${run.record.command.join(' ')}. Finished steps are not repeated.`,
        ]
      : [];
  const undecided = pending.map(
    ({ model, version }) =>
      `Decide about ${nameOf(model, version)}, which is pending: hemline models show ${model} ${String(version)}, then approve or reject.`,
  );
  const unusable = models.flatMap(({ model, forecastBy }) =>
    forecastBy?.registered?.decision.status === 'rejected'
      ? [`Forecast anew: the version of ${model} was rejected after this run.`]
      : [],
  );
  const unregistered = models.flatMap(({ model, forecastBy }) =>
    forecastBy !== null && forecastBy.registered === null
      ? [
          `Have a version of ${model} approved before prices are set by it: hemline run weekly checks it, hemline models register takes it as it is.`,
        ]
      : [],
  );
  const isUndecided = (model: string): boolean => pending.some((each) => each.model === model);
  const broken = new Set(
    reasons.flatMap(({ model }) => (model === null || isUndecided(model) ? [] : [model])),
  );
  const mend =
    rerun.length > 0 || broken.size === 0
      ? []
      : [`Find out what is wrong with ${[...broken].join(', ')} before the next run.`];
  const watched = isWatched ? [WHAT_TO_DO] : [];
  return [...rerun, ...undecided, ...unregistered, ...unusable, ...mend, ...watched];
}

/** Of a run that was not to forecast. */
function otherAnswer({ run }: ReportSource, reasons: readonly Reason[]): Answer {
  const { record, state } = run;
  const done = DONE[record.kind] ?? `was of the kind ${record.kind}`;
  const isFine = state === 'succeeded';
  const ended =
    state === 'degraded' ? 'ended with problems' : state === 'running' ? 'is still going on' : `has ${state}`;
  return {
    verdict: isFine ? 'none' : state === 'degraded' ? 'but' : 'no',
    headline: isFine ? `This run ${done}: it made no forecasts` : `This run ${ended}: it was to have ${done}`,
    points: reasons.map(({ model, text }) => ({ verdict: 'but', text: told(model, text) })),
    actions: [],
  };
}

function told(model: string | null, text: string): string {
  return model === null ? text : `${model}: ${text}`;
}
