import type { ModelFacts } from '../declaration/model-facts.ts';
import { mainMetric } from '../functions/main-metric.ts';
import type { Requirements } from './requirements.ts';

/** Forecasting nothing at all scores 1, in demand error and in wape. */
const WORTHLESS = 1;
/** A stock is planned on the sum: a sum that is off by more than this is not left to a rule. */
const MOST_BIAS = 0.3;
/** Better than the baseline by so much, or it is not worth its machine. */
const MARGIN: Readonly<Record<'demand' | 'other', number>> = { demand: 0.02, other: 0.01 };
/** Windows of two versions differ, and seasons with them. */
const TOLERANCE = 0.2;
/** Of the difference to the approved version: less is within the scatter of which articles were scored. */
const STANDARD_ERRORS = 2;

/** What has to be known of a model. */
type Comparable = Pick<ModelFacts, 'name' | 'quantity' | 'baseline'>;

/**
 * What a version of a model must reach unless its package asks for more: better than forecasting nothing, without a gross bias, better
 * than the quantity's baseline by a margin, not worse than the approved version beyond noise; and of demand, curves that have been
 * measured and never fall.
 * @param model whose requirements
 * @param catalog the models there are, of which those that say so are baselines
 * @returns the requirements
 */
export function defaultRequirements(model: Comparable, catalog: readonly Comparable[]): Requirements {
  const metric = mainMetric(model.quantity);
  const isDemand = model.quantity === 'demand';
  const baseline = catalog.find(({ quantity, baseline }) => baseline && quantity === model.quantity);
  return {
    maximum: { [metric]: WORTHLESS },
    bias: { metric: isDemand ? 'demandBias' : 'bias', least: -MOST_BIAS, most: MOST_BIAS },
    ...(baseline === undefined || baseline.name === model.name
      ? {}
      : {
          betterThan: { model: baseline.name, metric, factor: 1 - MARGIN[isDemand ? 'demand' : 'other'] },
        }),
    ...(isDemand ? { monotone: true } : {}),
    approvedTolerance: { metric, relative: TOLERANCE, standardErrors: STANDARD_ERRORS },
  };
}
