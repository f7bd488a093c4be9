import type { StepServices } from './step-services.ts';

/** How long a workflow took the last time; of a part of a chain (`weekly/inference`), from its begin to the chain's end. */
export interface Duration {
  readonly seconds: number;
}

/**
 * @param services of the place
 * @returns the last durations by workflow
 */
export async function readDurations({
  files,
  artifacts,
}: StepServices): Promise<Readonly<Record<string, Duration>>> {
  const text = await files.read(`${artifacts}state/durations.json`);
  return text === null ? {} : (JSON.parse(text) as Record<string, Duration>);
}

/**
 * Keeps durations for the next run's estimate. Of two runs that end at once one is kept: either is a fair estimate.
 * @param services of the place
 * @param durations by workflow
 */
export async function writeDurations(
  services: StepServices,
  durations: Readonly<Record<string, Duration>>,
): Promise<void> {
  const all = { ...(await readDurations(services)), ...durations };
  await services.files.write(`${services.artifacts}state/durations.json`, `${JSON.stringify(all)}\n`);
}
