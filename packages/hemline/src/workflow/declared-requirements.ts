import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@hemline/core';
import { parseRequirements, type Requirements } from '@hemline/workflow';

/** Name of the file in a model's package: what a version of it must reach, in sight of whoever reads the package. */
const FILE = 'requirements.json';

/**
 * @param directory of a model's package
 * @param model its name, for messages
 * @param metrics that its versions are scored by, where they are known
 * @returns what its package asks of its versions; nothing where it has no such file, so that the defaults hold
 * @throws ConfigurationError when the file is no JSON, not valid, or names a metric that there is not
 */
export function declaredRequirements(
  directory: string,
  model: string,
  metrics?: readonly string[],
): Requirements {
  const file = join(directory, FILE);
  if (!existsSync(file)) return {};
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(`the requirements of ${model} are no JSON`, {
      found: (cause as Error).message,
      where: { file },
      remedy: 'Correct the file, or delete it: the defaults of the quantity hold then.',
      cause,
    });
  }
  return parseRequirements(value, model, metrics);
}
