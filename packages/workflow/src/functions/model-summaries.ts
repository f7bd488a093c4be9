import { addWeeks, parseWeek } from '@hemline/core';
import { locationOf } from '../declaration/locations.ts';
import type { CompleteRequest } from './complete-request.ts';
import { failureReason } from './failure-reason.ts';
import { stepResult } from './register.ts';
import type { ModelSummary, Registered, RunState, Scores } from './state.ts';
import type { StepServices } from './step-services.ts';

/**
 * @param request of a run that trains
 * @returns a summary of each model that was to be registered
 */
export function summariesOfVersions({ state }: CompleteRequest): ModelSummary[] {
  return (state.registered ?? []).map((answer) => ({
    model: answer.model,
    // What broke while it was registered has left no quantity behind.
    quantity: state.models!.find(({ model }) => model === answer.model)!.plan.quantity,
    registered: { version: answer.version, status: answer.status },
    ...(answer.artifact === undefined ? {} : { artifact: answer.artifact }),
    scores: answer.scores ?? null,
    forecast: null,
    forecastBy: null,
    problems:
      answer.failure !== undefined
        ? [`it could not be registered: ${failureReason(answer.failure)}`]
        : answer.status === 'approved'
          ? []
          : answer.status === null
            ? answer.reasons
            : [pendingText(answer)],
  }));
}

function pendingText({ model, version, status, reasons }: Registered): string {
  return `version ${version} is ${status}: ${reasons.join('; ')}. Improve the model, or approve the version by hand: hemline models approve ${model} ${version} --reason …`;
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
      const { approved } = plan;
      const problems = [...trainingProblems(state, model)];
      const folder = `${services.artifacts}${locationOf('forecast', { run: state.run, model })}`;
      const forecast = outcome.failed === undefined ? await forecastFacts(folder, services) : null;
      if (outcome.failed?.step === 'approved') problems.push('it has no approved version: nothing forecasts');
      else if (outcome.failure !== undefined)
        problems.push(`${outcome.failed?.step ?? 'a step'} failed: ${failureReason(outcome.failure)}`);
      else if (forecast === null) problems.push('the forecast left no manifest');
      const oldest = addWeeks(parseWeek(plan.latest), -alerts.staleAfterWeeks);
      if (approved !== null && parseWeek(approved.cutoff) < oldest) {
        services.metric('StaleModels', 1, { workflow });
        problems.push(
          `version ${approved.version} knows nothing after ${approved.cutoff}, the data goes up to ${plan.latest}`,
        );
      }
      return {
        model,
        quantity: plan.quantity,
        registered: null,
        scores: null,
        forecast,
        forecastBy:
          forecast === null || approved === null
            ? null
            : {
                version: approved.version,
                run: approved.run,
                cutoff: approved.cutoff,
                artifact: approved.artifact,
              },
        problems,
      };
    }),
  );
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

async function forecastFacts(folder: string, { files }: StepServices): Promise<ModelSummary['forecast']> {
  const names = (await files.list(`${folder}manifest`)).filter((uri) => /manifest(-[^/]+)?\.json$/.test(uri));
  const manifests = await Promise.all(
    names.map(async (uri) => JSON.parse((await files.read(uri))!) as ForecastManifest),
  );
  // Every host of a job leaves a manifest; while one is missing, the forecast is not whole.
  if (manifests.length === 0 || manifests.some(({ hosts }) => hosts !== manifests.length)) return null;
  const all = manifests.flatMap((manifest) => manifest.files);
  const sum = (key: 'rows' | 'bytes'): number => all.reduce((total, file) => total + file[key], 0);
  return { folder, files: all.length, rows: sum('rows'), bytes: sum('bytes') };
}

interface ForecastManifest {
  readonly hosts: number;
  readonly files: readonly { readonly rows: number; readonly bytes: number }[];
}

/**
 * @param request of a run that scores models at earlier cutoffs
 * @param services of the place
 * @returns a summary of each model's scores
 */
export async function summariesOfBacktests(
  { state }: CompleteRequest,
  services: StepServices,
): Promise<ModelSummary[]> {
  return Promise.all(
    (state.models ?? []).map(async (outcome) => {
      const problems = outcome.failure === undefined ? [] : [failureReason(outcome.failure)];
      const backtest: Scores[] = [];
      for (const each of outcome.cutoffs ?? []) {
        const { cutoff } = each.each!;
        const folder = locationOf('cutoffStep', {
          run: state.run,
          model: outcome.model,
          cutoff,
          step: 'evaluate',
        });
        const text =
          stepResult(each, 'evaluate') === undefined
            ? null
            : await services.files.read(`${services.artifacts}${folder}metrics.json`);
        if (text !== null) backtest.push(JSON.parse(text) as Scores);
        else
          problems.push(
            `${cutoff}: ${each.failed?.step ?? 'a step'} failed: ${each.failure === undefined ? 'no reason' : failureReason(each.failure)}`,
          );
      }
      return {
        model: outcome.model,
        quantity: outcome.plan.quantity,
        registered: null,
        scores: null,
        backtest,
        forecast: null,
        forecastBy: null,
        problems,
      };
    }),
  );
}
