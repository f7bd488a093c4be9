import { createHash } from 'node:crypto';

/** Longest key of a metric, parameter or tag that MLflow takes. */
const LONGEST_KEY = 250;

/**
 * A name as MLflow takes it as a key: letters, digits, `_`, `-`, `.`, space and `/`, which may not make a path that could be written
 * shorter; 250 characters at most. What is cut keeps a digest of the whole, so that no two names become one.
 * @param name any
 * @returns the key
 */
export function mlflowKey(name: string): string {
  const plain = name
    .replaceAll(': ', '/')
    .replace(/[^\p{L}\p{N}_\-. /]/gu, '_')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => (/^\.+$/.test(part) ? '_' : part))
    .join('/');
  if (plain !== '' && plain.length <= LONGEST_KEY) return plain;
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return plain === '' ? digest : `${plain.slice(0, LONGEST_KEY - digest.length - 1)}-${digest}`;
}

/**
 * A text cut to what MLflow takes.
 * @param text any
 * @param longest characters
 * @returns the text, or its beginning with an ellipsis
 */
export function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
