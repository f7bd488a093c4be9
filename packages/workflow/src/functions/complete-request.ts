import type { Produces } from '../compile/compile-models.ts';
import type { Alerts } from '../declaration/declaration.ts';
import type { BranchOutcome, DatasetPlan, Failure, Registered, RunState } from './state.ts';

/** The end of an execution's work. */
export interface CompleteRequest {
  readonly workflow: string;
  readonly produces: Produces;
  readonly state: RunState & {
    readonly plan?: { readonly dataset: DatasetPlan };
    readonly models?: readonly BranchOutcome[];
    readonly registered?: readonly Registered[];
    /** What broke outside of the models' branches. */
    readonly failure?: Failure;
  } & Readonly<Record<string, unknown>>;
  readonly alerts: Alerts;
}
