import type { QuantityName } from '@hemline/core';
import { locationOf } from '../declaration/locations.ts';
import type { RegisterStep } from '../declaration/steps.ts';
import type { ModelVersion } from '@hemline/runs';
import { checkRequirements, monotoneOf } from '../requirements/check-requirements.ts';
import type { Requirements } from '../requirements/requirements.ts';
import { failureReason } from './failure-reason.ts';
import { mainMetric } from './main-metric.ts';
import type { BranchOutcome, DatasetPlan, Registered, Scores } from './state.ts';
import type { StepServices } from './step-services.ts';

/** A model that has been trained and scored, or has failed to be. */
export interface RegisterRequest {
  readonly step: RegisterStep;
  readonly model: string;
  readonly quantity: QuantityName;
  readonly requirements: Requirements;
  readonly run: string;
  readonly dataset: DatasetPlan;
  readonly own: BranchOutcome;
  /** Outcomes of all models: one may have to be better than another. */
  readonly all: readonly BranchOutcome[];
}

/**
 * Checks a trained model against its requirements and registers it: approved, or pending with the reasons. A training that
 * failed registers nothing and says why.
 * @param request of the state machine
 * @param services of the place
 * @returns version, status, reasons, scores
 */
export async function register(request: RegisterRequest, services: StepServices): Promise<Registered> {
  const { step, model, quantity, requirements, run, dataset, own } = request;
  const nothing = { model, quantity, version: null, status: null };
  if (own.failure !== undefined) {
    const reason = `${own.failed?.step ?? 'a step'} failed: ${failureReason(own.failure)}`;
    return { ...nothing, reasons: [reason], scores: null };
  }
  const scores = await readScores(request, own, services);
  if (scores === null) return { ...nothing, reasons: [`${step.scores} left no scores`], scores: null };
  const baseline = await baselineScores(request, services);
  const approved = own.plan.approved;
  const { passed, reasons } = checkRequirements(requirements, {
    candidate: numbers(scores),
    ...(baseline === null ? {} : { baseline: numbers(baseline) }),
    ...(approved === null ? {} : { approved: approved.metrics }),
    monotone: monotoneOf(scores.metrics),
  });
  const { artifact } = stepResult(own, step.model) as { artifact: string };
  const version = await services.registry.register({
    model,
    artifact,
    dataset: dataset.name,
    cutoff: own.plan.latest,
    run,
    metrics: numbers(scores),
    lineage: {
      data: dataset.fingerprint,
      scoredAsOf: scores.cutoff,
      scoredWeeks: String(scores.horizon),
      job: String((stepResult(own, step.model) as { job?: string }).job ?? ''),
    },
    status: passed ? 'approved' : 'pending',
    reason: passed ? 'meets its requirements' : reasons.join('; '),
    by: 'workflow',
    // The same run may come here again after a crash.
    token: `${run}/${model}`,
  });
  tell(request, version, scores, services);
  return {
    model,
    quantity,
    version: version.version,
    status: version.status,
    reasons,
    artifact: version.artifact,
    scores,
  };
}

/**
 * The result of a step, also of one that ran beside another.
 * @param outcome of a branch
 * @param step name
 * @returns what the step's task gave
 */
export function stepResult(outcome: BranchOutcome, step: string): unknown {
  if (outcome[step] !== undefined) return outcome[step];
  const levels = Object.entries(outcome).filter(([name]) => /^level\d+$/.test(name));
  return levels
    .map(([, level]) => (level as Record<string, unknown>)[step])
    .find((found) => found !== undefined);
}

async function readScores(
  { run, step }: RegisterRequest,
  outcome: BranchOutcome,
  { files, artifacts }: StepServices,
): Promise<Scores | null> {
  if (stepResult(outcome, step.scores) === undefined) return null;
  const folder = locationOf('step', { run, model: outcome.model, step: step.scores });
  const text = await files.read(`${artifacts}${folder}metrics.json`);
  return text === null ? null : (JSON.parse(text) as Scores);
}

async function baselineScores(request: RegisterRequest, services: StepServices): Promise<Scores | null> {
  const { betterThan } = request.requirements;
  const outcome = request.all.find(({ model }) => model === betterThan?.model);
  return outcome === undefined ? null : readScores(request, outcome, services);
}

/** JSON has no NaN: it was written as null, and must not pass for a good score. */
function numbers({ metrics }: Scores): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, value ?? NaN]));
}

function tell(
  { model, quantity, own }: RegisterRequest,
  version: ModelVersion,
  scores: Scores,
  services: StepServices,
): void {
  const metric = mainMetric(quantity);
  const value = scores.metrics[metric];
  if (typeof value !== 'number') return;
  services.metric('ModelError', value, { model });
  const before = own.plan.approved?.metrics[metric];
  if (before !== undefined && before > 0) services.metric('ErrorDrift', value / before - 1, { model });
  if (version.status !== 'approved') services.metric('FailedModels', 1, { model });
}
