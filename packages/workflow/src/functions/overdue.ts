import type { StepServices } from './step-services.ts';

/** What is running, for whoever is to be told of what takes too long. */
export interface OverdueRequest {
  /** By workflow, when each of its executions that are running has begun: ISO. */
  readonly running: Readonly<Record<string, readonly string[]>>;
  /** Hours after its begin by which a run has to be done. */
  readonly deadlineHours: number;
}

/**
 * Counts the runs that are past their deadline and not at their end: one that hangs cannot tell it by itself. Where there is none it
 * says so: that nobody counts must not look like that there is none.
 * @param request of the watch
 * @param services of the place
 * @returns overdue runs by workflow
 */
export function overdue(
  { running, deadlineHours }: OverdueRequest,
  { metric, now }: Pick<StepServices, 'metric' | 'now'>,
): Record<string, number> {
  const latest = now().getTime() - deadlineHours * 3_600_000;
  return Object.fromEntries(
    Object.entries(running).map(([workflow, starts]) => {
      const count = starts.filter((start) => Date.parse(start) < latest).length;
      metric('OverdueRuns', count, { workflow });
      return [workflow, count];
    }),
  );
}
