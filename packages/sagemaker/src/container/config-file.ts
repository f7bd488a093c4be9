import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ConfigurationError, issueText } from '@hemline/core';

/**
 * Collects what is wrong with a job's configuration, so that all of it is told at once.
 */
export class ConfigurationProblems {
  readonly #problems: string[] = [];

  /**
   * @param problem one of them, without full stop
   */
  add(problem: string): void {
    this.#problems.push(problem);
  }

  /**
   * @throws ConfigurationError that names every problem, when there is one
   */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    throw new ConfigurationError("the job's configuration is not valid", {
      found: this.#problems.join('; '),
      remedy: 'Correct the request that starts the job.',
    });
  }
}

/**
 * Reads a JSON file of the contract.
 * @param path of the file
 * @param schema it must have
 * @param problems where to report
 * @returns its content; null when it is absent or not valid (then reported)
 */
export async function readConfigFile<T>(
  path: string,
  schema: z.ZodType<T>,
  problems: ConfigurationProblems,
): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') problems.add(`${path}: ${error.message}`);
    return null;
  });
  if (text === null) return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      problems.add(`${path}: ${issue.path.join('.') || 'content'}: ${issueText(issue.message)}`);
  } catch (error) {
    problems.add(`${path}: no JSON (${(error as Error).message})`);
  }
  return null;
}
