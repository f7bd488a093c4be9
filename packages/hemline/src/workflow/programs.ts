import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelFacts } from '@hemline/workflow';
import type { LocalProgram } from '@hemline/sagemaker/run';
import { modelPackages } from '../workspace.ts';
import { NODE } from './node-program.ts';

/** What stands for the image `data`. */
const CHECK = fileURLToPath(import.meta.resolve('@hemline/runtime/check'));
/** What stands for the image `pricing`. */
const OPTIMISE = fileURLToPath(import.meta.resolve('@hemline/pricing/optimise'));

/**
 * What stands for an image on this machine: the entrypoints of the model of that name.
 * @param image URI
 * @param entrypoint of the image
 * @returns the program; null for an image that is no model's
 */
export function programOf(image: string, entrypoint: string): LocalProgram | null {
  const name = imageName(image);
  if (name === 'data' && entrypoint === 'check') return { program: NODE, arguments: [CHECK] };
  if (name === 'pricing' && entrypoint === 'optimise') return { program: NODE, arguments: [OPTIMISE] };
  const found = modelPackages().find((each) => each.name === name);
  if (found === undefined || (entrypoint !== 'train' && entrypoint !== 'process')) return null;
  return { program: NODE, arguments: [join(found.directory, 'src', `${entrypoint}.ts`)] };
}

/**
 * Variables of the jobs of this machine: those that run at the same time share the cores.
 * @param catalog the models
 * @param jobs at once
 * @param codeVersion for the cards of what they make
 * @returns the variables of an image's jobs
 */
export function jobEnvironment(
  catalog: readonly ModelFacts[],
  jobs: number,
  codeVersion: string,
): (image: string) => Record<string, string> {
  const threads = String(Math.max(1, Math.floor(availableParallelism() / jobs)));
  return (image) => {
    const hasEngine = (catalog.find(({ name }) => name === imageName(image))?.engines.length ?? 0) > 0;
    const isGiven = process.env['HEMLINE_THREADS'] !== undefined;
    return {
      HEMLINE_CODE_VERSION: process.env['HEMLINE_CODE_VERSION'] ?? codeVersion,
      ...(hasEngine || isGiven ? {} : { HEMLINE_THREADS: threads }),
    };
  };
}

function imageName(image: string): string {
  return /\/hemline\/([^/:@]+)[:@]/.exec(image)?.[1] ?? image;
}
