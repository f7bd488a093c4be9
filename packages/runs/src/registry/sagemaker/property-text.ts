import { ConfigurationError } from '@hemline/core';

/** Characters that SageMaker takes in names and values of a model package's metadata; `=` begins an escape here. */
const KEPT = /[\p{L}\p{Z}\p{N}_.:/+\-@]/u;

/** Longest name of a metadata property. */
export const LONGEST_KEY = 128;
/** Longest value of a metadata property. */
export const LONGEST_VALUE = 256;
/** Most metadata properties of a model package. */
export const MOST_PROPERTIES = 50;

/**
 * Writes any text with the characters that SageMaker takes, readable where it can be: others as `=` and their UTF-8 bytes in
 * hexadecimal, as in quoted-printable.
 * @param text any
 * @param longest where the text is cut, with an ellipsis; by default it is not
 * @returns the text to store; {@link decodeText} is the inverse
 */
export function encodeText(text: string, longest = Infinity): string {
  const parts = Array.from(text, (character) => (KEPT.test(character) ? character : escaped(character)));
  if (parts.reduce((sum, part) => sum + part.length, 0) <= longest) return parts.join('');
  const ellipsis = escaped('…');
  let cut = '';
  // Between two characters: half of an escape would be another text.
  for (const part of parts) {
    if (cut.length + part.length + ellipsis.length > longest) break;
    cut += part;
  }
  return `${cut}${ellipsis}`;
}

/**
 * @param encoded as {@link encodeText} wrote it
 * @returns the text
 */
export function decodeText(encoded: string): string {
  return encoded.replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
    Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'),
  );
}

/**
 * Writes a property's value.
 * @param name of it, for the message
 * @param text any
 * @returns the value
 * @throws ConfigurationError when SageMaker does not take it
 */
export function propertyValue(name: string, text: string): string {
  const value = encodeText(text);
  if (name.length <= LONGEST_KEY && value.length <= LONGEST_VALUE && value !== '') return value;
  throw new ConfigurationError('SageMaker cannot keep this with a model version', {
    expected: `a name of at most ${LONGEST_KEY} and a value of 1 to ${LONGEST_VALUE} characters`,
    found: `${name} = ${JSON.stringify(text)}`,
  });
}

function escaped(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
