import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Bytes of a failure reason or exit message that the platform shows. */
const LIMIT_BYTES = 1024;

/**
 * Leaves the reason of a failure where the platform looks for it. An earlier reason wins: it is nearer to the cause.
 * @param path `output/failure` or `output/message`
 * @param reason most useful sentence first
 * @param end what must not be cut off, such as the exit code; nothing by default
 */
export async function leaveReason(path: string, reason: string, end = ''): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const text = `${cutToBytes(reason, LIMIT_BYTES - new TextEncoder().encode(end).length)}${end}`;
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Cuts text to a number of UTF-8 bytes without splitting a character.
 * @param text any text
 * @param limit in bytes
 * @returns the text, or its beginning with an ellipsis
 */
export function cutToBytes(text: string, limit: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= limit) return text;
  const ellipsis = '…';
  // A cut inside a character decodes to U+FFFD at the end, which goes.
  const cut = new TextDecoder()
    .decode(bytes.subarray(0, limit - new TextEncoder().encode(ellipsis).length))
    .replace(/\uFFFD+$/, '');
  return `${cut}${ellipsis}`;
}
