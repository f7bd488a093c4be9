/**
 * A word that goes with whatever changes something, so that a request sent twice is done once. `randomUUID` would only be there where a
 * page is served over TLS or from the loopback.
 * @returns 32 hexadecimal digits
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
