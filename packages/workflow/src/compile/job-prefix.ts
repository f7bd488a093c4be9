import { createHash } from 'node:crypto';
import { LONGEST_PREFIX } from '../constructs/job-name.ts';

const LETTERS = {
  check: 'c',
  features: 'x',
  train: 't',
  evaluate: 'e',
  forecast: 'f',
  optimise: 'o',
} as const;

/**
 * The prefix of a job's name: kind, model and, where that is too long, its beginning and a digest. Two steps of one model have
 * different ones.
 * @param workflow name
 * @param kind of the job
 * @param model name; none for the check of the data and what prices
 * @param step name
 * @returns at most 26 characters
 */
export function jobPrefix(
  workflow: string,
  kind: keyof typeof LETTERS,
  model: string | null,
  step: string,
): string {
  const digest = createHash('sha256').update(`${workflow}/${model}/${step}`).digest('hex').slice(0, 4);
  const name = `${LETTERS[kind]}-${model ?? (kind === 'optimise' ? 'pricing' : 'data')}`
    .slice(0, LONGEST_PREFIX - 5)
    .replace(/-+$/, '');
  return `${name}-${digest}`;
}
