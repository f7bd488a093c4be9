import { StoreError } from '@hemline/core';

/**
 * @param problem in words
 * @param path of the log
 * @param cause what the file system said
 * @returns the error
 */
export function logFailure(problem: string, path: string, cause: Error): StoreError {
  return new StoreError(problem, {
    found: cause.message,
    where: { file: path },
    remedy: 'Check the free space and the permissions.',
    cause,
  });
}
