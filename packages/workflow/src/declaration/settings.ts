import type { Requirements } from '../requirements/requirements.ts';
import type { Compute, JobKind } from './compute.ts';

/** How one model is run. Every part has a default: a name alone is a whole entry. */
export interface ModelSettings {
  readonly name: string;
  /** Of its trainings, as text; `cutoff` and `seed` are the workflow's. */
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Machines by kind of job, in place of {@link DEFAULT_COMPUTE}. */
  readonly compute?: Readonly<Partial<Record<JobKind, Partial<Compute>>>>;
  /** What a new version has to reach to be approved by itself. The command gives every model those of its quantity at least; none: every version that was scored is. */
  readonly requirements?: Requirements;
  /** How often jobs of the model are started again that failed for a reason that may pass; 1 by default. */
  readonly retries?: number;
}

/** A model in a declaration: its name, or its name and what is special about it. */
export type ModelEntry = string | ModelSettings;

/**
 * The long form of an entry.
 * @param entry of a declaration
 * @returns settings
 */
export function settingsOf(entry: ModelEntry): ModelSettings {
  return typeof entry === 'string' ? { name: entry } : entry;
}
