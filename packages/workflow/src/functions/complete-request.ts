import type { Produces } from '../compile/compile-models.ts';
import type { Alerts } from '../declaration/declaration.ts';
import type { OptimiseOutcome } from './recommendation-facts.ts';
import type {
  BranchOutcome,
  CompletedForecasts,
  DatasetPlan,
  Failure,
  Registered,
  RunState,
} from './state.ts';

/** The end of an execution's work. */
export interface CompleteRequest {
  readonly workflow: string;
  readonly produces: Produces;
  readonly state: RunState & {
    readonly plan?: { readonly dataset: DatasetPlan };
    readonly models?: readonly BranchOutcome[];
    readonly registered?: readonly Registered[];
    /** The set of forecasts, where a workflow prices it. */
    readonly set?: { readonly answer: CompletedForecasts };
    readonly optimise?: OptimiseOutcome;
    /** What broke outside of the models' branches. */
    readonly failure?: Failure;
  } & Readonly<Record<string, unknown>>;
  readonly alerts: Alerts;
}
