import { computeOf } from '../compile/job-tasks.ts';
import { optimiseCompute, optimiseStep } from '../compile/optimise-task.ts';
import { levelsOf } from '../compile/levels.ts';
import { CUTOFFS_AT_ONCE } from '../compile/model-branch.ts';
import type { Compute, JobKind } from '../declaration/compute.ts';
import type { ModelFacts } from '../declaration/model-facts.ts';
import { settingsOf, type ModelSettings } from '../declaration/settings.ts';
import { modelJobs } from '../declaration/steps.ts';
import type { ModelWorkflow } from '../declaration/workflow.ts';
import { modelsAtOnceOf, type Deployment } from './deployment.ts';

/** A quota of SageMaker that a deployment needs. */
export interface Quota {
  /** As the console of Service Quotas names it. */
  readonly name: string;
  /** Machines at the same time, of one run. */
  readonly machines: number;
  /** The workflow that needs most. */
  readonly workflow: string;
}

/** Machines by name of their quota. */
type Demand = ReadonlyMap<string, number>;

/**
 * The quotas that an account has to have for one run of any workflow of a deployment: as many models at once as it allows, those that
 * need most, each at the step that needs most. Workflows that run at the same time need the sum of theirs.
 * @param deployment models, their machines, how many at once
 * @returns quotas by name; a new account has none or few of most machines
 */
export function quotasOf(deployment: Pick<Deployment, 'stage' | 'declaration' | 'modelsAtOnce'>): Quota[] {
  const { workflows, models, catalog } = deployment.declaration;
  const atOnce = modelsAtOnceOf(deployment);
  const most = new Map<string, Quota>();
  const ask = (name: string, machines: number, workflow: string): void => {
    if (machines > (most.get(name)?.machines ?? 0)) most.set(name, { name, machines, workflow });
  };
  for (const workflow of workflows) {
    // Whether it is of models or of workflows, it checks the data first, and nothing else then.
    for (const [name, machines] of demandOf('check', null)) ask(name, machines, workflow.name);
    if (workflow.kind !== 'models') continue;
    // It prices when all models have forecast.
    if (optimiseStep(deployment.declaration, workflow) !== null)
      for (const [name, machines] of machinesOf('optimise', optimiseCompute(deployment.declaration)))
        ask(name, machines, workflow.name);
    const demands = models.map(settingsOf).map((settings) =>
      modelDemand(
        workflow,
        settings,
        catalog.find(({ name }) => name === settings.name)!,
      ),
    );
    for (const name of new Set(demands.flatMap((demand) => [...demand.keys()]))) {
      const largest = demands.map((demand) => demand.get(name) ?? 0).sort((a, b) => b - a);
      ask(
        name,
        largest.slice(0, atOnce).reduce((sum, each) => sum + each, 0),
        workflow.name,
      );
    }
  }
  return [...most.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a model needs at most at a time: steps of one level run at once, levels one after the other. */
function modelDemand(
  { steps, perCutoff }: ModelWorkflow,
  settings: ModelSettings,
  model: ModelFacts,
): Demand {
  const most = new Map<string, number>();
  for (const level of levelsOf(modelJobs(steps, model.features))) {
    const now = new Map<string, number>();
    for (const [, step] of level)
      for (const [name, machines] of demandOf(step.kind, settings))
        now.set(name, (now.get(name) ?? 0) + machines * (perCutoff === true ? CUTOFFS_AT_ONCE : 1));
    for (const [name, machines] of now) most.set(name, Math.max(most.get(name) ?? 0, machines));
  }
  return most;
}

function demandOf(kind: JobKind, settings: ModelSettings | null): Demand {
  return machinesOf(kind, computeOf(settings, kind));
}

function machinesOf(kind: JobKind, { instanceType, instances, spot }: Compute): Demand {
  const usage = kind !== 'train' ? 'processing job' : spot ? 'spot training job' : 'training job';
  // A training runs on one machine whatever is declared.
  return new Map([[`${instanceType} for ${usage} usage`, kind === 'train' ? 1 : instances]]);
}
