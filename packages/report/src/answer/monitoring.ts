import { parseWeek, weeksBetween } from '@hemline/core';
import type { Monitoring, WatchedModel } from '../source/monitoring.ts';
import type { ReportSource } from '../source/report-source.ts';
import { plural, showNumber, showPercent } from '../page/numbers.ts';
import type { Answer, Point } from './point.ts';

/** Forecasts that are so far off in all are plainly wrong, whatever was usual: stock and discounts are decided on the sum. */
export const PLAINLY_WRONG = 0.2;
/** Weeks that a finding is told of other versions. */
const MOST_WEEKS = 4;
/** Segments that are told of one by one. */
const MOST_SEGMENTS = 5;

/**
 * The answer of a run that compared forecasts with what came.
 * @param monitoring what it found
 * @returns whether the forecasts in use may go on being used
 */
export function judgeMonitoring(monitoring: Monitoring): Answer {
  const points = monitoring.models.flatMap((model) => pointsOf(model, monitoring));
  const data = monitoring.data.features
    .filter(({ found }) => found)
    .map(({ feature, before, recent }): Point => ({
      verdict: 'but',
      text: `The data has changed: ${feature} went from ${showNumber(before)} to ${showNumber(recent)}`,
    }));
  const all = [...points, ...data];
  const isWrong = points.some(({ verdict }) => verdict === 'no');
  const verdict = isWrong ? 'no' : all.length > 0 ? 'but' : 'use';
  const headline = {
    no: 'Do not go on with the forecasts in use: they are plainly wrong',
    but: 'The forecasts in use may be used, but something has changed',
    use: 'Nothing speaks against the forecasts in use',
  }[verdict];
  return {
    ...{ verdict, headline, points: all },
    actions:
      verdict === 'use'
        ? []
        : [
            'Look at what changed: prices, campaigns, stock, the data itself. Then train anew on the latest weeks: hemline run weekly.',
          ],
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
  { model, rows, metrics, segments, versions }: WatchedModel,
  { from, until }: Monitoring,
): Point[] {
  const bias = metrics['demandBias'] ?? NaN;
  const who = `${model}${versions.length === 0 ? '' : ` ${versions.at(-1)!.version}`}`;
  const found = segments.filter((segment) => segment.found);
  const points: Point[] = [];
  if (Math.abs(bias) >= PLAINLY_WRONG)
    points.push({
      verdict: 'no',
      text: `Forecasts of ${who} were ${showPercent(Math.abs(bias))} too ${bias < 0 ? 'low' : 'high'} in all, from ${from} to ${until} (${plural(rows, 'row')})`,
    });
  for (const { dimension, value, demandChange, since } of found.slice(0, MOST_SEGMENTS))
    points.push({
      verdict: 'but',
      text: `Demand of ${dimension} ${value} is ${signed(demandChange)} against its forecasts by ${who} since ${since ?? from}, compared with before`,
    });
  if (found.length > MOST_SEGMENTS)
    points.push({
      verdict: 'but',
      text: `${plural(found.length - MOST_SEGMENTS, 'more segment')} of ${who} changed as well`,
    });
  return points;
}

function signed(fraction: number | null): string {
  return fraction === null ? '–' : `${fraction > 0 ? '+' : ''}${showPercent(fraction)}`;
}
