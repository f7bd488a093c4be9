import { createHash } from 'node:crypto';
import type { ParityOutcome } from './parity-run.ts';

/** What Python printed of a case. */
export interface ParityAnswer {
  readonly seed: number;
  /** By the names of {@link ParityOutcome}; numbers that JSON does not have are texts. Or why there is none. */
  readonly outcome:
    | Readonly<Record<string, string | readonly (number | string)[]>>
    | { readonly refused: string }
    | { readonly ended: string };
}

/** How Python writes what JSON does not have. */
const ODD: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

/**
 * @param line that Python printed
 * @returns what the case came to there
 */
export function readParityAnswer(line: string): { readonly seed: number; readonly outcome: ParityOutcome } {
  const { seed, outcome } = JSON.parse(line) as ParityAnswer;
  const numbers = (values: readonly (number | string)[]): number[] =>
    values.map((value) => (typeof value === 'number' ? value : ODD[value]!));
  return {
    seed,
    outcome: Object.fromEntries(
      Object.entries(outcome).map(([name, value]: [string, string | readonly (number | string)[]]) => [
        name,
        typeof value === 'string' ? value : numbers(value),
      ]),
    ),
  };
}

/**
 * @param outcome of a case
 * @returns a short text for each of its parts, which is the same where all its bits are; no number has a negative zero
 */
export function parityDigests(outcome: ParityOutcome): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outcome).map(([name, value]) => [
      name,
      createHash('sha256')
        .update(typeof value === 'string' ? value : Float64Array.from(value, (one) => one + 0))
        .digest('hex')
        .slice(0, 16),
    ]),
  );
}

/**
 * @param ours what a case came to here
 * @param theirs what it came to in Python
 * @returns the parts that differ, with the first difference
 */
export function parityDifferences(ours: ParityOutcome, theirs: ParityOutcome): string[] {
  const [a, b] = [parityDigests(ours), parityDigests(theirs)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => a[name] !== b[name])
    .map((name) => `${name}: ${firstDifference(ours[name], theirs[name])}`);
}

type Part = ParityOutcome[string] | undefined;

function firstDifference(ours: Part, theirs: Part): string {
  if (ours === undefined || theirs === undefined) return `${brief(ours)} here, ${brief(theirs)} in Python`;
  const [a, b] = [ours, theirs].map((part) => (typeof part === 'string' ? part.split('\n') : [...part]));
  const at = a!.findIndex((one, index) => !Object.is(one, b![index]));
  const where = at === -1 ? Math.min(a!.length, b!.length) : at;
  return `${brief(a![where])} here, ${brief(b![where])} in Python, at ${where} of ${a!.length} and ${b!.length}`;
}

function brief(value: unknown): string {
  return value === undefined ? 'nothing' : String(value).slice(0, 160);
}
