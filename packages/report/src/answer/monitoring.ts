import { parseWeek, weeksBetween } from '@hemline/core';
import type { BeyondLimit } from '@hemline/evaluation';
import type { Monitoring, WatchedModel } from '../source/monitoring.ts';
import type { ReportSource } from '../source/report-source.ts';
import { plural, showNumber, showPercent } from '../page/numbers.ts';
import type { Answer, Point } from './point.ts';

/** Weeks that a finding is told of other versions. */
const MOST_WEEKS = 4;
/** What a person does about forecasts that are off. */
export const WHAT_TO_DO =
  'Look at what has changed: prices, campaigns, stock, the data itself. Train anew on the latest weeks: hemline run weekly.';
/** Segments that are told of one by one. */
const MOST_SEGMENTS = 5;

/**
 * The answer of a run that compared forecasts with what came.
 * @param monitoring what it found
 * @returns whether the forecasts in use may go on being used
 */
export function judgeMonitoring(monitoring: Monitoring): Answer {
  const all = [
    ...monitoring.models.flatMap((model) => pointsOf(model, monitoring)),
    ...dataPoints(monitoring),
  ];
  const isWrong = all.some(({ verdict }) => verdict === 'no');
  const verdict = isWrong ? 'no' : all.length > 0 ? 'but' : 'use';
  const headline = {
    no: 'Do not go on with the forecasts in use: they are plainly wrong',
    but: 'The forecasts in use may be used, but look at what follows first',
    use: 'Nothing speaks against the forecasts in use',
  }[verdict];
  return {
    ...{ verdict, headline },
    points: all.toSorted((a, b) => Number(b.verdict === 'no') - Number(a.verdict === 'no')),
    actions: verdict === 'use' ? [] : [WHAT_TO_DO],
  };
}

/**
 * What the latest monitoring says about the versions that forecast in another run.
 * @param source of the report of that run
 * @returns points; none where nothing was found, or other models forecast
 */
export function monitoringPoints({ monitoring, models, run }: ReportSource): Point[] {
  if (monitoring === null) return [];
  return monitoring.models.flatMap((watched) => {
    const forecastBy = models.find(({ model }) => model === watched.model)?.forecastBy ?? null;
    if (forecastBy === null) return [];
    const isSame = watched.versions.at(-1)?.version === `version ${String(forecastBy.version)}`;
    const isNew = forecastBy.trainedBy === run.record.run;
    const knows = forecastBy.registered?.cutoff;
    // What weeks long gone did with another version says nothing of this one.
    if (
      !isSame &&
      knows !== undefined &&
      weeksBetween(parseWeek(monitoring.until), parseWeek(knows)) > MOST_WEEKS
    )
      return [];
    return pointsOf(watched, monitoring).map(({ verdict, text }): Point => ({
      // A version that has learnt of the latest weeks since may do better: nobody knows yet.
      verdict: verdict === 'no' && isSame ? 'no' : 'but',
      text: `${text} (${monitoring.run}). ${isSame ? 'The same version forecasts here' : isNew ? `Version ${String(forecastBy.version)}, trained since, forecasts here: whether it does better is seen when the next weeks are in` : 'Another version forecasts here'}`,
    }));
  });
}

function pointsOf(
  { model, rows, segments, versions }: WatchedModel,
  { from, until, beyondLimits }: Monitoring,
): Point[] {
  const who = `${model}${versions.length === 0 ? '' : ` ${versions.at(-1)!.version}`}`;
  const beyond = beyondLimits.filter((each) => each.model === model);
  const whole = beyond.filter(({ dimension }) => dimension === null);
  const parts = beyond.filter(({ dimension }) => dimension !== null);
  const weeks = `from ${from} to ${until}`;
  return [
    ...whole.map((each): Point => ({
      verdict: 'no',
      text: `${beyondText(each, who)}, ${weeks} (${plural(rows, 'row')})`,
    })),
    ...limited(
      parts,
      (each) => `${beyondText(each, who)}, ${weeks} (${plural(each.rows ?? 0, 'row')})`,
      'far off',
    ),
    ...limited(
      segments.filter((segment) => segment.found),
      ({ dimension, value, demandChange, since }) =>
        `Demand of ${dimension} ${value} is ${signed(demandChange)} against its forecasts by ${who} since ${since ?? from}, compared with before`,
      'changed',
    ),
  ];
}

/** A few one by one, of the others how many there are. */
function limited<T>(all: readonly T[], textOf: (each: T) => string, what: string): Point[] {
  const left = all.length - MOST_SEGMENTS;
  const texts = all.slice(0, MOST_SEGMENTS).map(textOf);
  return [
    ...texts,
    ...(left > 0 ? [`${plural(left, 'more segment')} ${left === 1 ? 'is' : 'are'} ${what}`] : []),
  ].map((text): Point => ({ verdict: 'but', text }));
}

function beyondText({ limit, most, value, dimension, segment, earlier }: BeyondLimit, who: string): string {
  if (limit === 'errorTimes')
    return `The error of ${who} is ${showNumber(value)} times that of ${earlier?.of === 'approval' ? 'its approval' : 'the weeks before'} (at most ${showNumber(most)} times is taken for chance)`;
  const of = dimension === null ? 'in all' : `of ${dimension} ${segment ?? ''}`;
  if (value === null) return `Of what ${who} forecast ${of}, nothing was sold`;
  return `Forecasts of ${who} were ${showPercent(Math.abs(value))} too ${value < 0 ? 'low' : 'high'} ${of}`;
}

function dataPoints({ data, beyondLimits }: Monitoring): Point[] {
  const shifted = beyondLimits.filter(({ model }) => model === null);
  return [
    ...shifted.map(({ value }): Point => ({
      verdict: 'but',
      text: `The discounts in the shop are no longer those of the weeks before (stability index ${showNumber(value)}): forecasts at discounts that were rare are less sure`,
    })),
    ...data.features
      .filter(({ found }) => found)
      .map(({ feature, before, recent }): Point => ({
        verdict: 'but',
        text: `The data has changed: ${feature} went from ${showNumber(before)} to ${showNumber(recent)}`,
      })),
  ];
}

function signed(fraction: number | null): string {
  return fraction === null ? '–' : `${fraction > 0 ? '+' : ''}${showPercent(fraction)}`;
}
