import type { Comparison, Contestant, Measured, Sample, Verdict } from './contestant.ts';
import { runChild } from './run-child.ts';

/** A comparison that was measured. */
export interface Result {
  readonly title: string;
  readonly reference: string;
  readonly measured: readonly Measured[];
  readonly skipped: Comparison['skipped'];
  readonly verdicts: readonly Verdict[];
}

/**
 * Measures contestants in turn, round after round, so that what else the machine does falls on all of them.
 * @param comparison what to measure
 * @param rounds how often
 * @param onRun told before each run
 * @param run runs one contestant
 * @returns medians, and whether the requirements hold
 * @throws Error when contestants come to different results
 */
export async function measure(
  comparison: Comparison,
  rounds: number,
  onRun: (contestant: Contestant, round: number) => void,
  run: (contestant: Contestant) => Promise<Sample> = runContestant,
): Promise<Result> {
  const samples = new Map<string, Sample[]>(comparison.contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of comparison.contestants) {
      onRun(contestant, round);
      samples.get(contestant.name)!.push(await run(contestant));
    }
  }
  const checks = new Set([...samples.values()].flat().map(({ check }) => check));
  if (checks.size > 1) {
    const found = [...samples].map(([name, [first]]) => `${name}: ${first!.check}`).join(', ');
    throw new Error(`${comparison.title}: the contestants come to different results (${found})`);
  }
  const measured = [...samples].map(([name, own]) => summary(name, own));
  const find = (name: string): Measured | null => measured.find((each) => each.name === name) ?? null;
  const { title, reference, skipped } = comparison;
  return { title, reference, measured, skipped, verdicts: comparison.verdicts(find) };
}

/**
 * @param values at least one
 * @returns the middle one; of an even count, the mean of the two in the middle
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function summary(name: string, samples: readonly Sample[]): Measured {
  const seconds = samples.map((sample) => sample.seconds);
  const last = samples.at(-1)!;
  return {
    name,
    seconds: { median: median(seconds), least: Math.min(...seconds), most: Math.max(...seconds) },
    peakBytes: Math.max(...samples.map((sample) => sample.peakBytes)),
    bytes: last.bytes ?? null,
    stages: last.stages ?? null,
    samples,
  };
}

async function runContestant({ name, program }: Contestant): Promise<Sample> {
  const output = await runChild(program);
  const last = output.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as Sample;
  } catch (cause) {
    throw new Error(`${name} did not end with its measurement: ${last.slice(0, 200)}`, { cause });
  }
}
