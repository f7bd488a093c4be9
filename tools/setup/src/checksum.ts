import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ChecksumError } from './setup-error.ts';

/**
 * @param path of a file
 * @returns its SHA-256 in hexadecimal, read as a stream
 */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/**
 * @param path what was read, for the message
 * @param found its SHA-256
 * @param expected the pinned one; nothing is checked where none is pinned
 * @throws ChecksumError when they differ
 */
export function checkSha256(path: string, found: string, expected: string | undefined): void {
  if (expected === undefined || found === expected) return;
  throw new ChecksumError(
    `${path} is not the pinned file: expected sha256 ${expected}, found ${found}. ` +
      'Delete it and run setup again; if it stays so, the source serves another file than the one that was pinned.',
  );
}
