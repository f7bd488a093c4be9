import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { HemlineError } from '@hemline/core';

const exceptions = z.strictObject({
  /** Advisories that are lived with, for the time being. */
  advisories: z.array(
    z.strictObject({
      advisory: z.url(),
      package: z.string(),
      reason: z.string().min(20),
      /** Day from which it is looked at again. */
      until: z.iso.date(),
    }),
  ),
  /** SPDX expressions that everything may have, and those of what only those have who work on hemline. */
  licences: z.array(z.string()),
  developmentLicences: z.array(z.string()),
  /** Packages with another licence, or with none in their package.json. */
  licensedOtherwise: z.array(
    z.strictObject({ package: z.string(), licence: z.string().nullable(), reason: z.string().min(20) }),
  ),
});

/** What is lived with, and why. */
export type Exceptions = z.infer<typeof exceptions>;

/**
 * @param path of the file
 * @returns what it excepts
 * @throws HemlineError where it is not what is expected
 */
export function readExceptions(path: string): Exceptions {
  const parsed = exceptions.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new HemlineError('the exceptions cannot be understood', {
    found: z.prettifyError(parsed.error),
    where: { file: path },
    remedy:
      'Each has a package, a reason of 20 characters or more, and where it is an advisory a day it ends on.',
  });
}
