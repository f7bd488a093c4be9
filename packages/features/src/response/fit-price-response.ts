import { concatBatches, SERIES_KEY, type Batch, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { calibrate } from './experiment-calibration.ts';
import { keyedEffects, PriceResponse } from './price-response.ts';
import { depthReach, liftAt, RESPONSE_SLOPES } from './response-basis.ts';
import { responseCurve } from './response-curve.ts';
import { responseGroups } from './response-groups.ts';
import { PRIOR_COVARIANCE, PRIOR_SLOPE } from './response-prior.ts';
import { responseRows } from './response-rows.ts';
import { tiltEffects } from './tilt-effects.ts';

/** What a response is estimated from. */
export interface ResponseOptions {
  /** The last known week: nothing later is read. */
  readonly cutoff: Week;
  /** Numeric covariates of the weekly table that are known ahead. */
  readonly planned: readonly string[];
  /** Attributes of series that are text: what responses may differ by. */
  readonly categories: readonly string[];
}

/** Attributes that tell when an article is sold rather than what it is: its response would be that of a part of life. */
const OF_TIME = ['season'];
/** The discount that evidence is told for. */
const SHOWN = 0.3;
/**
 * Articles at which a response is believed half: its covariance knows of chance alone, and what few articles have in common (how they were
 * priced, what else they went through) is no chance. Of markets of 60 articles curves halfway to it erred least.
 */
const EVEN_ARTICLES = 60;
/** Below these, numbers serve as no divisors. */
const [LEAST_LIFT, LEAST_MEAN] = [0.01, 0.1];

/**
 * Estimates how demand answers to the discount, unconfounded by how discounts are set: the common curve by {@link responseCurve},
 * held against recorded experiments where there are any, and how series differ from it by attributes, article and series of
 * their own, each shrunk by as much as the data says ({@link crossedEffects}).
 * @param panels weekly rows of `RESPONSE_COLUMNS` as far as the dataset has them, and planned covariates; series with `group`,
 *   `launchWeek`, `seasonEndWeek` and categories as far as they are there
 * @param options cutoff, columns
 * @returns the response; what is supposed a priori where the data says nothing, which its evidence tells
 */
export function fitPriceResponse(
  panels: readonly FilledPanel[],
  { cutoff, planned, categories }: ResponseOptions,
): PriceResponse {
  const filled = panels.filter(({ series }) => series.length > 0);
  if (filled.length === 0) return aPriori();
  const rows = responseRows(filled, planned, cutoff);
  const names = [
    ...new Set([...SERIES_KEY, ...categories.filter((name) => !OF_TIME.includes(name)), 'group']),
  ];
  const first = filled[0]!.series;
  const known = names.filter((name) => first.has(name) && first.column(name).type === 'string');
  const series = concatBatches(filled.map((panel) => panel.series.select(known)));
  const curve = responseCurve(rows, responseGroups(series, rows));
  if (curve === null) return aPriori();
  const { mean, effects } = tiltEffects(series, rows.offsets, curve, known);
  const lift = liftAt(curve.slopes, SHOWN);
  const variance = varianceAt(curve.covariance, SHOWN);
  const common = calibrate(rows, curve, 1 + mean, variance / Math.max(lift ** 2, LEAST_LIFT ** 2));
  return new PriceResponse(
    curve.slopes.map((slope) => slope * Math.max(0, common.factor)),
    effects.map(({ index, effect }) =>
      keyedEffects(
        index,
        effect.map((one) => one / Math.max(LEAST_MEAN, 1 + mean)),
      ),
    ),
    {
      resolved: breadth(series) * Math.max(0, 1 - variance / varianceAt(PRIOR_COVARIANCE, SHOWN)),
      liftError: Math.sqrt(common.variance) * lift,
      weeks: curve.rows.length,
      experimentWeeks: common.weeks,
      usualDepth:
        curve.rows.reduce((sum, row) => sum - Math.log1p(-rows.discount[row]!), 0) / curve.rows.length,
    },
  );
}

/** How far the articles are enough to speak for others, from 0 to 1. */
function breadth(series: Batch): number {
  const articles = new Set(series.strings('article').values).size;
  return articles / (articles + EVEN_ARTICLES);
}

/** What is supposed before any data. */
function aPriori(): PriceResponse {
  return new PriceResponse(new Float64Array(RESPONSE_SLOPES).fill(PRIOR_SLOPE), [], {
    resolved: 0,
    liftError: Math.sqrt(varianceAt(PRIOR_COVARIANCE, SHOWN)),
    weeks: 0,
    experimentWeeks: 0,
    usualDepth: 0,
  });
}

/** Variance of the log lift of a discount. */
function varianceAt(covariance: Float64Array, discount: number): number {
  let variance = 0;
  for (let k = 0; k < RESPONSE_SLOPES; k++)
    for (let l = 0; l < RESPONSE_SLOPES; l++)
      variance += depthReach(discount, k) * covariance[k * RESPONSE_SLOPES + l]! * depthReach(discount, l);
  return variance;
}
