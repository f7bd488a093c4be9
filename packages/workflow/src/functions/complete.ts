import type { CompleteRequest } from './complete-request.ts';
import { writeDurations, type Duration } from './durations.ts';
import { failureReason } from './failure-reason.ts';
import { completeForecasts } from './forecast-set.ts';
import { foundForecasts } from './forecasts.ts';
import { summariesOfForecasts } from './forecast-summaries.ts';
import { summariesOfBacktests, summariesOfVersions } from './model-summaries.ts';
import { recommendationsOf } from './recommendation-facts.ts';
import { forecastStatus, modelsStatus } from './run-status.ts';
import type { Failure, ModelSummary, Summary } from './state.ts';
import type { StepServices } from './step-services.ts';

/**
 * Puts together what came of an execution, leaves it as a file, makes the manifest of the complete set of forecasts, and
 * tells the metrics that alarms are set on.
 * @param request of the state machine
 * @param services of the place
 * @returns the summary, which is the execution's output
 */
export async function complete(request: CompleteRequest, services: StepServices): Promise<Summary> {
  const { workflow, state, produces } = request;
  const endedAt = services.now().toISOString();
  const common = {
    run: state.run,
    workflow,
    nested: state.nested,
    startedAt: state.startedAt,
    begunAt: state.begunAt,
    endedAt,
    deadlineAt: state.deadlineAt,
  };
  const part = produces === 'chain' ? chainPart(request) : await modelsPart(request, services);
  const problems = [...part.problems];
  if (state.failure !== undefined) problems.unshift(failureReason(state.failure));
  const warnings = [...part.warnings, ...(state.late === null ? [] : [state.late])];
  if (!state.nested && Date.parse(endedAt) > Date.parse(state.deadlineAt)) {
    services.metric('MissedDeadlines', 1, { workflow });
    warnings.push(`ended at ${endedAt}, after the deadline ${state.deadlineAt}`);
  }
  const status = state.failure === undefined ? part.status : 'incomplete';
  const { dataset, models, recommendations } = part;
  const told = { ...common, status, dataset, models, recommendations, problems, warnings };
  const summary: Summary = { ...told, message: messageOf(told) };
  await services.files.write(
    `${services.artifacts}runs/${state.run}/${workflow}.json`,
    `${JSON.stringify(summary, null, 2)}\n`,
  );
  if (!state.nested) services.metric(RUN_METRICS[status], 1, { workflow });
  await writeDurations(services, durationsOf(request, endedAt));
  return summary;
}

const RUN_METRICS = {
  complete: 'CompleteRuns',
  fallback: 'FallbackRuns',
  incomplete: 'IncompleteRuns',
} as const;

/** A part of a summary. */
type Part = Pick<Summary, 'status' | 'dataset' | 'models' | 'recommendations' | 'problems' | 'warnings'>;

function chainPart({ state }: CompleteRequest): Part {
  const parts = Object.entries(state)
    .filter(([, value]) => isPart(value))
    .map(([name, value]) => [name, value as { outcome?: Summary; failure?: Failure }] as const);
  const models = new Map<string, ModelSummary>();
  for (const [, { outcome }] of parts)
    for (const model of outcome?.models ?? []) {
      const before = models.get(model.model);
      models.set(model.model, before === undefined ? model : merge(before, model));
    }
  const problems = parts.flatMap(([name, { outcome, failure }]) =>
    outcome === undefined
      ? [`${name} broke: ${failure === undefined ? 'no reason' : failureReason(failure)}`]
      : outcome.problems,
  );
  // The last one makes what the run is for; those before it can be fallen back from.
  const last = parts.at(-1)?.[1].outcome ?? null;
  const status = last === null ? 'incomplete' : last.status;
  const isMarked = problems.length > 0 || parts.some(([, { outcome }]) => outcome?.status !== 'complete');
  return {
    status: status === 'complete' && isMarked ? 'fallback' : status,
    dataset: last?.dataset ?? null,
    models: [...models.values()],
    recommendations: last?.recommendations ?? null,
    problems,
    warnings: [...new Set(parts.flatMap(([, { outcome }]) => outcome?.warnings ?? []))],
  };
}

function isPart(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('outcome' in value || 'failure' in value);
}

function merge(a: ModelSummary, b: ModelSummary): ModelSummary {
  const insteadOf = b.insteadOf ?? a.insteadOf;
  const registered = b.registered ?? a.registered;
  return {
    ...a,
    // What was approved at the beginning of the chain may have failed to forecast at its end.
    registered:
      insteadOf?.rejected === true && insteadOf.version === registered?.version
        ? { ...registered, status: 'rejected' }
        : registered,
    artifact: b.artifact ?? a.artifact,
    scores: b.scores ?? a.scores,
    forecast: b.forecast ?? a.forecast,
    forecastBy: b.forecastBy ?? a.forecastBy,
    ...(insteadOf === undefined ? {} : { insteadOf }),
    problems: [...new Set([...a.problems, ...b.problems])],
  };
}

async function modelsPart(request: CompleteRequest, services: StepServices): Promise<Part> {
  const { state, produces } = request;
  const dataset = state.plan?.dataset ?? null;
  const expected = state.models?.length ?? 0;
  const nothing = { dataset, recommendations: null, problems: [], warnings: [] };
  if (produces === 'forecasts') return { ...nothing, ...(await forecastsPart(request, services)) };
  const models = await (produces === 'versions'
    ? Promise.resolve(summariesOfVersions(request))
    : summariesOfBacktests(request, services));
  const isShort = produces === 'scores' && models.some(({ backtest }) => backtest?.length === 0);
  return { ...nothing, status: isShort ? 'incomplete' : modelsStatus(models, expected), models };
}

/** A run without prices that was to price is incomplete, whole as its forecasts are. */
async function forecastsPart(
  request: CompleteRequest,
  services: StepServices,
): Promise<Pick<Part, 'status' | 'models' | 'recommendations' | 'problems'>> {
  const { set, run, plan, parameters, optimise, models: branches = [] } = request.state;
  if (set !== undefined) {
    const models = await foundForecasts(request, services);
    const priced = await recommendationsOf(run, optimise, services);
    const { status } = set.answer;
    return { status: priced.recommendations === null ? 'incomplete' : status, models, ...priced };
  }
  const models = await summariesOfForecasts(request, services);
  const status = forecastStatus(models, branches.length);
  if (plan !== undefined)
    await completeForecasts({ run, dataset: plan.dataset, parameters, status, models }, services);
  return { status, models, recommendations: null, problems: [] };
}

function messageOf({ workflow, run, status, models, problems, warnings }: Omit<Summary, 'message'>): string {
  const lines = [
    ...problems,
    ...models.flatMap(({ model, problems }) => problems.map((problem) => `${model}: ${problem}`)),
    ...warnings,
  ];
  const head = {
    complete: `${workflow} run ${run} is complete.`,
    fallback: `${workflow} run ${run} has all that it should, but not as it should be.`,
    incomplete: `${workflow} run ${run} is INCOMPLETE.`,
  }[status];
  return [head, ...lines.map((line) => `- ${line}`)].join('\n');
}

/**
 * How long this workflow took, and, where it is a part of a chain, nothing: the chain's own duration is measured at its end, and
 * of each part how long it was from its begin to there.
 */
function durationsOf(
  { workflow, state, produces }: CompleteRequest,
  endedAt: string,
): Record<string, Duration> {
  if (state.nested) return {};
  const secondsFrom = (start: string): number => (Date.parse(endedAt) - Date.parse(start)) / 1000;
  const own = { [workflow]: { seconds: secondsFrom(state.startedAt) } };
  if (produces !== 'chain') return own;
  const parts = Object.entries(state)
    .filter(([, value]) => isPart(value))
    .flatMap(([name, value]) => {
      const begun = (value as { outcome?: { begunAt?: string } }).outcome?.begunAt;
      return begun === undefined ? [] : [[`${workflow}/${name}`, { seconds: secondsFrom(begun) }] as const];
    });
  return { ...own, ...Object.fromEntries(parts) };
}
