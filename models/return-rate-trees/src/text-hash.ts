/**
 * A number in [0, 1) that depends on a text alone (FNV-1a, finished as in MurmurHash3): which articles are taken does not
 * depend on what else there is.
 * @param text any
 * @param salt different numbers for different purposes
 * @returns the number
 */
export function textHash(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
