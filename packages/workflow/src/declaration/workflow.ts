import type { WorkflowStep } from './steps.ts';

/** Steps done for every model at the same time; one model's failure does not stop the others. */
export interface ModelWorkflow {
  readonly kind: 'models';
  /** Kebab-case; the state machine's name. */
  readonly name: string;
  readonly description: string;
  /** By name. The order is that of the dependencies; steps that do not depend on each other run at the same time. */
  readonly steps: Readonly<Record<string, WorkflowStep>>;
  /** Done once for every cutoff of the execution's `cutoffs`: steps may then say `each`. */
  readonly perCutoff?: boolean;
}

/** Workflows one after the other, on data that is checked once. The later ones run also when an earlier one failed. */
export interface ChainWorkflow {
  readonly kind: 'chain';
  readonly name: string;
  readonly description: string;
  /** Names of workflows. */
  readonly chain: readonly string[];
}

/** What is declared. */
export type Workflow = ModelWorkflow | ChainWorkflow;

/**
 * Declares a workflow of steps per model.
 * @param workflow name and steps
 * @returns the declaration
 */
export function workflow(workflow: Omit<ModelWorkflow, 'kind'>): ModelWorkflow {
  return { kind: 'models', ...workflow };
}

/**
 * Declares a workflow of workflows.
 * @param chain name and the workflows, in order
 * @returns the declaration
 */
export function chain(chain: Omit<ChainWorkflow, 'kind'>): ChainWorkflow {
  return { kind: 'chain', ...chain };
}
