import type { Telemetry } from '../telemetry/telemetry.ts';

/** What a job takes from its process; given apart so that it can be run in a test. */
export interface JobProcess {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  /** Module that threads are started on, the one that started the job; without it there are none. */
  readonly entry?: string;
}
