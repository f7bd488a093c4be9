import { locationOf } from '../declaration/locations.ts';
import type { CompleteRequest } from './complete-request.ts';
import { failureReason } from './failure-reason.ts';
import { stepResult } from './register.ts';
import type { ModelSummary, Registered, Scores } from './state.ts';
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
