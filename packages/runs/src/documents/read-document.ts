import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { DataError, UnsupportedError, issueText, listing, systemError } from '@hemline/core';

/**
 * Reads a JSON document.
 * @param path of the file
 * @param schema it must have; its version is `schema`
 * @param schemaVersion newest that is understood
 * @returns the document; null when there is no file
 * @throws DataError when it is damaged
 * @throws UnsupportedError when a newer hemline made it
 * @throws ConfigurationError when it may not be read
 */
export async function readDocument<S extends z.ZodType>(
  path: string,
  schema: S,
  schemaVersion: number,
): Promise<z.output<S> | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw systemError(cause as NodeJS.ErrnoException, path, 'read');
  }
  return parseDocument(text, path, schema, schemaVersion);
}

/**
 * Reads a JSON document from its text.
 * @param text of the document
 * @param file it came from, for messages
 * @param schema it must have
 * @param schemaVersion newest that is understood
 * @returns the document
 * @throws DataError when it is damaged
 * @throws UnsupportedError when a newer hemline made it
 */
export function parseDocument<S extends z.ZodType>(
  text: string,
  file: string,
  schema: S,
  schemaVersion: number,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, (cause as Error).message, cause);
  }
  const made = (value as { schema?: unknown } | null)?.schema;
  if (typeof made === 'number' && made > schemaVersion)
    throw new UnsupportedError('a document was written by a newer hemline', {
      expected: `schema ${schemaVersion} or older`,
      found: `schema ${made}`,
      where: { file },
      remedy: 'Use that version of hemline to read it.',
    });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join('.') || 'document'}: ${issueText(message)}`,
  );
  throw damaged(file, listing(problems), parsed.error);
}

function damaged(file: string, found: string, cause: unknown): DataError {
  return new DataError('a document is damaged', {
    found,
    where: { file },
    remedy: 'Restore it from a copy: nothing of hemline writes one in part.',
    cause,
  });
}
