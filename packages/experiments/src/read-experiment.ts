import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigurationError, issueText } from '@hemline/core';
import { experimentSchema, type Declaration } from './declaration.ts';

const MODULES = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Reads an experiment file: JSON, or a module whose default export is the experiment.
 * @param file path
 * @returns the experiment with its defaults
 * @throws ConfigurationError that names everything that is wrong with it
 */
export async function readExperiment(file: string): Promise<Declaration> {
  if (!existsSync(file))
    throw new ConfigurationError('there is no experiment file', {
      expected: 'a .json file, or a .ts or .js module',
      found: file,
      remedy: 'Say where it is: hemline experiment FILE --data DIR.',
    });
  const value = MODULES.includes(extname(file)) ? await importDefault(file) : await readJson(file);
  return parseExperiment(value, file);
}

/**
 * Checks an experiment, and gives it its defaults.
 * @param value as it is declared
 * @param file where it is declared, for messages
 * @returns the experiment with its defaults
 * @throws ConfigurationError that names everything that is wrong with it
 */
export function parseExperiment(value: unknown, file: string): Declaration {
  const parsed = experimentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError('the experiment is not valid', {
    found: parsed.error.issues
      .map(({ path, message }) => `${path.map(String).join('.') || 'the file'}: ${issueText(message)}`)
      .join('; '),
    where: { file },
    remedy: 'packages/experiments/README.md says what an experiment may hold.',
  });
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError('the experiment file cannot be read', {
      expected: 'JSON',
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
}

async function importDefault(file: string): Promise<unknown> {
  let module: { default?: unknown };
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as { default?: unknown };
  } catch (cause) {
    throw new ConfigurationError('the experiment module cannot be loaded', {
      expected: 'a module whose default export is defineExperiment({ … })',
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
  if (module.default !== undefined) return module.default;
  throw new ConfigurationError('the experiment module exports no experiment', {
    expected: 'export default defineExperiment({ … })',
    found: Object.keys(module).join(', ') || 'no export',
    where: { file },
  });
}
