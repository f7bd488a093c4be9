import { addWeeks, parseWeek } from '@hemline/core';
import { locationOf } from '../declaration/locations.ts';
import type { CompleteRequest } from './complete-request.ts';
import { failedForecast, withdraw } from './failed-version.ts';
import { failureReason } from './failure-reason.ts';
import { forecastFacts } from './forecast-facts.ts';
import { mainMetric } from './main-metric.ts';
import type {
  BranchOutcome,
  Failure,
  ForecastFacts,
  ModelPlan,
  ModelSummary,
  PlannedVersion,
  RunState,
} from './state.ts';
import type { StepServices } from './step-services.ts';

/** What a model forecast in the end, and what was amiss on the way. */
interface Forecast {
  readonly forecast: ForecastFacts | null;
  /** The version that made it, or that was to make it. */
  readonly by: PlannedVersion | null;
  readonly insteadOf?: ModelSummary['insteadOf'];
  readonly problems: readonly string[];
}

/**
 * @param request of a run that forecasts
 * @param services of the place
 * @returns a summary of each model's forecast
 */
export async function summariesOfForecasts(
  { state, alerts, workflow }: CompleteRequest,
  services: StepServices,
): Promise<ModelSummary[]> {
  return Promise.all(
    (state.models ?? []).map(async (outcome) => {
      const { model, plan } = outcome;
      const { forecast, by, insteadOf, problems } = await forecastOf(outcome, state.run, services);
      const stale: string[] = [];
      const oldest = addWeeks(parseWeek(plan.latest), -alerts.staleAfterWeeks);
      if (by !== null && parseWeek(by.cutoff) < oldest) {
        services.metric('StaleModels', 1, { workflow });
        stale.push(
          `version ${by.version} knows nothing after ${by.cutoff}, the data goes up to ${plan.latest}`,
        );
      }
      return {
        model,
        quantity: plan.quantity,
        registered: null,
        scores: null,
        forecast,
        forecastBy:
          forecast === null || by === null
            ? null
            : {
                ...{ version: by.version, run: by.run, cutoff: by.cutoff, artifact: by.artifact },
                error: errorOf(plan, by),
              },
        ...(insteadOf === undefined ? {} : { insteadOf }),
        problems: [...trainingProblems(state, model), ...problems, ...stale],
      };
    }),
  );
}

async function forecastOf(outcome: BranchOutcome, run: string, services: StepServices): Promise<Forecast> {
  const { model, plan, failed, failure } = outcome;
  const { approved: by, standIn } = plan;
  const nothing = { forecast: null, by };
  if (failed?.step === 'approved')
    return { ...nothing, problems: ['it has no approved version: nothing forecasts'] };
  const first = failedForecast(outcome);
  if (first !== null && by !== null && standIn !== null) {
    if (first.standIn === undefined)
      return { ...nothing, problems: bothFailed(by, first.failure, standIn, failure) };
    return standInOf({ model, run, by, standIn, failure: first.failure }, services);
  }
  if (failed !== undefined)
    return {
      ...nothing,
      problems: [`${failed.step} failed: ${failure === undefined ? 'no reason' : failureReason(failure)}`],
    };
  const folder = `${services.artifacts}${locationOf('forecast', { run, model })}`;
  const forecast = await forecastFacts(folder, services);
  return {
    forecast,
    by,
    problems:
      forecast === null ? ['the forecast has not ended well on every host: a _SUCCESS is missing'] : [],
  };
}

/** As JSON has it: what is no number is null. */
function errorOf({ quantity, approved, standIn }: ModelPlan, { version }: PlannedVersion): number | null {
  if (version === standIn?.version) return standIn.error;
  return approved?.metrics?.[mainMetric(quantity)] ?? null;
}

/** The version before did what the chosen one could not. */
async function standInOf(
  {
    model,
    run,
    by,
    standIn,
    failure,
  }: {
    readonly model: string;
    readonly run: string;
    readonly by: PlannedVersion;
    readonly standIn: PlannedVersion;
    readonly failure: Failure;
  },
  services: StepServices,
): Promise<Forecast> {
  const folder = `${services.artifacts}${locationOf('standIn', { run, model })}`;
  const forecast = await forecastFacts(folder, services);
  const reason = failureReason(failure);
  if (forecast === null)
    return {
      forecast,
      by: standIn,
      problems: [
        `version ${by.version} failed to forecast: ${reason}; version ${standIn.version} stood in and has not ended well on every host: a _SUCCESS is missing`,
      ],
    };
  const { rejected, text } = await withdraw(by, failure, standIn, run, services);
  if (rejected) services.metric('FailedModels', 1, { model });
  return {
    forecast,
    by: standIn,
    insteadOf: { version: by.version, run: by.run, reason, rejected },
    problems: [
      `version ${by.version} failed to forecast: ${reason}; version ${standIn.version} stands in. ${text}`,
    ],
  };
}

/** The same reason is told once. */
function bothFailed(
  by: PlannedVersion,
  first: Failure,
  standIn: PlannedVersion,
  second: Failure | undefined,
): string[] {
  const reasons = [first, second].map((failure) =>
    failure === undefined ? 'no reason' : failureReason(failure),
  );
  if (reasons[0] === reasons[1])
    return [
      `version ${by.version} failed to forecast, and so did version ${standIn.version}, which was to stand in: ${reasons[0]!}`,
    ];
  return [
    `version ${by.version} failed to forecast: ${reasons[0]!}`,
    `version ${standIn.version}, which was to stand in, failed too: ${reasons[1]!}`,
  ];
}

/** That a model's training failed is a problem of its forecasts: an earlier version makes them. */
function trainingProblems({ training }: RunState, model: string): readonly string[] {
  if (training === null) return [];
  if (training.outcome === undefined)
    return [
      `training broke: ${training.failure === undefined ? 'no reason' : failureReason(training.failure)}`,
    ];
  const found = training.outcome.models.find((each) => each.model === model);
  return found?.problems ?? [];
}
