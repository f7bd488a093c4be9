/**
 * A number that looks drawn and is the same everywhere: whatever a search varies, it varies alike on any thread and host (splitmix32
 * over the keys).
 * @param keys whole numbers
 * @returns a number in [0, 1)
 */
export function hashed(...keys: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const key of keys) {
    let z = (Math.imul(state, 0x85ebca6b) + Math.imul(key + 1, 0x9e3779b9)) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    state = z ^ (z >>> 15);
  }
  return (state >>> 0) / 2 ** 32;
}
