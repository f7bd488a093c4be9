import { HemlineError } from '@hemline/core';
import type { z } from 'zod';
import type { Problem } from '../api/index.ts';
import { RefusedError, type RefusalCode } from '../decisions/refused-error.ts';

/** Status of an answer that refuses. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;

const STATUS: Readonly<Record<RefusalCode, RefusalStatus>> = {
  ...{ 'bad-request': 400, unauthorized: 401, forbidden: 403, 'not-found': 404, conflict: 409 },
  ...{ 'too-large': 413, unsupported: 415, 'too-many': 429, failed: 500, 'not-ready': 503 },
} as const;

/**
 * @param error that was thrown while a request was answered
 * @returns what whoever asks is told; of what nobody has foreseen nothing but that
 */
export function problemOf(error: unknown): { readonly status: RefusalStatus; readonly problem: Problem } {
  if (error instanceof RefusedError)
    return {
      status: STATUS[error.code],
      problem: { error: { code: error.code, message: error.message, ...error.facts } },
    };
  if (error instanceof HemlineError && error.blame === 'input') {
    const { problem: message, expected, found, remedy } = error;
    return {
      status: 400,
      problem: {
        error: {
          ...{ code: 'bad-request', message },
          ...(expected === undefined ? {} : { expected }),
          ...(found === undefined ? {} : { found }),
          ...(remedy === undefined ? {} : { remedy }),
        },
      },
    };
  }
  return { status: 500, problem: { error: { code: 'failed', message: 'the server has failed to answer' } } };
}

/**
 * @param schema of what is asked
 * @param value that was sent
 * @returns it, checked
 * @throws RefusedError that says what is wrong, and where
 */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RefusedError('bad-request', 'the request cannot be understood', {
    found: parsed.error.issues
      .slice(0, 5)
      .map((each) => each.message)
      .join('; '),
    where: issue === undefined ? '' : issue.path.map(String).join('.'),
  });
}

/**
 * @param text of a query
 * @returns the JSON in it
 * @throws RefusedError where it is none
 */
export function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    throw new RefusedError('bad-request', 'the request cannot be understood', { expected: 'JSON' });
  }
}
