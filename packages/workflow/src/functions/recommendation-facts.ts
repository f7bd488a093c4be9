import { locationOf } from '../declaration/locations.ts';
import { failureReason } from './failure-reason.ts';
import { forecastFacts } from './forecast-facts.ts';
import type { Failure, PlannedGain, RecommendationFacts } from './state.ts';
import type { StepServices } from './step-services.ts';

/** What the step that prices ended with. */
export interface OptimiseOutcome {
  readonly job?: string;
  readonly failure?: Failure;
}

/** What came of pricing a run. */
export interface Recommendations {
  readonly recommendations: RecommendationFacts | null;
  /** Why there are none. */
  readonly problems: readonly string[];
}

/**
 * @param run whose forecasts were to be priced
 * @param outcome of the step; undefined: it was not come to, since the forecasts are not whole
 * @param services of the place
 * @returns what the job left, or why there is nothing
 */
export async function recommendationsOf(
  run: string,
  outcome: OptimiseOutcome | undefined,
  services: StepServices,
): Promise<Recommendations> {
  const none = (...problems: string[]): Recommendations => ({ recommendations: null, problems });
  if (outcome === undefined) return none('nothing is priced: forecasts are missing');
  const remedy = `The forecasts are whole and stay: see to it, then price them with hemline price ${run}`;
  if (outcome.failure !== undefined)
    return none(
      `no recommendations, optimise failed: ${failureReason(outcome.failure).replace(/\.$/, '')}. ${remedy}`,
    );
  const folder = `${services.artifacts}${locationOf('recommendations', { run })}`;
  const facts = await forecastFacts(folder, services);
  const text = await services.files.read(`${folder}_summary.json`);
  if (facts === null || text === null)
    return none(`no recommendations, optimise has not ended well: a _SUCCESS is missing. ${remedy}`);
  const { articles, compared, changed, profit, comparedProfit, heldProfit, gain } = JSON.parse(
    text,
  ) as PlannedGain;
  return {
    recommendations: {
      ...facts,
      ...{ articles, compared, changed, profit, comparedProfit, heldProfit, gain },
    },
    problems: [],
  };
}
